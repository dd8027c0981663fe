/** Cuts what happens over weeks into the rows of a calendar: a week a row, each day equally wide, whatever the clock does. */
import { addDays, startOfDay } from '../../parts/days.ts'

export type Day = {
  readonly date: string
  readonly from: number
  readonly to: number
  readonly weekend: boolean
}
export type Week = { readonly days: readonly Day[]; readonly from: number; readonly to: number }

export const weeksFrom = (monday: string, count: number, zone: string): readonly Week[] =>
  Array.from({ length: count }, (_, week) => {
    const days = Array.from({ length: 7 }, (__, day): Day => {
      const date = addDays(monday, week * 7 + day)
      return { date, from: startOfDay(date, zone), to: startOfDay(addDays(date, 1), zone), weekend: day > 4 }
    })
    return { days, from: days[0]!.from, to: days[6]!.to }
  })

/** Where an instant lies in its week: 0 at the beginning of Monday, 1 at the end of Sunday. */
export const placeIn = (week: Week, at: number): number => {
  const index = week.days.findIndex((day) => at < day.to)
  const day = week.days[index]
  if (!day) return 1
  return (index + Math.max(0, (at - day.from) / (day.to - day.from))) / 7
}

export type Span<T> = {
  readonly of: T
  readonly left: number
  readonly width: number
  readonly begins: boolean
  readonly ends: boolean
}

/** The parts of intervals that fall into one week. */
export const spansIn = <T extends { readonly from: number; readonly to: number }>(
  week: Week,
  intervals: readonly T[],
): readonly Span<T>[] =>
  intervals
    .filter(({ from, to }) => from < week.to && to > week.from)
    .map((of) => {
      const left = placeIn(week, Math.max(of.from, week.from))
      const right = placeIn(week, Math.min(of.to, week.to))
      return { of, left, width: right - left, begins: of.from >= week.from, ends: of.to <= week.to }
    })
