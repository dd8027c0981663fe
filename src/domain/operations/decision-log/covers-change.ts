/** The gate: no change to an environment without a decision that covers it, or an openly flagged break-glass that owes one. */
import { refuse, type Refusal } from '../../refusal.ts'
import { termsAt, type DecisionState } from './decision.ts'

/** `flagged`: covered only because the glass was broken, and shown as such for good. */
export type Cover = { readonly covered: true; readonly decisionId: string; readonly flagged: boolean }

export type CoverRefusal = Refusal<
  | 'decision-for-another-environment'
  | 'decision-not-decided'
  | 'decision-superseded'
  | 'decision-withdrawn'
  | 'decision-expired'
  | 'break-glass-overdue'
>

/** Unexplained, a broken glass covers no further change once it is overdue. */
const checkGlass = ({ id, breakGlass }: DecisionState, at: number): Cover | CoverRefusal | null => {
  if (breakGlass === null) return null
  if (at < breakGlass.openedAt) return refuse('decision-not-decided', 'The glass was broken later than this.')
  if (breakGlass.writtenUp !== null && breakGlass.writtenUp.at <= at) return null
  return at < breakGlass.writeUpBy
    ? { covered: true, decisionId: id, flagged: true }
    : refuse('break-glass-overdue', 'The broken glass is overdue: write it up before you change more.')
}

/**
 * Whether a change at the instant is covered, judged by what was in force then: amendments, endings and write-ups that
 * came later change nothing about it. The same function answers for now and for any day an auditor asks about.
 * @param at epoch milliseconds of the change
 */
export const coversChange = (
  decision: DecisionState,
  environmentId: string,
  at: number,
): Cover | CoverRefusal => {
  const { id, decided, ending, breakGlass } = decision
  if (decision.environmentId !== environmentId) {
    return refuse('decision-for-another-environment', 'This decision is about another environment.')
  }
  if (ending !== null && ending.at <= at) {
    return ending.kind === 'superseded'
      ? refuse('decision-superseded', 'This decision was superseded; use the one that took its place.')
      : refuse('decision-withdrawn', 'This decision was withdrawn.')
  }
  const byGlass = checkGlass(decision, at)
  if (byGlass !== null) return byGlass
  if (decided === null || at < decided.at) {
    return refuse('decision-not-decided', 'This is proposed and not decided; have it decided first.')
  }
  const validUntil = termsAt(decision, at)?.validUntil ?? null
  if (validUntil !== null && validUntil <= at) {
    return refuse(
      'decision-expired',
      'This decision was valid only until an earlier time; amend it or record a new one.',
    )
  }
  return { covered: true, decisionId: id, flagged: breakGlass !== null }
}
