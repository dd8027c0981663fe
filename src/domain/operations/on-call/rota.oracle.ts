/** A second opinion on a rota: lives through it quarter of an hour by quarter of an hour, looking only at a wall clock; shares no code with the rules. */
import { clockReads, daysSinceEpoch } from '../../time/wall-clock.oracle.ts'
import type { Override, Participant, Restriction, Rotation, Schedule } from './schedule.ts'

export const stepMs = 15 * 60_000

/** 1970-01-01, day 0, was a Thursday: day 4 of the week. */
const weekdayOfDay = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const monthLengths = (year: number): readonly number[] => [
  31,
  isLeap(year) ? 29 : 28,
  31,
  30,
  31,
  30,
  31,
  31,
  30,
  31,
  30,
  31,
]

const two = (count: number): string => String(count).padStart(2, '0')

const dateText = (day: number): string => {
  // Walks the calendar from 1970, because subtraction is what the rules do.
  let year = 1970
  let left = day
  while (left >= (isLeap(year) ? 366 : 365)) {
    left -= isLeap(year) ? 366 : 365
    year += 1
  }
  const lengths = monthLengths(year)
  let month = 0
  while (left >= lengths[month]!) {
    left -= lengths[month]!
    month += 1
  }
  return `${year}-${two(month + 1)}-${two(left + 1)}`
}

/** The day of the month, or the month's last. */
const inMonth = (year: number, month: number, dayOfMonth: number): string => {
  const last = monthLengths(year)[month - 1]!
  return `${year}-${two(month)}-${two(dayOfMonth < last ? dayOfMonth : last)}`
}

/** The hand-over after this one, as a person with a calendar on the wall finds it: `2026-11-23T09:00:00`. */
const following = (rotation: Rotation, handOver: string): string => {
  const date = handOver.slice(0, 10)
  const time = handOver.slice(11)
  switch (rotation.kind) {
    case 'hourly': {
      let day = daysSinceEpoch(date)
      let hour = Number(handOver.slice(11, 13))
      for (let passed = 0; passed < rotation.everyHours; passed += 1) {
        hour += 1
        if (hour === 24) {
          hour = 0
          day += 1
        }
      }
      return `${dateText(day)}T${two(hour)}${handOver.slice(13)}`
    }
    case 'daily':
      return `${dateText(daysSinceEpoch(date) + rotation.everyDays)}T${time}`
    case 'weekly':
      return `${dateText(daysSinceEpoch(date) + rotation.everyWeeks * 7)}T${time}`
    case 'monthly': {
      let [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))]
      for (let passed = 0; passed < rotation.everyMonths; passed += 1) {
        month += 1
        if (month === 13) {
          month = 1
          year += 1
        }
      }
      return `${inMonth(year, month, rotation.handOver.dayOfMonth)}T${time}`
    }
  }
}

/** The hand-over that begins the first turn: the one on the day the rotation starts, or the last one before it. */
const firstHandOver = (rotation: Rotation): string => {
  const { handOver, startsOn } = rotation
  let day = daysSinceEpoch(startsOn)
  const isHandOverDay = (): boolean => {
    const date = dateText(day)
    switch (rotation.kind) {
      case 'hourly':
      case 'daily':
        return true
      case 'weekly':
        return weekdayOfDay(day) === rotation.handOver.weekday
      case 'monthly':
        return (
          date === inMonth(Number(date.slice(0, 4)), Number(date.slice(5, 7)), rotation.handOver.dayOfMonth)
        )
    }
  }
  while (!isHandOverDay()) day -= 1
  return `${dateText(day)}T${handOver.time}:00`
}

const crew = (schedule: Schedule, participant: Participant | undefined): readonly string[] => {
  if (participant === null || participant === undefined) return []
  if (typeof participant === 'string') return [participant]
  return schedule.teams?.[participant.team] ?? []
}

/** Whose turn it is at each step, whatever the hours. */
const liveTurns = (schedule: Schedule, rotation: Rotation, clocks: readonly string[]) => {
  const first = firstHandOver(rotation)
  let turn = 0
  let next = following(rotation, first)
  let begun = false
  return clocks.map((clock) => {
    begun ||= clock >= `${rotation.startsOn}T00:00:00` && clock >= first
    if (!begun) return []
    while (clock >= next) {
      turn += 1
      next = following(rotation, next)
    }
    return crew(schedule, rotation.participants[turn % rotation.participants.length])
  })
}

/** Texts of the wall times between which the rotation counts, for every day that the steps touch and a week around them. */
const openings = (restriction: Restriction, firstDay: number, lastDay: number): [string, string][] => {
  const found: [string, string][] = []
  for (let day = firstDay - 8; day <= lastDay + 1; day += 1) {
    if (restriction.kind === 'time-of-day') {
      const { from, to } = restriction
      found.push([`${dateText(day)}T${from}:00`, `${dateText(to <= from ? day + 1 : day)}T${to}:00`])
      continue
    }
    for (const { from, to } of restriction.spans) {
      if (from.weekday !== weekdayOfDay(day)) continue
      let end = day
      while (weekdayOfDay(end) !== to.weekday) end += 1
      if (end === day && to.time <= from.time) end += 7
      found.push([`${dateText(day)}T${from.time}:00`, `${dateText(end)}T${to.time}:00`])
    }
  }
  return found
}

/** From the first step at which the clock has reached the beginning to the last at which it has not passed the end. */
const liveOpenings = (
  pairs: readonly (readonly [string, string])[],
  clocks: readonly string[],
): boolean[] => {
  const counts = clocks.map(() => false)
  for (const [from, to] of pairs) {
    let begins = 0
    while (begins < clocks.length && clocks[begins]! < from) begins += 1
    let last = clocks.length - 1
    while (last >= 0 && clocks[last]! > to) last -= 1
    const ends = last >= 0 && clocks[last] === to ? last : last + 1
    for (let step = begins; step < ends; step += 1) counts[step] = true
  }
  return counts
}

const liveRestriction = (restriction: Restriction | undefined, clocks: readonly string[]): boolean[] => {
  if (restriction === undefined) return clocks.map(() => true)
  const days = [clocks[0]!, clocks.at(-1)!].map((clock) => daysSinceEpoch(clock.slice(0, 10)))
  return liveOpenings(openings(restriction, days[0]! - 1, days[1]! + 1), clocks)
}

const midnightAfter = (date: string): string => `${dateText(daysSinceEpoch(date) + 1)}T00:00:00`

/** Whoever tears off a calendar sees whether the date is on the list, and whether the last one is over. */
const liveDates = ({ onlyOn, endsOn }: Rotation, clocks: readonly string[]): boolean[] => {
  const listed = onlyOn?.map((date) => [`${date}T00:00:00`, midnightAfter(date)] as const)
  const onList = listed ? liveOpenings(listed, clocks) : clocks.map(() => true)
  const notOver = endsOn
    ? liveOpenings([['0000-00-00T00:00:00', midnightAfter(endsOn)]], clocks)
    : clocks.map(() => true)
  return clocks.map((_, step) => onList[step]! && notOver[step]!)
}

const one = (accountId: string | null): readonly string[] => (accountId === null ? [] : [accountId])

const lastInForce = (overrides: readonly Override[], at: number): Override | undefined => {
  let found: Override | undefined
  for (const override of overrides) if (at >= override.from && at < override.to) found = override
  return found
}

/** A person who looks at the notes on the door: the last one that holds now counts, and it is read once. */
const liveForward = ({ forwardings = [] }: Schedule, person: string, at: number): string => {
  let answers = person
  for (const note of forwardings)
    if (note.accountId === person && at >= note.from && at < note.to) answers = note.toAccountId
  return answers
}

/** @returns who a rotation has at each step, overrides of this rotation in place */
const liveRotation = (schedule: Schedule, rotation: Rotation, from: number, to: number) => {
  const instants: number[] = []
  for (let at = from; at < to; at += stepMs) instants.push(at)
  const clocks = instants.map((at) => clockReads(at, rotation.zone))
  const onDate = liveDates(rotation, clocks)
  const counts = liveRestriction(rotation.restriction, clocks).map((open, step) => open && onDate[step]!)
  const own = schedule.overrides.filter(({ rotationIds }) => rotationIds?.includes(rotation.id))
  return liveTurns(schedule, rotation, clocks).map((people, step) => {
    if (!counts[step] || people.length === 0) return []
    const override = lastInForce(own, instants[step]!)
    if (override === undefined) return people
    return one(override.accountId)
  })
}

/**
 * @param from before the start of every rotation
 * @returns who is on call at each step of [from, to), in order, as `alva+birk`; null for nobody
 */
export const liveThrough = (schedule: Schedule, from: number, to: number): readonly (string | null)[] => {
  const lived = schedule.layers.map((rotation) => liveRotation(schedule, rotation, from, to))
  const whole = schedule.overrides.filter(({ rotationIds }) => rotationIds === undefined)
  const seen: (string | null)[] = []
  for (let at = from, step = 0; at < to; at += stepMs, step += 1) {
    const people: string[] = []
    for (const layer of lived) {
      if (schedule.combine !== 'all' && layer[step]!.length > 0) people.length = 0
      people.push(...layer[step]!)
    }
    const override = lastInForce(whole, at)
    if (override !== undefined) people.splice(0, people.length, ...one(override.accountId))
    const answering = people.map((person) => liveForward(schedule, person, at))
    seen.push(people.length === 0 ? null : [...new Set(answering)].join('+'))
  }
  return seen
}
