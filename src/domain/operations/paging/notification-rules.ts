/** How one person wants to be told: by occasion, priority and time of day, which ways one after another; and what holds when they said nothing. */
import { minute } from '../../time/instant.ts'
import { instantOfWallTime, wallTimeAt } from '../../time/zone.ts'
import { dateOfDayNumber, dayNumber, weekdayOfDayNumber } from '../../time/calendar-date.ts'
import type { Priority } from '../alerts/priority.ts'
import type { Channel } from './intent.ts'

export const OCCASIONS = ['page'] as const
export type OccasionKind = (typeof OCCASIONS)[number]

/** `email` is the account's address, `web-push` every browser of the person; anything else is the id of a way they added. */
export type MethodRef = string

export type RuleStep = { readonly method: MethodRef; readonly afterMinutes: number }

/** Wall times of the person's zone, `HH:MM`; `to` before `from` runs over midnight, and the two alike mean the whole day. */
export type Hours = { readonly from: string; readonly to: string }

/** @property weekdays 1 is Monday; a stretch over midnight belongs to the day on which it began */
export type RuleHours = Hours & { readonly weekdays: readonly number[] }

/** @property priorities none means all */
export type NotificationRule = {
  readonly occasions: readonly OccasionKind[]
  readonly priorities: readonly Priority[]
  readonly hours: RuleHours | null
  readonly steps: readonly RuleStep[]
}

/** @property rules the first that fits decides. @property quiet nothing but P1 is sent in these hours; it waits for their end */
export type NotificationRules = {
  readonly rules: readonly NotificationRule[]
  readonly quiet: Hours | null
}

/** A way that would work if it were used now: proven, not taken back, and its carrier is set up here. */
export type UsableWay = { readonly method: MethodRef; readonly channel: Exclude<Channel, 'screen'> }

export type Occasion = { readonly kind: OccasionKind; readonly priority: Priority }
export type PlannedStep = UsableWay & { readonly afterMs: number }

/** What wakes a sleeper comes first: it is also the order in which somebody without rules is told. */
const MOST_WAKING_FIRST: readonly Channel[] = [
  'voice',
  'sms',
  'web-push',
  'slack',
  'mattermost',
  'ntfy',
  'webhook',
  'email',
]

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** What the wall clock shows. */
const clockAt = (at: number, zone: string) => {
  const wall = wallTimeAt(at, zone)
  return { date: wall.slice(0, 10), minutes: minutesOf(wall.slice(11)) }
}

const isWithin = ({ from, to }: Hours, minutes: number): boolean => {
  const [start, end] = [minutesOf(from), minutesOf(to)]
  if (start === end) return true
  return start < end ? start <= minutes && minutes < end : minutes >= start || minutes < end
}

const fitsHours = (hours: RuleHours | null, at: number, zone: string): boolean => {
  if (hours === null) return true
  const { date, minutes } = clockAt(at, zone)
  if (!isWithin(hours, minutes)) return false
  const begunYesterday = minutesOf(hours.from) > minutesOf(hours.to) && minutes < minutesOf(hours.to)
  return hours.weekdays.includes(weekdayOfDayNumber(dayNumber(date) - (begunYesterday ? 1 : 0)))
}

const fits = (rule: NotificationRule, { kind, priority }: Occasion, at: number, zone: string): boolean =>
  rule.occasions.includes(kind) &&
  (rule.priorities.length === 0 || rule.priorities.includes(priority)) &&
  fitsHours(rule.hours, at, zone)

/** When the quiet hours under way at `at` end; `at` itself when there are none. */
export const quietUntil = (quiet: Hours | null, at: number, zone: string): number => {
  if (quiet === null || quiet.from === quiet.to) return at
  const { date, minutes } = clockAt(at, zone)
  if (!isWithin(quiet, minutes)) return at
  const endsOn = minutes < minutesOf(quiet.to) ? date : dateOfDayNumber(dayNumber(date) + 1)
  // The earlier of two that the clock shows: rather an hour too loud than an hour too quiet.
  return Math.max(at, instantOfWallTime(`${endsOn}T${quiet.to}`, zone, 'start'))
}

/** Everybody's rule who has none that fits: every way at once, most waking first. */
export const defaultSteps = (ways: readonly UsableWay[]): PlannedStep[] =>
  ways
    .map((way) => ({ ...way, afterMs: 0 }))
    .sort((a, b) => MOST_WAKING_FIRST.indexOf(a.channel) - MOST_WAKING_FIRST.indexOf(b.channel))

const chosenSteps = (
  { rules }: NotificationRules,
  ways: readonly UsableWay[],
  occasion: Occasion,
  at: number,
  zone: string,
): PlannedStep[] => {
  const rule = rules.find((each) => fits(each, occasion, at, zone))
  const planned = (rule?.steps ?? []).flatMap(({ method, afterMinutes }) => {
    const way = ways.find((each) => each.method === method)
    return way ? [{ ...way, afterMs: afterMinutes * minute }] : []
  })
  // A rule whose ways were all taken back, or that names none, must not leave a page with nobody: then the default holds.
  if (planned.length === 0) return defaultSteps(ways)
  return planned.sort((a, b) => a.afterMs - b.afterMs)
}

/** Two steps of one way that quiet hours pushed to the same instant are one message. */
const withoutTwins = (steps: readonly PlannedStep[]): PlannedStep[] =>
  steps.filter(
    (step, index) =>
      steps.findIndex(({ method, afterMs }) => method === step.method && afterMs === step.afterMs) === index,
  )

/**
 * @param rules null for whoever never wrote any
 * @param at epoch milliseconds of the occasion; `zone` of the person
 * @returns in the order of time; never empty for a page while there is any way at all
 */
export const stepsFor = (
  rules: NotificationRules | null,
  ways: readonly UsableWay[],
  occasion: Occasion,
  { at, zone }: { readonly at: number; readonly zone: string },
): readonly PlannedStep[] => {
  if (rules === null) return defaultSteps(ways)
  const chosen = chosenSteps(rules, ways, occasion, at, zone)
  if (occasion.priority === 1) return withoutTwins(chosen)
  const waiting = chosen.map((step) => ({
    ...step,
    afterMs: quietUntil(rules.quiet, at + step.afterMs, zone) - at,
  }))
  return withoutTwins(waiting)
}
