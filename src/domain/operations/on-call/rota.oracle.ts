/** A second opinion on a rota: lives through it quarter of an hour by quarter of an hour, looking only at a wall clock; shares no code with the rules. */
import { clockReads, daysSinceEpoch } from '../../time/wall-clock.oracle.ts'
import type { Rotation, Schedule } from './schedule.ts'

export const stepMs = 15 * 60_000

/** 1970-01-01, day 0, was a Thursday: day 4 of the week. */
const weekdayOfDay = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

/** One rotation being lived through: what a person would keep on a whiteboard. */
type Whiteboard = {
  readonly rotation: Rotation
  turn: number
  nextHandOver: string | null
}

const dateText = (day: number): string => {
  // Walks the calendar from 1970, because subtraction is what the rules do.
  let year = 1970
  let left = day
  const isLeap = (y: number) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
  while (left >= (isLeap(year) ? 366 : 365)) {
    left -= isLeap(year) ? 366 : 365
    year += 1
  }
  const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  let month = 0
  while (left >= lengths[month]!) {
    left -= lengths[month]!
    month += 1
  }
  return `${year}-${String(month + 1).padStart(2, '0')}-${String(left + 1).padStart(2, '0')}`
}

/** The first hand-over after the day the rotation starts, or that day's own. */
const firstHandOverDay = ({ startsOn, handOver }: Rotation): number => {
  let day = daysSinceEpoch(startsOn)
  while (weekdayOfDay(day) !== handOver.weekday) day += 1
  return day
}

const live = (board: Whiteboard, at: number): string | null => {
  const { rotation } = board
  const clock = clockReads(at, rotation.zone)
  const handOverOn = (day: number) => `${dateText(day)}T${rotation.handOver.time}:00`
  if (board.nextHandOver === null) {
    if (clock < `${rotation.startsOn}T00:00:00`) return null
    const firstDay = firstHandOverDay(rotation)
    const startsWithAHandOver = dateText(firstDay) === rotation.startsOn
    if (startsWithAHandOver && clock < handOverOn(firstDay)) return null
    const aheadDays = startsWithAHandOver ? rotation.everyWeeks * 7 : (rotation.everyWeeks - 1) * 7
    board.nextHandOver = handOverOn(firstDay + aheadDays)
  }
  while (clock >= board.nextHandOver) {
    board.turn += 1
    const day = daysSinceEpoch(board.nextHandOver) + rotation.everyWeeks * 7
    board.nextHandOver = handOverOn(day)
  }
  return rotation.participants[board.turn % rotation.participants.length] ?? null
}

/**
 * @param from before the start of every rotation: the whiteboards begin empty
 * @returns who is on call at each step of [from, to)
 */
export const liveThrough = (schedule: Schedule, from: number, to: number): readonly (string | null)[] => {
  const boards = schedule.layers.map((rotation) => ({
    rotation,
    turn: 0,
    nextHandOver: null as string | null,
  }))
  const seen: (string | null)[] = []
  for (let at = from; at < to; at += stepMs) {
    let answer: string | null = null
    for (const board of boards) answer = live(board, at) ?? answer
    for (const override of schedule.overrides) {
      if (at >= override.from && at < override.to) answer = override.accountId
    }
    seen.push(answer)
  }
  return seen
}
