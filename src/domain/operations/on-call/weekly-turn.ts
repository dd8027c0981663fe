/** Which turn of a weekly rotation an instant falls in: found by division from the calendar, however many years away. */
import { dateOfDayNumber, dayNumber, weekdayOfDayNumber } from '../../time/calendar-date.ts'
import { dateAt, instantOfWallTime, type Edge } from '../../time/zone.ts'
import type { Participant, WeeklyRotation } from './schedule.ts'

/**
 * @property from when the participant takes over: the first occurrence of the hand-over time
 * @property to   when the next one takes over, which is when the answer to "who" changes
 * @property relievedAt when this turn's duty ends: the last occurrence of that time, so later than `to` when the clock goes back across it
 */
export type Turn = {
  readonly index: number
  readonly participant: Participant
  readonly from: number
  readonly to: number
  readonly relievedAt: number
}

/** The day of the hand-over on or last before the day the rotation starts. */
const anchorDay = ({ startsOn, handOver }: WeeklyRotation): number => {
  const startDay = dayNumber(startsOn)
  const daysPast = (weekdayOfDayNumber(startDay) - handOver.weekday + 7) % 7
  return startDay - daysPast
}

/** When the turn begins or, as `end`, when the one before it is relieved; not before the rotation starts. */
const handOverAt = (rotation: WeeklyRotation, anchor: number, index: number, edge: Edge): number => {
  const date = dateOfDayNumber(anchor + index * rotation.everyWeeks * 7)
  return instantOfWallTime(`${date}T${rotation.handOver.time}`, rotation.zone, edge)
}

/** @returns when the rotation puts its first participant on call, epoch milliseconds. */
export const weeklyStart = (rotation: WeeklyRotation): number =>
  Math.max(
    instantOfWallTime(`${rotation.startsOn}T00:00`, rotation.zone, 'start'),
    handOverAt(rotation, anchorDay(rotation), 0, 'start'),
  )

/** @param index 0 for the first turn, and any whole number above */
export const weeklyTurn = (rotation: WeeklyRotation, index: number): Turn => {
  const anchor = anchorDay(rotation)
  const { participants } = rotation
  return {
    index,
    participant: participants[index % participants.length] ?? null,
    from: index === 0 ? weeklyStart(rotation) : handOverAt(rotation, anchor, index, 'start'),
    to: handOverAt(rotation, anchor, index + 1, 'start'),
    relievedAt: handOverAt(rotation, anchor, index + 1, 'end'),
  }
}

/** @returns the turn at the instant, or null before the rotation starts. */
export const weeklyTurnAt = (rotation: WeeklyRotation, at: number): Turn | null => {
  if (at < weeklyStart(rotation)) return null
  const anchor = anchorDay(rotation)
  // Dates decide the turn but for the time of day of the hand-over; a clock change around midnight can add one more step.
  let index = Math.floor((dayNumber(dateAt(at, rotation.zone)) - anchor) / (rotation.everyWeeks * 7))
  while (handOverAt(rotation, anchor, index, 'start') > at) index -= 1
  while (handOverAt(rotation, anchor, index + 1, 'start') <= at) index += 1
  return weeklyTurn(rotation, index)
}
