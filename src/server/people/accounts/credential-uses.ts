/** "Last used" of tokens and keys: remembered in memory, written at most every few seconds, so that intake pays nothing for it. */
import type { Platform } from '../../platform/context.ts'
import { storeCredentialUses } from './credential-store.ts'

const WRITE_EVERY_MS = 5_000
type Uses = {
  readonly seen: (credentialId: string, address: string) => void
  readonly flush: () => Promise<void>
}
const opened = new WeakMap<Platform, Uses>()

export const credentialUses = (platform: Platform): Uses => {
  const known = opened.get(platform)
  if (known) return known
  const due = new Map<string, { at: number; address: string }>()
  let timer: NodeJS.Timeout | undefined
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const rows = [...due]
    due.clear()
    if (rows.length === 0) return
    await storeCredentialUses(
      platform.database.db,
      rows.map(([id, use]) => ({ id, ...use })),
    )
  }
  const uses: Uses = {
    seen: (id, address) => {
      due.set(id, { at: platform.clock.now(), address })
      timer ??= setTimeout(() => {
        flush().catch((error: Error) => platform.log.debug({ err: error.message }, 'last use not written'))
      }, WRITE_EVERY_MS).unref()
    },
    flush,
  }
  opened.set(platform, uses)
  return uses
}
