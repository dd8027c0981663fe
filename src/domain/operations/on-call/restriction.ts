/** When a rotation counts: stretches of its weeks, dates, and up to its end; found near an instant without walking from anywhere. */
import { dateOfDayNumber, dayNumber, weekdayOfDayNumber } from '../../time/calendar-date.ts'
import { intervalSet, type Interval, type IntervalSet } from '../../time/interval.ts'
import { instantOfWallTime, wallTimeAt, type Edge } from '../../time/zone.ts'
import { remembered } from './remembered.ts'
import type { Restriction, Rotation, WeekTime } from './schedule.ts'

const dayMinutes = 1_440
const weekMinutes = 7 * dayMinutes

/** Minutes since Monday 00:00 by the wall clock; `to` may lie in the week after. */
type Span = { readonly from: number; readonly to: number }

const minuteOfWeek = ({ weekday, time }: WeekTime): number =>
  (weekday - 1) * dayMinutes + Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

const spanOf = (from: WeekTime, to: WeekTime, lapMinutes: number): Span => {
  const begins = minuteOfWeek(from)
  const length = (((minuteOfWeek(to) - begins) % lapMinutes) + lapMinutes) % lapMinutes
  return { from: begins, to: begins + (length === 0 ? lapMinutes : length) }
}

const spansOf = (restriction: Restriction): Span[] => {
  switch (restriction.kind) {
    case 'time-of-day':
      return ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => {
        const { from, to } = restriction
        return spanOf({ weekday, time: from }, { weekday, time: to }, dayMinutes)
      })
    case 'weekday-and-time-of-day':
      return restriction.spans.map(({ from, to }) => spanOf(from, to, weekMinutes))
  }
}

/** In order and apart from one another, the last one possibly reaching over the end of the week; null: always. */
export const weekOf = (restriction: Restriction): readonly Span[] | null => {
  const within = spansOf(restriction).flatMap(({ from, to }) =>
    to <= weekMinutes
      ? [{ from, to }]
      : [
          { from, to: weekMinutes },
          { from: 0, to: to - weekMinutes },
        ],
  )
  const joined = intervalSet(within)
  const [first, last] = [joined[0], joined.at(-1)]
  if (first === undefined || last === undefined || first.from > 0 || last.to < weekMinutes) return joined
  if (first === last) return null
  return [...joined.slice(1, -1), { from: last.from, to: weekMinutes + first.to }]
}

/**
 * The stretch of time around an instant in which a rotation counts, or in which it does not.
 * @property from null: since ever; until null: for ever
 */
export type Counted = {
  readonly counts: boolean
  readonly from: number | null
  readonly until: number | null
}

const always: Counted = { counts: true, from: null, until: null }

/** Around a calendar that skips a day, and no further than anybody's week. */
const mostSteps = 64

const weeks = remembered<Restriction, readonly Span[] | null>()
const edges = remembered<Rotation, number>()

/** Stretches of a rotation's weeks, numbered on from one week to the next. */
const numbered = (spans: readonly Span[], rotation: Rotation) => {
  const { zone } = rotation
  const instantOf = (number: number, end: 'from' | 'to', edge: Edge): number => {
    const week = Math.floor(number / spans.length)
    const minute = week * weekMinutes + spans[number - week * spans.length]![end]
    // Week 0 begins on Monday 1969-12-29, day -3.
    const date = dateOfDayNumber(Math.floor(minute / dayMinutes) - 3)
    const time = ((minute % dayMinutes) + dayMinutes) % dayMinutes
    const [hours, minutes] = [Math.floor(time / 60), time % 60].map((count) => String(count).padStart(2, '0'))
    return instantOfWallTime(`${date}T${hours}:${minutes}`, zone, edge)
  }
  const edgeAt = (number: number, end: 'from' | 'to'): number =>
    edges(rotation, number * 2 + (end === 'from' ? 0 : 1), () =>
      instantOf(number, end, end === 'from' ? 'start' : 'end'),
    )
  return {
    /** By the rule of edges: from the first occurrence of its beginning to the last of its end. */
    beginOf: (number: number) => edgeAt(number, 'from'),
    endOf: (number: number) => edgeAt(number, 'to'),
    /** The last stretch that has begun. */
    at: (instant: number): number => {
      const wall = wallTimeAt(instant, zone)
      const day = dayNumber(wall.slice(0, 10))
      const monday = day - (weekdayOfDayNumber(day) - 1)
      let number = ((monday + 3) / 7 + 1) * spans.length
      while (edgeAt(number, 'from') > instant) number -= 1
      while (edgeAt(number + 1, 'from') <= instant) number += 1
      return number
    },
  }
}

const countedByHours = (rotation: Rotation, at: number): Counted => {
  const { restriction } = rotation
  const spans = restriction === undefined ? null : weeks(restriction, 0, () => weekOf(restriction))
  if (spans === null) return always
  const { beginOf, endOf, at: numberAt } = numbered(spans, rotation)
  const isEmpty = (number: number): boolean => endOf(number) <= beginOf(number)
  let number = numberAt(at)
  if (endOf(number) > at) {
    let last = number
    // Stretches touch where the clock skips what lies between them.
    for (let step = 0; step < mostSteps && endOf(number - 1) >= beginOf(number); step += 1) number -= 1
    for (let step = 0; step < mostSteps && beginOf(last + 1) <= endOf(last); step += 1) last += 1
    return { counts: true, from: beginOf(number), until: endOf(last) }
  }
  let next = number + 1
  for (let step = 0; step < mostSteps && isEmpty(number); step += 1) number -= 1
  for (let step = 0; step < mostSteps && isEmpty(next); step += 1) next += 1
  return { counts: false, from: endOf(number), until: beginOf(next) }
}

const midnightsOf = (date: string, zone: string): Interval => ({
  from: instantOfWallTime(`${date}T00:00`, zone, 'start'),
  to: instantOfWallTime(`${dateOfDayNumber(dayNumber(date) + 1)}T00:00`, zone, 'end'),
})

const dates = remembered<Rotation, IntervalSet>()

const countedByDates = (rotation: Rotation, onlyOn: readonly string[], at: number): Counted => {
  const days = dates(rotation, 0, () => intervalSet(onlyOn.map((date) => midnightsOf(date, rotation.zone))))
  const place = days.findLastIndex(({ from }) => from <= at)
  const last = days[place]
  if (last !== undefined && at < last.to) return { counts: true, from: last.from, until: last.to }
  return { counts: false, from: last?.to ?? null, until: days[place + 1]?.from ?? null }
}

const ends = remembered<Rotation, number>()

const countedByEnd = (rotation: Rotation, endsOn: string, at: number): Counted => {
  const end = ends(rotation, 0, () => midnightsOf(endsOn, rotation.zone).to)
  return at < end ? { counts: true, from: null, until: end } : { counts: false, from: end, until: null }
}

const known = (instants: readonly (number | null)[]): number[] => instants.filter((at) => at !== null)

/**
 * By its hours, its dates and its end together. A stretch in which it does not count may go on after its end; one in
 * which it counts does not.
 * @param rotation must have passed `checkRotation`
 */
export const countedAt = (rotation: Rotation, at: number): Counted => {
  const { onlyOn, endsOn } = rotation
  const byHours = countedByHours(rotation, at)
  if (onlyOn === undefined && endsOn === undefined) return byHours
  const all = [
    byHours,
    ...(onlyOn === undefined ? [] : [countedByDates(rotation, onlyOn, at)]),
    ...(endsOn === undefined ? [] : [countedByEnd(rotation, endsOn, at)]),
  ]
  const not = all.filter(({ counts }) => !counts)
  if (not.length > 0)
    return {
      counts: false,
      from: not.some(({ from }) => from === null) ? null : Math.min(...known(not.map(({ from }) => from))),
      until: not.some(({ until }) => until === null)
        ? null
        : Math.max(...known(not.map(({ until }) => until))),
    }
  const [latest, earliest] = [known(all.map(({ from }) => from)), known(all.map(({ until }) => until))]
  return {
    counts: true,
    from: latest.length === 0 ? null : Math.max(...latest),
    until: earliest.length === 0 ? null : Math.min(...earliest),
  }
}
