/** After a restore an installation is held: nothing leaves the house until an administrator has looked. */
import type { Platform } from './context.ts'

const REMEMBER_MS = 1_000
const remembered = new WeakMap<Platform, { at: number; held: boolean }>()

/** True between a restore and its release. Remembered for a second; the release wakes everybody anyway. */
export const isHeld = async (platform: Platform): Promise<boolean> => {
  const now = Date.now()
  const known = remembered.get(platform)
  if (known && now - known.at < REMEMBER_MS) return known.held
  const row = await platform.database.db
    .selectFrom('installation')
    .select(['held_at', 'released_at'])
    .executeTakeFirst()
  const held = row !== undefined && row.held_at !== null && row.released_at === null
  remembered.set(platform, { at: now, held })
  return held
}

declare module './database.ts' {
  interface Tables {
    installation: {
      id: string
      one: boolean
      organisation: string
      created_at: number
      held_at: number | null
      held_reason: string | null
      released_at: number | null
    }
  }
}
