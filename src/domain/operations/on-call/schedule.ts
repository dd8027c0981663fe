/** What a rota is made of: layers of rotations, and overrides on top; plain data, so that any version of it can be asked about any instant. */
import { isCalendarDate, type CalendarDate, type Weekday } from '../../time/calendar-date.ts'
import { isZone } from '../../time/zone.ts'
import { refuse, type Refusal } from '../../refusal.ts'

/** An account id, or null for a turn in which this rotation puts nobody on call and lower layers show through. */
export type Participant = string | null

/**
 * One engineer, n weeks, handed over at a wall time of a zone.
 * Turns are counted from the hand-over on or last before `startsOn`: starting in mid-week, the first participant takes
 * the rest of that turn, from the beginning of that day, so that a rota made on a Wednesday has somebody on call on Wednesday.
 */
export type WeeklyRotation = {
  readonly kind: 'weekly'
  readonly id: string
  readonly everyWeeks: number
  readonly handOver: { readonly weekday: Weekday; readonly time: string }
  readonly zone: string
  readonly participants: readonly Participant[]
  readonly startsOn: CalendarDate
}

/** Daily, monthly and hourly rotations join this union, each with its own file that answers `turnAt`. */
export type Rotation = WeeklyRotation

/** Replaces whoever the layers say; null means that nobody is on call on purpose. Where overrides overlap, the later in the list wins. */
export type Override = {
  readonly id: string
  readonly accountId: string | null
  readonly from: number
  readonly to: number
}

/** Layers are ordered from the bottom up: the highest that has somebody decides. */
export type Schedule = {
  readonly id: string
  readonly layers: readonly Rotation[]
  readonly overrides: readonly Override[]
}

export type ScheduleRefusal = Refusal<
  | 'unknown-zone'
  | 'hand-over-invalid'
  | 'turn-length-invalid'
  | 'start-date-invalid'
  | 'no-participants'
  | 'too-many-participants'
  | 'override-empty'
  | 'duplicate-id'
>

const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d$/
const longestTurnWeeks = 52
const mostParticipants = 200

/** Bounds are those of a person's typing, far above any team; what passes here cannot make the questions throw or run long. */
export const checkRotation = (rotation: Rotation): ScheduleRefusal | null => {
  const { everyWeeks, handOver, zone, participants, startsOn } = rotation
  if (!isZone(zone)) {
    return refuse('unknown-zone', `"${zone.slice(0, 64)}" is not a time zone name such as Europe/Stockholm.`)
  }
  if (!Number.isInteger(handOver.weekday) || handOver.weekday < 1 || handOver.weekday > 7) {
    return refuse('hand-over-invalid', 'The hand-over day is a number from 1 (Monday) to 7 (Sunday).')
  }
  if (!timeOfDay.test(handOver.time)) {
    return refuse(
      'hand-over-invalid',
      'The hand-over time is hours and minutes from 00:00 to 23:59, as 09:00.',
    )
  }
  if (!Number.isInteger(everyWeeks) || everyWeeks < 1 || everyWeeks > longestTurnWeeks) {
    return refuse('turn-length-invalid', `A turn lasts 1 to ${longestTurnWeeks} whole weeks.`)
  }
  if (!isCalendarDate(startsOn)) {
    return refuse('start-date-invalid', 'The rotation starts on a date of the calendar, as 2026-11-23.')
  }
  if (participants.length === 0)
    return refuse('no-participants', 'A rotation needs at least one participant.')
  if (participants.length > mostParticipants) {
    return refuse('too-many-participants', `A rotation has at most ${mostParticipants} participants.`)
  }
  return null
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
