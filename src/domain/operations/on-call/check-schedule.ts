/** Whether a rota can be asked at all: bounds that keep every question short, in sentences for whoever writes it. */
import { refuse } from '../../refusal.ts'
import { isCalendarDate } from '../../time/calendar-date.ts'
import { isZone } from '../../time/zone.ts'
import type { Restriction, Rotation, Schedule, ScheduleRefusal } from './schedule.ts'

const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d$/
const mostParticipants = 200
/** Three a day for a week. */
const mostSpans = 21
/** The holidays of twenty years. */
const mostDates = 400

const isTime = (text: string): boolean => timeOfDay.test(text)
const isWeekday = (weekday: number): boolean => Number.isInteger(weekday) && weekday >= 1 && weekday <= 7

/** A turn of at most about a year: a mistyped number is found, and a look back of a year sees the beginning of every turn. */
export const lengthOf = (rotation: Rotation): { count: number; unit: string; most: number } => {
  switch (rotation.kind) {
    case 'hourly':
      return { count: rotation.everyHours, unit: 'hours', most: 720 }
    case 'daily':
      return { count: rotation.everyDays, unit: 'days', most: 365 }
    case 'weekly':
      return { count: rotation.everyWeeks, unit: 'weeks', most: 52 }
    case 'monthly':
      return { count: rotation.everyMonths, unit: 'months', most: 12 }
  }
}

const checkHandOver = (rotation: Rotation): ScheduleRefusal | null => {
  if (rotation.kind === 'weekly' && !isWeekday(rotation.handOver.weekday)) {
    return refuse('hand-over-invalid', 'The hand-over day is a number from 1 (Monday) to 7 (Sunday).')
  }
  if (rotation.kind === 'monthly') {
    const { dayOfMonth } = rotation.handOver
    if (!Number.isInteger(dayOfMonth) || dayOfMonth < 1 || dayOfMonth > 31)
      return refuse('hand-over-invalid', 'The hand-over day is a day of the month from 1 to 31.')
  }
  if (isTime(rotation.handOver.time)) return null
  return refuse('hand-over-invalid', 'The hand-over time is hours and minutes from 00:00 to 23:59, as 09:00.')
}

const checkRestriction = (restriction: Restriction): ScheduleRefusal | null => {
  if (restriction.kind === 'time-of-day') {
    if (isTime(restriction.from) && isTime(restriction.to)) return null
    return refuse(
      'restriction-invalid',
      'A restriction is from one time of day to another, as 18:00 to 08:00.',
    )
  }
  const { spans } = restriction
  if (spans.length === 0 || spans.length > mostSpans)
    return refuse('restriction-invalid', `A restriction names 1 to ${mostSpans} stretches of the week.`)
  const ends = spans.flatMap(({ from, to }) => [from, to])
  if (ends.every(({ weekday, time }) => isWeekday(weekday) && isTime(time))) return null
  return refuse(
    'restriction-invalid',
    'A stretch of the week is from a day and time to a day and time, as Friday 18:00 to Monday 08:00.',
  )
}

const checkDates = ({ startsOn, endsOn, onlyOn }: Rotation): ScheduleRefusal | null => {
  if (endsOn !== undefined && (!isCalendarDate(endsOn) || endsOn < startsOn))
    return refuse('end-date-invalid', 'The last date of a rotation is a date, and none before its first.')
  if (onlyOn === undefined) return null
  if (onlyOn.length === 0 || onlyOn.length > mostDates || !onlyOn.every(isCalendarDate))
    return refuse(
      'dates-invalid',
      `A rotation for some dates names 1 to ${mostDates} of them, as 2026-12-24.`,
    )
  return null
}

/** Bounds are those of a person's typing, far above any team; what passes here cannot make the questions throw or run long. */
export const checkRotation = (rotation: Rotation): ScheduleRefusal | null => {
  const { zone, participants, startsOn, restriction } = rotation
  if (!isZone(zone)) {
    return refuse('unknown-zone', `"${zone.slice(0, 64)}" is not a time zone name such as Europe/Stockholm.`)
  }
  const handOver = checkHandOver(rotation)
  if (handOver) return handOver
  const { count, unit, most } = lengthOf(rotation)
  if (!Number.isInteger(count) || count < 1 || count > most) {
    return refuse('turn-length-invalid', `A turn lasts 1 to ${most} whole ${unit}.`)
  }
  if (!isCalendarDate(startsOn)) {
    return refuse('start-date-invalid', 'The rotation starts on a date of the calendar, as 2026-11-23.')
  }
  if (participants.length === 0)
    return refuse('no-participants', 'A rotation needs at least one participant.')
  if (participants.length > mostParticipants) {
    return refuse('too-many-participants', `A rotation has at most ${mostParticipants} participants.`)
  }
  return (restriction ? checkRestriction(restriction) : null) ?? checkDates(rotation)
}

/** @returns null when every question about the schedule has an answer; gaps and overlaps are for `lintSchedule`. */
export const checkSchedule = (schedule: Schedule): ScheduleRefusal | null => {
  for (const rotation of schedule.layers) {
    const refusal = checkRotation(rotation)
    if (refusal !== null) return refusal
  }
  const ids = [...schedule.layers, ...schedule.overrides].map(({ id }) => id)
  if (new Set(ids).size !== ids.length) {
    return refuse('duplicate-id', 'Two rotations or overrides of the schedule have the same id.')
  }
  const empty = schedule.overrides.find(({ from, to }) => !(from < to))
  if (empty !== undefined) return refuse('override-empty', 'An override must end after it begins.')
  return null
}
