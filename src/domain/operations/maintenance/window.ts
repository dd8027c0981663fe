/** A maintenance window: planned under a decision, announced with an end, extended only before that end, and over when it says. */
import { refuse, type Refusal } from '../../refusal.ts'
import { day, minute } from '../../time/instant.ts'
import { isTooLarge, type AlertScope } from '../alerts/alert-condition.ts'

/**
 * `announced`: its time came. `finished`: somebody was done early. `cancelled`: before it began. `decision`: the decision
 * under which it stood was amended, withdrawn or superseded, or covers no longer.
 */
export type WindowEnding = 'announced' | 'finished' | 'cancelled' | 'decision'

/** @property announcedEndAt as it was announced first; `endsAt` is where extensions moved it */
export type WindowState = {
  readonly id: string
  readonly environmentId: string
  readonly decisionId: string
  readonly scope: AlertScope
  readonly startsAt: number
  readonly announcedEndAt: number
  readonly endsAt: number
  readonly ended: { readonly at: number; readonly how: WindowEnding } | null
}

/** @property coveredUntil until when its decision covers a change; null: until it is ended */
export type WindowCommand =
  | {
      readonly kind: 'plan'
      readonly windowId: string
      readonly environmentId: string
      readonly decisionId: string
      readonly scope: AlertScope
      readonly startsAt: number
      readonly endsAt: number
      readonly coveredUntil: number | null
    }
  | {
      readonly kind: 'extend'
      readonly endsAt: number
      readonly reason: string
      readonly coveredUntil: number | null
    }
  | { readonly kind: 'finish' }
  | { readonly kind: 'end'; readonly how: 'announced' | 'decision' }

export type WindowEvent =
  | ({ readonly kind: 'window-planned' } & WindowState)
  | {
      readonly kind: 'window-extended'
      readonly at: number
      readonly from: number
      readonly endsAt: number
      readonly reason: string
    }
  | { readonly kind: 'window-ended'; readonly at: number; readonly how: WindowEnding }

export type WindowRefusal = Refusal<
  | 'window-exists'
  | 'window-unknown'
  | 'window-over'
  | 'window-too-short'
  | 'window-too-long'
  | 'window-not-later'
  | 'window-not-due'
  | 'scope-too-large'
  | 'decision-ends-before'
  | 'reason-required'
>

export const LONGEST_WINDOW_MS = 31 * day
/** What was meant to begin now has begun by the time it is heard. */
const LATE_MS = 5 * minute

type Of<Kind extends WindowCommand['kind']> = Extract<WindowCommand, { kind: Kind }>

const checkSpan = (startsAt: number, endsAt: number, coveredUntil: number | null): WindowRefusal | null => {
  if (endsAt - startsAt > LONGEST_WINDOW_MS)
    return refuse('window-too-long', 'A window lasts at most 31 days: plan another for the rest.')
  return coveredUntil !== null && coveredUntil < endsAt
    ? refuse('decision-ends-before', 'Its decision covers less than that. End it earlier, or decide anew.')
    : null
}

const plan = (command: Of<'plan'>, now: number): WindowEvent | WindowRefusal => {
  const { windowId, environmentId, decisionId, scope, endsAt, coveredUntil } = command
  const startsAt = command.startsAt < now ? now : command.startsAt
  if (command.startsAt < now - LATE_MS)
    return refuse('window-over', 'A window begins now or later: what was before pages or has paged.')
  if (endsAt <= startsAt) return refuse('window-too-short', 'A window ends after it began, and after now.')
  if (isTooLarge(scope))
    return refuse('scope-too-large', 'At most 100 clusters, and 10 labels of 100 values.')
  const refusal = checkSpan(startsAt, endsAt, coveredUntil)
  if (refusal) return refusal
  const announced = { startsAt, announcedEndAt: endsAt, endsAt, ended: null }
  return { kind: 'window-planned', id: windowId, environmentId, decisionId, scope, ...announced }
}

const OVER = refuse('window-over', 'This window is over. Plan another one.')

/**
 * Every command is answered by one event or one refusal.
 * @param state null before it was planned
 * @param now   epoch milliseconds
 */
export const decide = (
  state: WindowState | null,
  command: WindowCommand,
  now: number,
): WindowEvent | WindowRefusal => {
  if (command.kind === 'plan')
    return state === null ? plan(command, now) : refuse('window-exists', 'This window was planned before.')
  if (state === null) return refuse('window-unknown', 'There is no such window.')
  if (state.ended !== null) return OVER
  switch (command.kind) {
    case 'extend':
      // An extension that comes after the end is a new stretch: what fired in between has paged already.
      if (now >= state.endsAt) return OVER
      if (command.reason.trim() === '') return refuse('reason-required', 'Say why the window is extended.')
      if (command.endsAt <= state.endsAt)
        return refuse('window-not-later', 'An extension ends later. To be done early, finish the window.')
      return (
        checkSpan(state.startsAt, command.endsAt, command.coveredUntil) ?? {
          kind: 'window-extended',
          at: now,
          from: state.endsAt,
          endsAt: command.endsAt,
          reason: command.reason,
        }
      )
    case 'finish':
      return { kind: 'window-ended', at: now, how: now < state.startsAt ? 'cancelled' : 'finished' }
    case 'end':
      return command.how === 'announced' && now < state.endsAt
        ? refuse('window-not-due', 'This window lasts longer.')
        : { kind: 'window-ended', at: now, how: command.how }
  }
}

/** @param state null only before `window-planned`; any other event then throws, for its history is broken */
export const apply = (state: WindowState | null, event: WindowEvent): WindowState => {
  if (event.kind === 'window-planned') {
    const { kind: _, ...planned } = event
    return planned
  }
  if (state === null) throw new Error(`${event.kind} before window-planned`)
  switch (event.kind) {
    case 'window-extended':
      return { ...state, endsAt: event.endsAt }
    case 'window-ended':
      return { ...state, ended: { at: event.at, how: event.how } }
  }
}

/** Whether it keeps anything quiet at an instant. That its decision covers is asked apart: without one it keeps nothing quiet. */
export const lastsAt = ({ startsAt, endsAt, ended }: WindowState, at: number): boolean =>
  ended === null && startsAt <= at && at < endsAt

/** A label by which its rule says: whatever is planned, this pages. */
export const NEVER_SUPPRESS_LABEL = 'never_suppress'

/**
 * @param labels of the alert
 * @param own    raised by ourselves, as the silence of a heartbeat is: an environment that is not heard of is news in
 *               every window
 */
export const isNeverSuppressed = (labels: Readonly<Record<string, string>>, own: boolean): boolean =>
  own || (Object.hasOwn(labels, NEVER_SUPPRESS_LABEL) && labels[NEVER_SUPPRESS_LABEL] === 'true')
