/** Whether P1 would wake somebody: at any hour of their week, by a proven way that a silenced phone does not swallow. */
import { minute } from '../../time/instant.ts'
import { dateOfDayNumber, dayNumber } from '../../time/calendar-date.ts'
import { dateAt, instantOfWallTime } from '../../time/zone.ts'
import type { Channel } from './intent.ts'
import { stepsFor, type NotificationRules, type UsableWay } from './notification-rules.ts'

/** Mail and web push make no sound on a silenced phone by themselves; that an app does, its owner says after a drill. */
const WAKES: readonly Channel[] = ['voice', 'sms']
/** Later than this the page has gone to whoever is next. */
const WAKES_WITHIN_MS = 5 * minute

export type Readiness =
  | { readonly ready: true }
  /** no-way-wakes: nothing proven and working here would. rules-let-sleep: at some hour, `at`, the rules leave it out. */
  | { readonly ready: false; readonly why: 'no-way-wakes' }
  | { readonly ready: false; readonly why: 'rules-let-sleep'; readonly at: number }

/** Between two edges of rules nothing changes: it is enough to look at each edge of the coming week. */
const edgesOf = ({ rules }: NotificationRules, now: number, zone: string): number[] => {
  const today = dayNumber(dateAt(now, zone))
  const times = ['00:00', ...rules.flatMap(({ hours }) => (hours ? [hours.from, hours.to] : []))]
  const days = Array.from({ length: 8 }, (_, index) => dateOfDayNumber(today + index))
  return days.flatMap((date) => times.map((time) => instantOfWallTime(`${date}T${time}`, zone, 'start')))
}

/** @property woken the apps that woke them in a drill, as rules name them */
type Circumstances = {
  readonly at: number
  readonly zone: string
  readonly woken?: ReadonlySet<string>
}

export const readinessFor = (
  rules: NotificationRules | null,
  ways: readonly UsableWay[],
  { at, zone, woken = new Set() }: Circumstances,
): Readiness => {
  const wakes = ({ channel, method }: UsableWay): boolean => WAKES.includes(channel) || woken.has(method)
  if (!ways.some(wakes)) return { ready: false, why: 'no-way-wakes' }
  if (rules === null) return { ready: true }
  const wakesAt = (when: number): boolean =>
    stepsFor(rules, ways, { kind: 'page', priority: 1 }, { at: when, zone }).some(
      (step) => wakes(step) && step.afterMs <= WAKES_WITHIN_MS,
    )
  const asleep = [at, ...edgesOf(rules, at, zone)]
    .filter((when) => when >= at)
    .sort((a, b) => a - b)
    .find((when) => !wakesAt(when))
  return asleep === undefined ? { ready: true } : { ready: false, why: 'rules-let-sleep', at: asleep }
}
