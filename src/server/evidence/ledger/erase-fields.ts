/** Removes words for good. What stays: that there was an entry, the digest that now says nothing, who erased, when and why. */
import { z } from 'zod'
import type { ledgerRoutes } from '../../../contract/evidence/ledger.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { digestOfDisclosure, parseDisclosure } from '../../../domain/evidence/ledger/index.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { eventTypes } from '../../platform/events.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { isUuid } from '../../platform/ids.ts'
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

/** Words that stand for a choice, where the type itself does not say so. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'incident.evidence-added': ['side'],
  'incident.hypothesis-judged': ['status'],
  'incident.help-asked': ['to'],
  'incident.act-judged': ['helped'],
}
const ANY_WORDS = 'any words at all'

/** Numbers, instants, yes and no, ids, and what kind of thing something is. */
const sayNothing = (value: unknown): boolean => {
  if (typeof value === 'string') return isUuid(value)
  if (Array.isArray(value)) return value.every(sayNothing)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, inner]) => name === 'kind' || sayNothing(inner))
}

/** A choice of few: a field that takes no other words holds none. */
const isChoice = (type: string, field: string, value: unknown): boolean => {
  if (CHOICES[type]?.includes(field)) return true
  const body = eventTypes().get(type)?.body
  const schema = body instanceof z.ZodObject ? (body.shape[field] as z.ZodType | undefined) : undefined
  if (schema === undefined) return false
  if (typeof value === 'string') return !schema.safeParse(ANY_WORDS).success
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
    ? !schema.safeParse([ANY_WORDS]).success
    : false
}

type Field = { readonly text: string; readonly field: string; readonly value: unknown }

const fieldOf = (text: string): Field => {
  const disclosure = parseDisclosure(text)
  return isRefusal(disclosure)
    ? { text, field: '', value: undefined }
    : { text, field: disclosure.name, value: disclosure.value }
}

/**
 * Erasing is for words that should not have been written. What somebody judged, when, how often and by what right is no
 * words: without it a record would read as if the opposite had been said.
 */
const holdsNoWords = (type: string, { field, value }: Field): boolean =>
  (PROVING[type]?.includes(field) ?? false) || sayNothing(value) || isChoice(type, field, value)

const checkErasable = (type: string, known: readonly Field[], fields: readonly string[]): void => {
  const has = known.map(({ field }) => field)
  const absent = fields.filter((field) => !has.includes(field))
  if (absent.length > 0)
    throw new Fault(
      'conflict',
      `This entry has no readable field ${absent.join(', ')}: there never was one, or it was erased before. It has: ${has.join(', ') || 'none'}. Nothing was erased.`,
    )
  const kept = known.filter((one) => fields.includes(one.field) && holdsNoWords(type, one))
  if (kept.length > 0)
    throw new Fault(
      'conflict',
      `${kept.map(({ field }) => field).join(', ')} of ${type} holds no words, and what is told or proved stands on it. Nothing was erased.`,
    )
}

export const eraseFields = (
  ctx: Ctx,
  { eventId, fields, reason }: InputOf<typeof ledgerRoutes.eraseFields>,
): Promise<ReplyOf<typeof ledgerRoutes.eraseFields>> =>
  record(ctx, async (tx) => {
    const row = await lockBody(tx.db, eventId)
    if (!row) throw notFound('This entry')
    const named = row.disclosures.map(fieldOf)
    const wanted = [...new Set(fields)]
    checkErasable(row.type, named, wanted)
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
