/** Between the log's events and the rules: a decision's state is its history, read again. */
import { apply } from '../../../domain/operations/decision-log/apply-decision.ts'
import type {
  Cooperation,
  DecisionEvent,
  DecisionState,
} from '../../../domain/operations/decision-log/decision.ts'
import type { Option, Terms } from '../../../domain/operations/decision-log/terms.ts'
import type { StreamEvent } from '../../platform/stream.ts'

/** Stands where words were erased; the ledger says by which entry. */
export const ERASED = '(erased)'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : ERASED)

const termsOf = (body: Record<string, unknown>): Terms => ({
  what: textOf(body['what']),
  why: textOf(body['why']),
  options: Array.isArray(body['options']) ? (body['options'] as Option[]) : [],
  risk: textOf(body['risk']),
  rollback: textOf(body['rollback']),
  validUntil: typeof body['validUntil'] === 'number' ? body['validUntil'] : null,
})

const INTERNAL: Cooperation = { kind: 'internal' }

/** @returns undefined for events of the stream that change nothing of the decision itself */
const eventOf = (
  decisionId: string,
  environmentId: string,
  { type, at, actorId, body }: StreamEvent,
): DecisionEvent | undefined => {
  const by = actorId ?? ''
  const opening = { decisionId, environmentId, by }
  const cooperation = (body['cooperation'] as Cooperation | undefined) ?? INTERNAL
  switch (type) {
    case 'decision.proposed':
      return { kind: 'decision-proposed', ...opening, terms: termsOf(body), at }
    case 'decision.decided':
      return { kind: 'decision-decided', by, cooperation, at }
    case 'decision.amended':
      return { kind: 'decision-amended', terms: termsOf(body), at, by, reason: textOf(body['reason']) }
    case 'decision.superseded':
      return {
        kind: 'decision-ended',
        ending: { kind: 'superseded', at, by, supersededBy: textOf(body['supersededBy']) },
      }
    case 'decision.withdrawn':
      return { kind: 'decision-ended', ending: { kind: 'withdrawn', at, by, reason: textOf(body['reason']) } }
    case 'decision.glass-broken':
      return {
        kind: 'glass-broken',
        ...opening,
        why: textOf(body['glassWhy']),
        at: Number(body['brokenAt'] ?? at),
        writeUpBy: Number(body['writeUpBy'] ?? at),
        reviewBy: Number(body['reviewBy'] ?? at),
      }
    case 'decision.written-up':
      return {
        kind: 'break-glass-written-up',
        by,
        at,
        terms: termsOf(body),
        result: textOf(body['result']),
        cooperation,
      }
    case 'decision.reviewed':
      return {
        kind: 'break-glass-reviewed',
        by,
        at,
        verdict: body['verdict'] === 'objected' ? 'objected' : 'accepted',
        note: textOf(body['note']),
      }
    default:
      return undefined
  }
}

export const stateFrom = (
  decisionId: string,
  environmentId: string,
  history: readonly StreamEvent[],
): DecisionState | null =>
  history.reduce<DecisionState | null>((state, event) => {
    const happened = eventOf(decisionId, environmentId, event)
    return happened ? apply(state, happened) : state
  }, null)
