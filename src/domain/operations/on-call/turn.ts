/** Which turn of a rotation an instant falls in: found by division from the calendar, however many years away. */
import { instantOfWallTime, wallTimeAt, type Edge } from '../../time/zone.ts'
import { handOverWallTime, nearestHandOver } from './hand-over-wall-time.ts'
import { remembered } from './remembered.ts'
import type { Participant, Rotation } from './schedule.ts'

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

const handOvers = remembered<Rotation, number>()
const starts = remembered<Rotation, number>()

const handOverAt = (rotation: Rotation, index: number, edge: Edge): number =>
  handOvers(rotation, index * 2 + (edge === 'start' ? 0 : 1), () =>
    instantOfWallTime(handOverWallTime(rotation, index), rotation.zone, edge),
  )

/** @returns when the rotation puts its first participant on call, epoch milliseconds. */
export const rotationStart = (rotation: Rotation): number =>
  starts(rotation, 0, () =>
    Math.max(
      instantOfWallTime(`${rotation.startsOn}T00:00`, rotation.zone, 'start'),
      handOverAt(rotation, 0, 'start'),
    ),
  )

/** @param index 0 for the first turn, and any whole number above */
export const turnOf = (rotation: Rotation, index: number): Turn => {
  const { participants } = rotation
  return {
    index,
    participant: participants[index % participants.length] ?? null,
    from: index === 0 ? rotationStart(rotation) : handOverAt(rotation, index, 'start'),
    to: handOverAt(rotation, index + 1, 'start'),
    relievedAt: handOverAt(rotation, index + 1, 'end'),
  }
}

/** @returns the turn at the instant, or null before the rotation starts. */
export const turnAt = (rotation: Rotation, at: number): Turn | null => {
  if (at < rotationStart(rotation)) return null
  // A clock change, or a day that the calendar of the zone skips, can be a few more steps.
  let index = Math.max(0, nearestHandOver(rotation, wallTimeAt(at, rotation.zone)))
  while (index > 0 && handOverAt(rotation, index, 'start') > at) index -= 1
  while (handOverAt(rotation, index + 1, 'start') <= at) index += 1
  return turnOf(rotation, index)
}
