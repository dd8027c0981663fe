/** A pack that must not be handed out any more: its key is destroyed, so that its bytes mean nothing. */
import { dropBlob } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { blobNameOf } from './build-pack.ts'
import { packWithdrawn } from './events.ts'
import { endPack, lockPacksEndedBefore, lockPacksOf, type PackRow } from './store.ts'

/** Long enough to fetch it after a weekend; whoever needs it later asks again. */
export const KEPT_MS = 7 * 24 * 3_600_000

type RemoveFile = (tx: WriteTx, name: string) => void

const withdraw = async (
  tx: WriteTx,
  pack: PackRow,
  why: 'kept-long-enough' | 'words-erased',
  removeFile: RemoveFile,
): Promise<void> => {
  const eventId = tx.append(packWithdrawn, { stream: pack.id, body: { why } })
  await endPack(tx.db, pack.id, { status: 'withdrawn', outcome_event_id: eventId, ended_at: tx.now })
  if (pack.status !== 'ready') return
  await dropBlob(tx.db, blobNameOf(pack.id))
  removeFile(tx, blobNameOf(pack.id))
}

/** Of an environment, or of the organisation: words were erased that these packs hold, or might. */
export const withdrawPacksOf = async (
  tx: WriteTx,
  environmentId: string | null,
  removeFile: RemoveFile,
): Promise<void> => {
  for (const pack of await lockPacksOf(tx.db, environmentId))
    await withdraw(tx, pack, 'words-erased', removeFile)
}

export const withdrawOldPacks = async (ctx: Ctx, removeFile: RemoveFile): Promise<void> => {
  await record<unknown>(ctx, async (tx) => {
    const packs = await lockPacksEndedBefore(tx.db, tx.now - KEPT_MS)
    if (packs.length === 0) return NOTHING_CHANGED
    for (const pack of packs) await withdraw(tx, pack, 'kept-long-enough', removeFile)
    return true
  })
}
