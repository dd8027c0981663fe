/** How an instant is written in a message: unambiguous for a tired reader, on both sides of a clock change. */
import { dayNumber, weekdayNames, weekdayOfDayNumber } from './calendar-date.ts'
import { offsetMsAt, wallTimeAt } from './zone.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** @returns `+01:00`, `-09:30`; seconds are shown only where history has them (`+00:53:28`). */
export const describeOffset = (offsetMs: number): string => {
  const seconds = Math.round(Math.abs(offsetMs) / 1_000)
  const two = (n: number) => String(n).padStart(2, '0')
  const rest = seconds % 60 === 0 ? '' : `:${two(seconds % 60)}`
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}${rest}`
}

/**
 * @returns `Mon 23 Nov 2026 09:00 +01:00`. The offset stands in for a zone abbreviation, because those are not unique
 * (CST, IST) and because it alone tells the first 02:30 from the second when the clock goes back.
 */
export const describeInstant = (at: number, zone: string): string => {
  const wall = wallTimeAt(at, zone)
  const date = wall.slice(0, 10)
  const weekday = weekdayNames[weekdayOfDayNumber(dayNumber(date)) - 1]!.slice(0, 3)
  const month = months[Number(date.slice(5, 7)) - 1]
  return `${weekday} ${Number(date.slice(8, 10))} ${month} ${date.slice(0, 4)} ${wall.slice(11, 16)} ${describeOffset(offsetMsAt(at, zone))}`
}
