/** Removes words for good. What stays: that there was an entry, the digest that now says nothing, who erased, when and why. */
import type { ledgerRoutes } from '../../../contract/evidence/ledger.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { digestOfDisclosure, parseDisclosure } from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { record } from '../../platform/record.ts'
import { insertErasures, keepDisclosures, lockBody } from './erasure-store.ts'
import { erasureExecuted } from './events.ts'

/** Fields that hold no words and that proofs stand on: without them a pack could not account for what is gone. */
const PROVING: Readonly<Record<string, readonly string[]>> = {
  'erasure.executed': ['digests', 'entry'],
  'observations.sealed': ['window'],
  'session.redacted': ['replaced'],
  'session.progressed': ['chunks', 'head'],
  'session.closed': ['chunks', 'head'],
  'retention.expired': ['digests', 'blobs'],
  'key.rotated': ['statement'],
  'log.checkpointed': ['log', 'size', 'root'],
}

const nameOf = (text: string): string => {
  const disclosure = parseDisclosure(text)
  return isRefusal(disclosure) ? '' : disclosure.name
}

const checkErasable = (type: string, has: readonly string[], fields: readonly string[]): void => {
  const absent = fields.filter((field) => !has.includes(field))
  if (absent.length > 0)
    throw new Fault(
      'conflict',
      `This entry has no readable field ${absent.join(', ')}: there never was one, or it was erased before. It has: ${has.join(', ') || 'none'}. Nothing was erased.`,
    )
  const proving = fields.filter((field) => PROVING[type]?.includes(field))
  if (proving.length > 0)
    throw new Fault(
      'conflict',
      `${proving.join(', ')} of ${type} holds no words, and proofs stand on it. Nothing was erased.`,
    )
}

export const eraseFields = (
  ctx: Ctx,
  { eventId, fields, reason }: InputOf<typeof ledgerRoutes.eraseFields>,
): Promise<ReplyOf<typeof ledgerRoutes.eraseFields>> =>
  record(ctx, async (tx) => {
    const row = await lockBody(tx.db, eventId)
    if (!row) throw notFound('This entry')
    const named = row.disclosures.map((text) => ({ text, field: nameOf(text) }))
    const wanted = [...new Set(fields)]
    checkErasable(
      row.type,
      named.map(({ field }) => field),
      wanted,
    )
    const erased = named
      .filter(({ field }) => wanted.includes(field))
      .map(({ text, field }) => ({ field, digest: digestOfDisclosure(text, sha256) }))
    const digests = erased.map(({ digest }) => digest)
    await keepDisclosures(
      tx.db,
      row.id,
      named.filter(({ field }) => !wanted.includes(field)).map(({ text }) => text),
    )
    const by = tx.append(erasureExecuted, {
      stream: row.id,
      customerId: row.customer_id ?? undefined,
      environmentId: row.environment_id ?? undefined,
      refs: [['entry', row.id]],
      body: { entry: row.id, type: row.type, fields: wanted, digests, reason },
    })
    await insertErasures(tx.db, { eventId: row.id, at: tx.now, by }, erased)
    return { entry: row.id, erasedBy: by, fields: wanted, digests }
  })
