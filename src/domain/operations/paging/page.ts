/** The life of a page: requested, step after step until somebody has it, resolved when its alerts are gone. */
import { refuse, type Refusal } from '../../refusal.ts'
import { minute } from '../../time/instant.ts'
import type { Priority } from '../alerts/priority.ts'
import type { EscalationPolicy, EscalationTarget } from './escalation-policy.ts'

/** A step of a round; `last-resort` is the fallback after everything else. */
export type StepRef = { readonly round: number; readonly step: number; readonly lastResort: boolean }

export type PageState = {
  readonly status: 'none' | 'open' | 'acknowledged' | 'resolved'
  readonly priority: Priority
  readonly groupKey: string
  readonly policy: EscalationPolicy
  readonly requestedAt: number
  /** The step that began last; null before the first. */
  readonly current: StepRef | null
  /** When the next step begins if nobody acknowledges; null when none is left or none is needed. */
  readonly nextStepAt: number | null
  readonly acknowledgedBy: string | null
  readonly acknowledgedAt: number | null
}

export type PageCommand =
  | {
      readonly kind: 'request'
      readonly priority: Priority
      readonly groupKey: string
      readonly policy: EscalationPolicy
    }
  /**
   * `recipients`: whom the step's targets mean at this instant; empty = nobody is on call. `fallback`: whom the policy's
   * fallback means; needed when nobody is on call or nobody of them can be reached.
   */
  | {
      readonly kind: 'begin-step'
      readonly step: StepRef
      readonly recipients: readonly string[]
      readonly fallback: readonly string[]
      /** Those of the recipients whom nothing but an open screen would tell (see `unreachableAmong`). */
      readonly unreachable?: readonly string[]
    }
  | { readonly kind: 'acknowledge'; readonly by: string }
  /** Somebody wants the next step now and not at its time. */
  | { readonly kind: 'escalate' }
  | { readonly kind: 'resolve' }

export type PageEvent =
  | {
      readonly kind: 'requested'
      readonly at: number
      readonly priority: Priority
      readonly groupKey: string
      readonly policy: EscalationPolicy
    }
  | {
      readonly kind: 'step-began'
      readonly at: number
      readonly step: StepRef
      readonly recipients: readonly string[]
      /** The step's targets meant nobody, and the fallback was taken. */
      readonly nobodyOnCall: boolean
      /** Somebody was meant, but nothing would have told them: the fallback was taken beside them. */
      readonly nobodyReached: boolean
      readonly nextStepAt: number | null
    }
  /** `nextStepAt`: of a step that begins although somebody has the page; null when there is none. */
  | {
      readonly kind: 'acknowledged'
      readonly at: number
      readonly by: string
      readonly nextStepAt: number | null
    }
  | { readonly kind: 'escalated'; readonly at: number }
  | { readonly kind: 'resolved'; readonly at: number }

/** Whoever comes second learns who has it and since when. */
export type AlreadyAcknowledged = Refusal<'already-acknowledged'> & {
  readonly by: string
  readonly at: number
}

export type PageRefusal =
  | AlreadyAcknowledged
  | Refusal<'page-resolved' | 'step-not-due' | 'page-exists' | 'no-step-left'>

export const noPage = (policy: EscalationPolicy): PageState => ({
  status: 'none',
  priority: 5,
  groupKey: '',
  policy,
  requestedAt: 0,
  current: null,
  nextStepAt: null,
  acknowledgedBy: null,
  acknowledgedAt: null,
})

/** The step after this one, or null when even the last resort has been tried. */
export const stepAfter = (policy: EscalationPolicy, current: StepRef | null): StepRef | null => {
  if (current === null) return { round: 0, step: 0, lastResort: false }
  if (current.lastResort) return null
  if (current.step + 1 < policy.steps.length) return { ...current, step: current.step + 1 }
  if (current.round < policy.repeat) return { round: current.round + 1, step: 0, lastResort: false }
  return { round: current.round, step: policy.steps.length, lastResort: true }
}

const minutesOf = (policy: EscalationPolicy, step: number): number => policy.steps[step]?.afterMinutes ?? 0

/** The next step of this round that begins although somebody has the page. What is gone through again is not for them. */
const stepUnlessClosed = (policy: EscalationPolicy, current: StepRef | null): StepRef | null => {
  if (current?.lastResort) return null
  const after = (current?.step ?? -1) + 1
  const step = policy.steps.findIndex(({ unless }, place) => place >= after && unless === 'closed')
  return step < 0 ? null : { round: current?.round ?? 0, step, lastResort: false }
}

/** When it begins: at its own time, whenever the page was taken. @param nextStepAt of the step after the current one */
const timeUnlessClosed = ({ policy, current, nextStepAt }: PageState): number | null => {
  const step = stepUnlessClosed(policy, current)
  if (step === null || nextStepAt === null) return null
  let at = nextStepAt
  for (let place = (current?.step ?? -1) + 2; place <= step.step; place += 1)
    at += minutesOf(policy, place) * minute
  return at
}

export const targetsOf = (policy: EscalationPolicy, step: StepRef): readonly EscalationTarget[] =>
  step.lastResort ? policy.fallback : (policy.steps[step.step]?.targets ?? [])

/** What a policy has left after a step: how a page that somebody had goes on. All of it when nothing is left. */
export const policyAfter = (policy: EscalationPolicy, current: StepRef | null): EscalationPolicy => {
  const next = current === null ? 0 : current.step + 1
  return next < policy.steps.length ? { ...policy, steps: policy.steps.slice(next) } : policy
}

/** Patience before a step: its own, except that a new round and the last resort wait as long as the longest step did. */
const patienceMs = (policy: EscalationPolicy, step: StepRef): number => {
  const own = policy.steps[step.step]?.afterMinutes ?? 0
  const longest = Math.max(1, ...policy.steps.map(({ afterMinutes }) => afterMinutes))
  return (step.lastResort || step.step === 0 ? longest : own) * minute
}

export type StepTime = { readonly step: StepRef; readonly afterMinutes: number }

/** When each step would begin, counted from the request, if nobody ever acknowledged: what a person should see before they keep a policy. */
export const stepTimes = (policy: EscalationPolicy): readonly StepTime[] => {
  const times: StepTime[] = []
  let afterMinutes = 0
  for (let step = stepAfter(policy, null); step !== null; step = stepAfter(policy, step)) {
    if (times.length > 0) afterMinutes += patienceMs(policy, step) / minute
    times.push({ step, afterMinutes })
  }
  return times
}

/** The step that should have begun by `now`, or null. */
export const dueStep = ({ status, nextStepAt, policy, current }: PageState, now: number): StepRef | null => {
  if (nextStepAt === null || nextStepAt > now) return null
  if (status === 'acknowledged') return stepUnlessClosed(policy, current)
  return status === 'open' ? stepAfter(policy, current) : null
}

const sameStep = (a: StepRef, b: StepRef): boolean => a.round === b.round && a.step === b.step

const beginStep = (
  state: PageState,
  command: Extract<PageCommand, { kind: 'begin-step' }>,
  now: number,
): PageEvent[] | PageRefusal => {
  const due = dueStep(state, now)
  if (due === null || !sameStep(due, command.step))
    return refuse('step-not-due', 'This step is not due; somebody was faster or it has begun.')
  const { recipients: meant, fallback, unreachable = [] } = command
  const nobodyOnCall = meant.length === 0
  const nobodyReached = !nobodyOnCall && meant.every((account) => unreachable.includes(account))
  const recipients = [...new Set(nobodyOnCall || nobodyReached ? [...meant, ...fallback] : meant)]
  const next = stepAfter(state.policy, due)
  const open = next === null ? null : now + patienceMs(state.policy, next)
  const nextStepAt =
    state.status === 'open' ? open : timeUnlessClosed({ ...state, current: due, nextStepAt: open })
  return [{ kind: 'step-began', at: now, step: due, recipients, nobodyOnCall, nobodyReached, nextStepAt }]
}

const alreadyAcknowledged = ({ acknowledgedBy, acknowledgedAt }: PageState): AlreadyAcknowledged => ({
  ...refuse('already-acknowledged', 'Somebody else has this page already.'),
  by: acknowledgedBy ?? '',
  at: acknowledgedAt ?? 0,
})

export const decide = (state: PageState, command: PageCommand, now: number): PageEvent[] | PageRefusal => {
  if (command.kind === 'request') {
    if (state.status !== 'none') return refuse('page-exists', 'This page was requested before.')
    return [
      {
        kind: 'requested',
        at: now,
        priority: command.priority,
        groupKey: command.groupKey,
        policy: command.policy,
      },
    ]
  }
  if (state.status === 'resolved') {
    return command.kind === 'resolve'
      ? []
      : refuse('page-resolved', 'The alerts of this page are gone; there is nothing left to do.')
  }
  switch (command.kind) {
    case 'begin-step':
      return beginStep(state, command, now)
    case 'acknowledge':
      if (state.status === 'acknowledged') {
        // The same person twice is a double click, not a conflict.
        return state.acknowledgedBy === command.by ? [] : alreadyAcknowledged(state)
      }
      return [{ kind: 'acknowledged', at: now, by: command.by, nextStepAt: timeUnlessClosed(state) }]
    case 'escalate':
      if (state.status === 'acknowledged') return alreadyAcknowledged(state)
      return stepAfter(state.policy, state.current) === null
        ? refuse(
            'no-step-left',
            `Everybody of the policy ${state.policy.name} has been paged. Name another policy, or whom to page.`,
          )
        : [{ kind: 'escalated', at: now }]
    case 'resolve':
      return [{ kind: 'resolved', at: now }]
  }
}

export const apply = (state: PageState, event: PageEvent): PageState => {
  switch (event.kind) {
    case 'requested':
      return {
        ...noPage(event.policy),
        status: 'open',
        priority: event.priority,
        groupKey: event.groupKey,
        requestedAt: event.at,
        nextStepAt: event.at,
      }
    case 'step-began':
      return { ...state, current: event.step, nextStepAt: event.nextStepAt }
    case 'acknowledged':
      return {
        ...state,
        status: 'acknowledged',
        acknowledgedBy: event.by,
        acknowledgedAt: event.at,
        nextStepAt: event.nextStepAt,
      }
    case 'escalated':
      return { ...state, nextStepAt: event.at }
    case 'resolved':
      return { ...state, status: 'resolved', nextStepAt: null }
  }
}
