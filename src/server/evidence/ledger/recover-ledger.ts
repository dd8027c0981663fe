/** The recovery ceremony, and heads that people hand in because they kept them. */
import type { ledgerRoutes } from '../../../contract/evidence/ledger.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import {
  base64Of,
  emptyRoot,
  parseSignedCheckpoint,
  verifyCheckpoint,
} from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault, notFound, refused } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { heldHead, holdsHead, noteContradiction } from './contradict.ts'
import { logRecovered } from './events.ts'
import { ed25519Verify, ledgerSigner, verifierFor } from './keys.ts'
import {
  closeContradictions,
  findHeld,
  findOpenContradictions,
  type Contradiction,
} from './recovery-store.ts'
import { findLog } from './sequencing-store.ts'
import { retiredKeysFor } from './rotations.ts'
import { findOrigins } from './view-store.ts'

type Recovery = InputOf<typeof ledgerRoutes.recoverLedger>

const keyOf = ({ log, size, root }: { log: string; size: number; root: string }): string =>
  `${log} ${size} ${root}`

/** Exactly what contradicts has to be named: nobody waves through what they have not looked at, or what was found since. */
const checkAcknowledged = (open: readonly Contradiction[], heads: Recovery['heads']): void => {
  if (open.length === 0) throw new Fault('conflict', 'Nothing contradicts; there is nothing to recover from.')
  const found = new Set(
    open.map((row) => keyOf({ log: row.log_id, size: row.size, root: base64Of(row.root) })),
  )
  const named = new Set(heads.map(keyOf))
  const missing = [...found].filter((head) => !named.has(head)).length
  if (missing > 0 || found.size !== named.size)
    throw new Fault(
      'conflict',
      `Name every head that contradicts, and no other: ${missing} of ${found.size} are not named. Nothing was changed; GET /api/evidence lists them.`,
    )
}

const recoverLog = async (
  tx: WriteTx,
  logId: string,
  rows: readonly Contradiction[],
  reason: string,
): Promise<{ log: string; size: number }> => {
  const held = await findHeld(tx.db, logId)
  // A log that this database does not know at all is spoken of in the organisation's.
  const log = await findLog(tx.db, logId)
  const eventId = tx.append(logRecovered, {
    stream: logId,
    customerId: log?.customerId,
    environmentId: log?.environmentId,
    body: {
      log: logId,
      reason,
      acknowledged: rows.map(({ size, root }) => ({ size, root: base64Of(root) })),
      held: { size: held?.size ?? 0, root: base64Of(held?.root ?? emptyRoot(sha256)) },
    },
  })
  await closeContradictions(
    tx.db,
    rows.map((row) => row.id),
    eventId,
  )
  return { log: logId, size: held?.size ?? 0 }
}

export const recoverLedger = (
  ctx: Ctx,
  { reason, heads }: Recovery,
): Promise<ReplyOf<typeof ledgerRoutes.recoverLedger>> =>
  record(ctx, async (tx) => {
    const open = await findOpenContradictions(tx.db)
    checkAcknowledged(open, heads)
    const recovered = []
    for (const [logId, rows] of Map.groupBy(open, (row) => row.log_id))
      recovered.push(await recoverLog(tx, logId, rows, reason))
    return { recovered }
  })

/** Somebody's kept checkpoint. Only one that our own key signed is compared: others prove nothing about us. */
export const handInHead = async (
  ctx: Ctx,
  { note }: { note: string },
): Promise<ReplyOf<typeof ledgerRoutes.handInHead>> => {
  const signer = ledgerSigner(ctx.platform)
  if (!signer) throw new Fault('unavailable', 'This process was not given the ledger key.')
  const parsed = parseSignedCheckpoint(note)
  if (isRefusal(parsed)) throw refused(parsed)
  // A log that a restored database lost can still be told by its origin: it ends in the log's id.
  const known = (await findOrigins(ctx.platform.database.db)).find((row) => row.origin === parsed.origin)
  const log = known?.id ?? /\/l\/([0-9a-f-]{36})$/.exec(parsed.origin)?.[1]
  if (log === undefined) throw notFound('The log of this checkpoint')
  const retired = await retiredKeysFor(ctx.platform.database.db, log, parsed.size)
  const keys = [signer.publicKey, ...retired].map((key) => verifierFor(key, parsed.origin))
  const checked = verifyCheckpoint(note, parsed.origin, keys, ed25519Verify)
  if (isRefusal(checked)) throw refused(checked)
  if (checked.signatures.length === 0)
    throw new Fault('invalid-input', 'This checkpoint is not signed by the key of this installation.')
  const head = { logId: log, size: checked.size, root: checked.root }
  const held = await heldHead(ctx.platform, log)
  const answer = { log, size: checked.size, held: { size: held.size, root: base64Of(held.root) } }
  if (await holdsHead(ctx.platform, head)) return { ...answer, verdict: 'held' }
  await noteContradiction(ctx, head, 'handed-in')
  return { ...answer, verdict: 'contradicts' }
}
