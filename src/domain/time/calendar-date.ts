/** Counting days between calendar dates, with no zone and no clock, so that a rotation's turn is found by division and not by walking. */
/// <reference lib="esnext.temporal" />

/** A date of the calendar, as `2026-11-23`. */
export type CalendarDate = string

/** ISO 8601: Monday is 1, Sunday is 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

export const weekdayNames = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const

const dayMs = 86_400_000

export const isCalendarDate = (text: string): boolean => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}

/** @returns days since 1970-01-01, negative before; throws a RangeError on what is not a date. */
export const dayNumber = (date: CalendarDate): number =>
  Temporal.Instant.from(`${date}T00:00:00Z`).epochMilliseconds / dayMs

/** The inverse of `dayNumber`. */
export const dateOfDayNumber = (days: number): CalendarDate =>
  Temporal.Instant.fromEpochMilliseconds(days * dayMs)
    .toString()
    .slice(0, 10)

/** 1970-01-01 was a Thursday. */
export const weekdayOfDayNumber = (days: number): Weekday => (((((days + 3) % 7) + 7) % 7) + 1) as Weekday

export const weekdayOf = (date: CalendarDate): Weekday => weekdayOfDayNumber(dayNumber(date))
