/** Whom to page, in which order, with which patience. A page freezes the policy it was requested under; who is on call is asked anew at each step. */
import { refuse, type Refusal } from '../../refusal.ts'
import type { Role } from '../../people/permissions.ts'

/** Of a schedule: who is on call now (when nothing is said), is next, was before, or everybody who takes turns. */
export type OfSchedule = 'now' | 'next' | 'previous' | 'everybody'

export type EscalationTarget =
  | { readonly kind: 'schedule'; readonly id: string; readonly who?: OfSchedule | undefined }
  /** Everybody in the team, unless its admins alone are meant. */
  | { readonly kind: 'team'; readonly id: string; readonly who?: 'everybody' | 'admins' | undefined }
  | { readonly kind: 'account'; readonly id: string }
  | { readonly kind: 'role'; readonly role: Role }

/**
 * @property afterMinutes since the step before began; the first step begins at once
 * @property ofResponse   in an environment that has a response time it begins instead when this part of it has passed since the page
 * @property unless       what makes the step needless: that somebody has the page (when nothing is said), or only that it
 *                        is over: such a step begins although the page is acknowledged
 */
export type EscalationStep = {
  readonly afterMinutes: number
  readonly ofResponse?: number | undefined
  readonly unless?: 'acknowledged' | 'closed' | undefined
  readonly targets: readonly EscalationTarget[]
}

/** @property repeat how often the steps are gone through again before the fallback is the last resort */
export type EscalationPolicy = {
  readonly id: string
  readonly name: string
  readonly steps: readonly EscalationStep[]
  readonly repeat: number
  readonly fallback: readonly EscalationTarget[]
}

const MOST_STEPS = 20
const MOST_TARGETS = 50
const MOST_MINUTES = 24 * 60
const MOST_REPEATS = 9
/** A step at less than a twentieth is one at once; after the response time there is nothing left to keep. */
const LEAST_PART = 0.05

export type PolicyRefusal = Refusal<
  | 'policy-without-steps'
  | 'policy-too-large'
  | 'step-delay-invalid'
  | 'step-part-invalid'
  | 'step-without-target'
  | 'policy-without-fallback'
  | 'repeat-invalid'
>

/** What passes here cannot page in circles, page nobody on purpose, or ring once a second. */
export const checkPolicy = (policy: EscalationPolicy): PolicyRefusal | null => {
  const { steps, repeat, fallback } = policy
  if (steps.length === 0)
    return refuse('policy-without-steps', 'An escalation policy needs at least one step.')
  if (steps.length > MOST_STEPS)
    return refuse('policy-too-large', `An escalation policy has at most ${MOST_STEPS} steps.`)
  if (steps.some(({ targets }) => targets.length > MOST_TARGETS) || fallback.length > MOST_TARGETS) {
    return refuse('policy-too-large', `A step pages at most ${MOST_TARGETS} targets.`)
  }
  const wrongDelay = steps.findIndex(
    ({ afterMinutes }, index) =>
      !Number.isInteger(afterMinutes) || afterMinutes < (index === 0 ? 0 : 1) || afterMinutes > MOST_MINUTES,
  )
  if (wrongDelay >= 0) {
    return refuse(
      'step-delay-invalid',
      `Step ${wrongDelay + 1}: the delay is a whole number of minutes from 1 to ${MOST_MINUTES} (the first step may have 0).`,
    )
  }
  const wrongPart = steps.findIndex(
    ({ ofResponse }, index) =>
      ofResponse !== undefined && (index === 0 || !(ofResponse >= LEAST_PART && ofResponse <= 1)),
  )
  if (wrongPart >= 0) {
    return refuse(
      'step-part-invalid',
      `Step ${wrongPart + 1}: the part of the response time lies between ${LEAST_PART} and 1, and the first step has none.`,
    )
  }
  const empty = steps.findIndex(({ targets }) => targets.length === 0)
  if (empty >= 0)
    return refuse(
      'step-without-target',
      `Step ${empty + 1} pages nobody. Name a schedule, a person or a role.`,
    )
  if (fallback.length === 0)
    return refuse('policy-without-fallback', 'Name a fallback: it is paged when nobody is on call.')
  if (!Number.isInteger(repeat) || repeat < 0 || repeat > MOST_REPEATS)
    return refuse('repeat-invalid', `Repeat 0 to ${MOST_REPEATS} times.`)
  return null
}

/**
 * The policy with its delays in minutes, as a page freezes it.
 *
 * @param responseMinutes of the page's environment and priority; null where the contract says none: then `afterMinutes` holds
 */
export const withResponseTime = (
  policy: EscalationPolicy,
  responseMinutes: number | null,
): EscalationPolicy => {
  let passed = 0
  const steps = policy.steps.map((step) => {
    const { ofResponse, ...plain } = step
    const at =
      ofResponse === undefined || responseMinutes === null ? null : Math.round(responseMinutes * ofResponse)
    // Parts that are out of order, or rounded to the same minute, still begin one after another.
    const afterMinutes = at === null ? step.afterMinutes : Math.min(MOST_MINUTES, Math.max(1, at - passed))
    passed += afterMinutes
    return { ...plain, afterMinutes }
  })
  return { ...policy, steps }
}

export const countsInResponse = ({ steps }: EscalationPolicy): boolean =>
  steps.some(({ ofResponse }) => ofResponse !== undefined)
