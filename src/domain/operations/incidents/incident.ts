/** An incident is worked in a loop: observe, orient, decide, act, and again; understanding comes before acting. */
import type { Refusal } from '../../refusal.ts'
import type { OutsideTicket } from './outside-ticket.ts'

export type Phase = 'observe' | 'orient' | 'decide' | 'act'

/** A fact, with its source and its own time: an alert, a last change, an output, or what somebody saw. */
export type Pin = {
  readonly id: string
  readonly about: 'alert' | 'change' | 'output' | 'ticket' | 'link' | 'note'
  readonly text: string
  /** The record it comes from, if there is one. */
  readonly recordId: string | null
  /** When the fact held, which may be long before it was pinned. */
  readonly observedAt: number
}

export type Side = 'for' | 'against'

export type Hypothesis = {
  readonly id: string
  readonly statement: string
  readonly proposedBy: string
  readonly status: 'open' | 'supported' | 'refuted'
  /** Ids of pins; no pin is on both sides. */
  readonly for: readonly string[]
  readonly against: readonly string[]
}

export type Helped = 'yes' | 'partly' | 'no'

/** One pass of the loop. @property helped what came of acting; null while nobody has said */
export type Loop = {
  readonly startedAt: number
  readonly firstActAt: number | null
  readonly endedAt: number | null
  readonly helped: Helped | null
}

export type Participant = {
  readonly accountId: string
  readonly joinedAt: number
  readonly leftAt: number | null
}

export type Escalation = {
  readonly to:
    | { readonly kind: 'role'; readonly role: string }
    | { readonly kind: 'account'; readonly accountId: string }
  readonly reason: string
  readonly by: string
  readonly at: number
}

/** 1 is the most severe, as with alerts. */
export type Severity = 1 | 2 | 3 | 4 | 5

/** Mitigated is not resolved: the customer is no longer hurt, but the cause may be there still. */
export type IncidentState = {
  readonly id: string
  readonly environmentId: string
  readonly title: string
  readonly severity: Severity
  /** What the customer feels, in a sentence. */
  readonly impact: string | null
  readonly impactStartedAt: number
  readonly openedAt: number
  readonly openedBy: string
  readonly alertIds: readonly string[]
  readonly status: 'open' | 'mitigated' | 'resolved'
  readonly phase: Phase
  /** Oldest first; the last one is under way. Its number is the length of the list. */
  readonly loops: readonly Loop[]
  readonly pins: readonly Pin[]
  readonly hypotheses: readonly Hypothesis[]
  readonly participants: readonly Participant[]
  readonly escalations: readonly Escalation[]
  readonly decisionIds: readonly string[]
  readonly sessionIds: readonly string[]
  readonly outsideTicket: OutsideTicket | null
  readonly mitigatedAt: number | null
  readonly resolvedAt: number | null
  /** When the customer stopped being hurt, which is seldom when somebody clicked. */
  readonly impactEndedAt: number | null
  readonly reopenedTimes: number
}

type By = { readonly by: string }

export type IncidentCommand = By &
  (
    | {
        readonly kind: 'open'
        readonly incidentId: string
        readonly environmentId: string
        readonly title: string
        readonly severity: Severity
        readonly alertIds: readonly string[]
        /** From the alert or a probe; when unknown, now. */
        readonly impactStartedAt?: number
      }
    | { readonly kind: 'add-alert'; readonly alertId: string }
    /** Those that are in it already, or not in it, are passed over. */
    | { readonly kind: 'add-alerts'; readonly alertIds: readonly string[] }
    | { readonly kind: 'remove-alerts'; readonly alertIds: readonly string[] }
    | { readonly kind: 'pin'; readonly pin: Pin }
    | { readonly kind: 'propose-hypothesis'; readonly hypothesisId: string; readonly statement: string }
    | {
        readonly kind: 'add-evidence'
        readonly hypothesisId: string
        readonly pinId: string
        readonly side: Side
      }
    | {
        readonly kind: 'judge-hypothesis'
        readonly hypothesisId: string
        readonly status: Hypothesis['status']
      }
    | {
        readonly kind: 'state-impact'
        readonly severity: Severity
        readonly impact: string
        readonly startedAt?: number
      }
    | { readonly kind: 'join'; readonly accountId: string }
    | { readonly kind: 'leave'; readonly accountId: string }
    | { readonly kind: 'escalate'; readonly to: Escalation['to']; readonly reason: string }
    | { readonly kind: 'link-ticket'; readonly ticket: string }
    | { readonly kind: 'link-decision'; readonly decisionId: string }
    /** A look session observes; any other acts, under a decision. */
    | { readonly kind: 'link-session'; readonly sessionId: string; readonly authority: SessionAuthority }
    | { readonly kind: 'judge-act'; readonly helped: Helped }
    | { readonly kind: 'mitigate'; readonly impactEndedAt?: number }
    | { readonly kind: 'resolve'; readonly impactEndedAt?: number; readonly summary: string }
    | { readonly kind: 'reopen'; readonly reason: string }
  )

export type SessionAuthority =
  | { readonly kind: 'look' }
  | { readonly kind: 'decided' | 'break-glass'; readonly decisionId: string }

type Happened = By & { readonly at: number }

export type IncidentEvent = Happened &
  (
    | {
        readonly kind: 'incident-opened'
        readonly incidentId: string
        readonly environmentId: string
        readonly title: string
        readonly severity: Severity
        readonly alertIds: readonly string[]
        readonly impactStartedAt: number
      }
    | { readonly kind: 'alert-added'; readonly alertId: string }
    | { readonly kind: 'alerts-added'; readonly alertIds: readonly string[] }
    | { readonly kind: 'alerts-removed'; readonly alertIds: readonly string[] }
    | { readonly kind: 'fact-pinned'; readonly pin: Pin }
    | { readonly kind: 'hypothesis-proposed'; readonly hypothesisId: string; readonly statement: string }
    | {
        readonly kind: 'evidence-added'
        readonly hypothesisId: string
        readonly pinId: string
        readonly side: Side
      }
    | {
        readonly kind: 'hypothesis-judged'
        readonly hypothesisId: string
        readonly status: Hypothesis['status']
      }
    | {
        readonly kind: 'impact-stated'
        readonly severity: Severity
        readonly impact: string
        readonly startedAt: number
      }
    | { readonly kind: 'participant-joined' | 'participant-left'; readonly accountId: string }
    | { readonly kind: 'help-asked'; readonly to: Escalation['to']; readonly reason: string }
    | { readonly kind: 'ticket-linked'; readonly ticket: OutsideTicket }
    | { readonly kind: 'decision-linked'; readonly decisionId: string }
    | { readonly kind: 'session-linked'; readonly sessionId: string; readonly authority: SessionAuthority }
    | { readonly kind: 'act-judged'; readonly helped: Helped }
    | { readonly kind: 'incident-mitigated'; readonly impactEndedAt: number }
    | { readonly kind: 'incident-resolved'; readonly impactEndedAt: number; readonly summary: string }
    | { readonly kind: 'incident-reopened'; readonly reason: string }
  )

export type IncidentRefusal = Refusal<
  | 'incident-exists'
  | 'incident-unknown'
  | 'incident-resolved'
  | 'incident-not-over'
  | 'already-mitigated'
  | 'incident-full'
  | 'text-required'
  | 'text-too-long'
  | 'hypothesis-unknown'
  | 'pin-unknown'
  | 'id-in-use'
  | 'not-a-participant'
  | 'ticket-invalid'
  | 'no-act-to-judge'
  | 'time-out-of-order'
  | 'nothing-changed'
>

/** @returns the number of the pass under way, from 1 */
export const loopNumber = ({ loops }: Pick<IncidentState, 'loops'>): number => loops.length
