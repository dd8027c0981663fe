/** Every verb on an existing decision: lock it, read its history, ask the rules, append the entry, bring the row up to date. */
import { decide } from '../../../domain/operations/decision-log/decide-decision.ts'
import { apply } from '../../../domain/operations/decision-log/apply-decision.ts'
import {
  statusOf,
  type Cooperation,
  type DecisionCommand,
  type DecisionEvent,
  type DecisionState,
} from '../../../domain/operations/decision-log/decision.ts'
import { owedFor } from '../../../domain/operations/decision-log/owed.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound, refused } from '../../platform/faults.ts'
import type { EventType, Ref } from '../../platform/events.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { loadStream } from '../../platform/stream.ts'
import {
  decisionAmended,
  decisionDecided,
  decisionProposed,
  decisionSuperseded,
  decisionWithdrawn,
  glassBroken,
  glassReviewed,
  glassWrittenUp,
  wordsOf,
} from './events.ts'
import { countContacts, lockDecision, putDecision, type DecisionRow } from './store.ts'
import { stateFrom } from './state.ts'

export const personOf = (ctx: Ctx): string => {
  if (ctx.actor.kind === 'person') return ctx.actor.accountId
  throw new Fault('not-allowed', 'A decision is recorded by a member of the team.')
}

type Where = Pick<DecisionRow, 'id' | 'customer_id' | 'environment_id' | 'number'>

/** Appends the entry; returns the event's id where it holds the words in force from now on. */
const appendEntry = (
  tx: WriteTx,
  where: Where,
  event: DecisionEvent,
  state: DecisionState,
  refs: readonly Ref[],
): string | undefined => {
  const common = { stream: where.id, customerId: where.customer_id, environmentId: where.environment_id }
  const own: readonly Ref[] = [['decision', where.id], ...refs]
  const number = `D-${where.number}`
  const append = <Body extends Record<string, unknown>>(
    type: EventType<Body>,
    body: Body,
    more: readonly Ref[] = [],
  ): string => tx.append(type, { ...common, refs: [...own, ...more], body })
  switch (event.kind) {
    case 'decision-proposed':
      return append(decisionProposed, { number, ...wordsOf(event.terms) })
    case 'decision-decided':
      append(decisionDecided, {
        number,
        what: state.entries.at(-1)?.terms.what ?? '',
        by: event.by,
        cooperation:
          event.cooperation.kind === 'internal'
            ? { kind: 'internal' }
            : { kind: 'with-customer', contactIds: [...event.cooperation.contactIds] },
      })
      return undefined
    case 'decision-amended':
      return append(decisionAmended, { number, reason: event.reason, ...wordsOf(event.terms) })
    case 'decision-ended':
      if (event.ending.kind === 'superseded')
        append(decisionSuperseded, { number, supersededBy: event.ending.supersededBy }, [
          ['decision', event.ending.supersededBy],
        ])
      else append(decisionWithdrawn, { number, reason: event.ending.reason })
      return undefined
    case 'glass-broken':
      return append(glassBroken, {
        number,
        glassWhy: event.why,
        brokenAt: event.at,
        writeUpBy: event.writeUpBy,
        reviewBy: event.reviewBy,
      })
    case 'break-glass-written-up':
      return append(glassWrittenUp, {
        number,
        result: event.result,
        cooperation:
          event.cooperation.kind === 'internal'
            ? { kind: 'internal' }
            : { kind: 'with-customer', contactIds: [...event.cooperation.contactIds] },
        ...wordsOf(event.terms),
      })
    case 'break-glass-reviewed':
      append(glassReviewed, { number, verdict: event.verdict, note: event.note })
      return undefined
  }
}

const rowOf = (where: Where, state: DecisionState, contentEventId: string, now: number): DecisionRow => {
  const owed = owedFor(state, now)
  return {
    ...where,
    status: statusOf(state),
    content_event_id: contentEventId,
    break_glass: state.breakGlass !== null,
    write_up_by: state.breakGlass?.writeUpBy ?? null,
    review_by: state.breakGlass?.reviewBy ?? null,
    owed: owed.what === 'nothing' ? null : owed.what,
    valid_until: state.entries.at(-1)?.terms.validUntil ?? null,
    opened_at: state.openedAt,
    opened_by: state.openedBy,
    decided_at: state.decided?.at ?? null,
    decided_by: state.decided?.by ?? null,
  }
}

/** One command on a decision, in a transaction of the caller's. `before` is null for the first. */
export const commandDecision = async (
  tx: WriteTx,
  where: Where & { content_event_id?: string },
  before: DecisionState | null,
  command: DecisionCommand,
  refs: readonly Ref[] = [],
): Promise<DecisionState> => {
  const event = decide(before, command, tx.now)
  if (isRefusal(event)) throw refused(event)
  const state = apply(before, event)
  const contentEventId = appendEntry(tx, where, event, state, refs) ?? where.content_event_id
  if (!contentEventId) throw new Error('a decision without words')
  const { content_event_id: _, ...place } = where
  const row = rowOf(
    {
      id: place.id,
      customer_id: place.customer_id,
      environment_id: place.environment_id,
      number: place.number,
    },
    state,
    contentEventId,
    tx.now,
  )
  await putDecision(tx.db, row)
  where.content_event_id = contentEventId
  return state
}

/** Contacts named as having decided must be this customer's: anything else would put one customer's name into another's log. */
export const checkContacts = async (
  tx: WriteTx,
  customerId: string,
  cooperation: Cooperation | undefined,
): Promise<void> => {
  if (cooperation?.kind !== 'with-customer') return
  const named = [...new Set(cooperation.contactIds)]
  if ((await countContacts(tx.db, customerId, named)) !== named.length)
    throw new Fault('invalid-input', 'Name contacts of this customer.')
}

/** Locks the decision and hands its history's state to the command. */
export const changeDecision = (
  ctx: Ctx,
  decisionId: string,
  commandOf: (by: string) => DecisionCommand,
): Promise<void> =>
  record(ctx, async (tx) => {
    const by = personOf(ctx)
    const row = await lockDecision(tx.db, decisionId)
    if (!row) throw notFound('This decision')
    const before = stateFrom(decisionId, row.environment_id, await loadStream(tx.db, decisionId))
    const command = commandOf(by)
    if (command.kind === 'supersede') {
      const successor = await lockDecision(tx.db, command.supersededBy)
      if (!successor || successor.environment_id !== row.environment_id)
        throw notFound('The decision that takes its place')
      // Otherwise two decisions could end each other, and nothing at all would be in force.
      if (successor.status === 'superseded' || successor.status === 'withdrawn')
        throw new Fault(
          'conflict',
          `D-${successor.number} is ${successor.status}; name one that is in force.`,
        )
    }
    if ('cooperation' in command) await checkContacts(tx, row.customer_id, command.cooperation)
    await commandDecision(tx, row, before, command)
  })
