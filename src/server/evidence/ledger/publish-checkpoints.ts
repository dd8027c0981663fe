/** Signs heads that are committed, remembers them beside the keys, then publishes them; and lets the organisation's log hold them. */
import { base64Of, formatCheckpoint } from '../../../domain/evidence/ledger/index.ts'
import { systemCtx, type Platform } from '../../platform/context.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { logCheckpointed } from './events.ts'
import type { LedgerSigner } from './keys.ts'
import { writeKnownHeads, type KnownHead } from './known-heads.ts'
import { Deposed } from './sequence-log.ts'
import { findUnanchored, findUnsignedHeads, insertCheckpoints, noteAnchored } from './sequencing-store.ts'

/** At most one checkpoint a log in this time. */
export const SIGN_EVERY_MS = 1_000
/** At most one entry in the organisation's log about a log in this time. */
export const ANCHOR_EVERY_MS = 60_000

export type Published = {
  readonly installation: string
  /** By log; also what the file beside the keys holds. */
  readonly heads: Map<string, KnownHead>
}

/**
 * The file comes before the row: whatever was handed out is in it, even if this process dies between the two. A head in
 * it that nobody was shown does no harm, because it was committed before.
 *
 * @returns how many checkpoints were published
 * @throws Deposed
 */
export const publishCheckpoints = async (
  platform: Platform,
  signer: LedgerSigner,
  fence: number,
  published: Published,
  atLeastMs = SIGN_EVERY_MS,
): Promise<number> => {
  const heads = await findUnsignedHeads(platform.database.db, platform.clock.now() - atLeastMs)
  if (heads.length === 0) return 0
  const checkpoints = heads.map((head) => ({
    ...head,
    note: signer.sign(
      head.origin,
      formatCheckpoint({ origin: head.origin, size: head.size, root: head.root }),
    ),
  }))
  for (const { log_id: logId, size, root, note } of checkpoints)
    published.heads.set(logId, { logId, size, root, note })
  await writeKnownHeads(platform, published.installation, published.heads.values())
  const written = await record(systemCtx(platform, 'sequencer'), (tx) => {
    tx.observed()
    return insertCheckpoints(tx.db, fence, checkpoints, tx.now)
  })
  if (written < checkpoints.length) throw new Deposed('another process signs checkpoints now')
  return written
}

/** @returns how many logs the organisation's log heard of */
export const anchorLogs = async (
  platform: Platform,
  fence: number,
  atLeastMs = ANCHOR_EVERY_MS,
): Promise<number> => {
  const anchored = await record<number | typeof NOTHING_CHANGED>(
    systemCtx(platform, 'sequencer'),
    async (tx) => {
      const rows = await findUnanchored(tx.db, fence, tx.now - atLeastMs)
      if (rows.length === 0) return NOTHING_CHANGED
      for (const { log_id: log, size, root } of rows)
        tx.append(logCheckpointed, { stream: log, body: { log, size, root: base64Of(root) } })
      await noteAnchored(tx.db, rows, tx.now)
      return rows.length
    },
  )
  return anchored === NOTHING_CHANGED ? 0 : anchored
}
