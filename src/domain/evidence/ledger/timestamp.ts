/** The one written form of an instant in the ledger, `2026-11-22T20:40:00.123Z`: its text order is its time order. */

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})\.\d{3}Z$/

/** True for instants that exist; leap seconds, which no clock of ours shows, do not. */
export function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string') return false
  const parts = SHAPE.exec(value)
  if (parts === null) return false
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOfMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59
  )
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const DAY_MS = 86_400_000

/**
 * @param epochMs whole milliseconds since 1970, within years 0000 to 9999
 * @throws RangeError outside
 */
export function timestampOf(epochMs: number): string {
  const days = Math.floor(epochMs / DAY_MS)
  const { year, month, day } = dateOfDay(days)
  if (!Number.isSafeInteger(epochMs) || year < 0 || year > 9999) throw new RangeError('instant out of range')
  const ms = epochMs - days * DAY_MS
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60].map(
    two,
  )
  const milliseconds = String(ms % 1000).padStart(3, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock.join(':')}.${milliseconds}Z`
}

/** Days since 1970 to the proleptic Gregorian date; Howard Hinnant, "chrono-compatible low-level date algorithms". */
function dateOfDay(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}
