/** The life of a decision: proposed, decided, amended only by new entries, ended openly; or taken by breaking the glass and owed. */
import type { Refusal } from '../../refusal.ts'
import type { Terms, TermsRefusal } from './terms.ts'

/** In cooperation with the customer means with people: their contacts are named. */
export type Cooperation =
  | { readonly kind: 'internal' }
  | { readonly kind: 'with-customer'; readonly contactIds: readonly string[] }

/** Terms in force from an instant on; nothing that was said is ever overwritten. */
export type Entry = {
  readonly terms: Terms
  readonly at: number
  readonly by: string
  readonly reason: string
}

export type Review = {
  readonly by: string
  readonly at: number
  readonly verdict: 'accepted' | 'objected'
  readonly note: string
}

/** A change had to be made before there was a decision: the record is flagged for good, and owed by an hour. */
export type BreakGlass = {
  readonly openedBy: string
  readonly openedAt: number
  readonly why: string
  readonly writeUpBy: number
  readonly reviewBy: number
  readonly writtenUp: { readonly by: string; readonly at: number; readonly result: string } | null
  readonly review: Review | null
}

export type Ending =
  | { readonly kind: 'superseded'; readonly at: number; readonly by: string; readonly supersededBy: string }
  | { readonly kind: 'withdrawn'; readonly at: number; readonly by: string; readonly reason: string }

/** @property entries oldest first, never empty but for break-glass before its write-up */
export type DecisionState = {
  readonly id: string
  readonly environmentId: string
  readonly openedAt: number
  readonly openedBy: string
  readonly entries: readonly Entry[]
  readonly decided: { readonly by: string; readonly at: number; readonly cooperation: Cooperation } | null
  readonly ending: Ending | null
  readonly breakGlass: BreakGlass | null
}

/** How long a broken glass may stay unexplained, and unreviewed by somebody else. */
export type BreakGlassRule = { readonly writeUpHours: number; readonly reviewHours: number }
export const breakGlassRule: BreakGlassRule = { writeUpHours: 8, reviewHours: 72 }

type Opening = { readonly decisionId: string; readonly environmentId: string; readonly by: string }

export type DecisionCommand =
  | ({ readonly kind: 'propose'; readonly terms: Terms } & Opening)
  | { readonly kind: 'decide'; readonly by: string; readonly cooperation: Cooperation }
  | { readonly kind: 'amend'; readonly by: string; readonly changes: Partial<Terms>; readonly reason: string }
  | { readonly kind: 'supersede'; readonly by: string; readonly supersededBy: string }
  | { readonly kind: 'withdraw'; readonly by: string; readonly reason: string }
  /** @property openedAt when the glass was broken, if the server could not be told at once; never later than now */
  | ({
      readonly kind: 'break-glass'
      readonly why: string
      readonly rule?: BreakGlassRule
      readonly openedAt?: number
    } & Opening)
  | {
      readonly kind: 'write-up'
      readonly by: string
      readonly terms: Terms
      readonly result: string
      readonly cooperation: Cooperation
    }
  | {
      readonly kind: 'review'
      readonly by: string
      readonly verdict: Review['verdict']
      readonly note: string
    }

export type DecisionEvent =
  | ({ readonly kind: 'decision-proposed'; readonly terms: Terms; readonly at: number } & Opening)
  | {
      readonly kind: 'decision-decided'
      readonly by: string
      readonly cooperation: Cooperation
      readonly at: number
    }
  | ({ readonly kind: 'decision-amended' } & Entry)
  | ({ readonly kind: 'decision-ended' } & { readonly ending: Ending })
  | ({
      readonly kind: 'glass-broken'
      readonly why: string
      readonly at: number
      readonly writeUpBy: number
      readonly reviewBy: number
    } & Opening)
  | {
      readonly kind: 'break-glass-written-up'
      readonly by: string
      readonly terms: Terms
      readonly result: string
      readonly cooperation: Cooperation
      readonly at: number
    }
  | ({ readonly kind: 'break-glass-reviewed' } & Review)

export type DecisionRefusal =
  | TermsRefusal
  | Refusal<
      | 'decision-exists'
      | 'decision-unknown'
      | 'already-decided'
      | 'decision-ended'
      | 'not-decided'
      | 'nothing-amended'
      | 'reason-required'
      | 'contacts-required'
      | 'supersedes-itself'
      | 'not-break-glass'
      | 'break-glass-stays'
      | 'write-up-required'
      | 'already-written-up'
      | 'already-reviewed'
      | 'review-by-another'
    >

/** One word for lists and filters. */
export type DecisionStatus = 'proposed' | 'decided' | 'superseded' | 'withdrawn' | 'break-glass-owed'

export const statusOf = ({ decided, ending, breakGlass }: DecisionState): DecisionStatus => {
  if (ending !== null) return ending.kind
  if (breakGlass !== null && breakGlass.writtenUp === null) return 'break-glass-owed'
  return decided === null ? 'proposed' : 'decided'
}

/** @returns the terms in force at the instant; null before the first entry */
export const termsAt = ({ entries }: Pick<DecisionState, 'entries'>, at: number): Terms | null =>
  entries.findLast((entry) => entry.at <= at)?.terms ?? null
