/** Instants are epoch milliseconds everywhere in the rules; this file is the only door between them and text. */
/// <reference lib="esnext.temporal" />

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** RFC 3339 with an offset: a time without one is a wall time, and those belong to zone.ts. */
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9}\d*)?(?:[Zz]|[+-]\d\d:\d\d)$/

/**
 * @param text RFC 3339 (section 5.6) date-time with `Z` or an offset; fractions beyond a millisecond are cut off
 * @returns epoch milliseconds, or null when the text is not such a time (never throws)
 */
export const parseInstant = (text: string): number | null => {
  if (text.length > 64 || !rfc3339.test(text)) return null
  // Temporal refuses more than nine digits; senders written in other languages do write them.
  const atMostNine = text.replace(/(\.\d{9})\d+/, '$1')
  try {
    return Temporal.Instant.from(atMostNine.toUpperCase().replace(' ', 'T')).epochMilliseconds
  } catch {
    return null
  }
}

/** @returns RFC 3339 in UTC with exactly three decimals, as `2026-11-22T20:32:56.851Z`; throws a RangeError outside the calendar. */
export const formatInstant = (at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' })

/** @returns a length of time as a person says it: `45 s`, `10 min`, `1 h 20 min`, `3 d 4 h`; two units at most, cut off, never rounded up. */
export const describeDuration = (lengthMs: number): string => {
  if (lengthMs < 0) return `-${describeDuration(-lengthMs)}`
  if (lengthMs < second) return `${Math.floor(lengthMs)} ms`
  const units = [
    [day, 'd'],
    [hour, 'h'],
    [minute, 'min'],
    [second, 's'],
  ] as const
  const largest = units.findIndex(([size]) => lengthMs >= size)
  const parts: string[] = []
  let rest = lengthMs
  for (const [size, name] of units.slice(largest, largest + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${name}`)
  }
  return parts.join(' ')
}
