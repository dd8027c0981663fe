/** Wall clocks and the instants they name: the one place that knows time zones, and the one rule for times that happen twice or never. */
/// <reference lib="esnext.temporal" />
import { refuse, type Refusal } from '../refusal.ts'

/** Local date and time without a zone, as a wall clock and a calendar show it: `2026-11-23T09:00` (seconds optional). */
export type WallTime = string

/**
 * The hand-over rule for wall times that the clock shows twice or not at all.
 * `start` is the first instant at which the clock reads the time or later, `end` the last at which it reads the time or
 * earlier. So an ambiguous time starts at its first occurrence and ends at its last (an overlap is preferred to a gap),
 * a missing one moves forward to the jump for both, and neither ever runs against the order of wall times.
 */
export type Edge = 'start' | 'end'

const wallTimeShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/

const canonicalZones = new Map<string, string | null>()

/** Temporal also takes `+02:00` for a zone; a rota wants a place with rules, so only IANA names pass. */
const canonicalZone = (name: string): string | null => {
  if (name.length > 64 || !/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return null
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    return null
  }
}

/** @returns whether `name` is an IANA time zone that this runtime's tzdata knows, in any letter case. */
export const isZone = (name: string): boolean => {
  if (canonicalZones.size > 1_000) canonicalZones.clear()
  let canonical = canonicalZones.get(name)
  if (canonical === undefined) canonicalZones.set(name, (canonical = canonicalZone(name)))
  return canonical !== null
}

/** @returns the zone's name in its proper letter case, or `unknown-zone`. */
export const zoneNamed = (name: string): string | Refusal<'unknown-zone'> =>
  canonicalZone(name) ??
  refuse(
    'unknown-zone',
    `"${name.slice(0, 64)}" is not a time zone name; write one such as Europe/Stockholm or UTC.`,
  )

/** @returns whether the text is a date and time that the calendar has. */
export const isWallTime = (wall: string): boolean => {
  if (!wallTimeShape.test(wall)) return false
  try {
    Temporal.PlainDateTime.from(wall, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}

/**
 * @param wall must satisfy `isWallTime`, `zone` must satisfy `isZone`; anything else throws a RangeError, for it is a fault of the caller
 * @returns the instant in epoch milliseconds, by the rule of `Edge`
 */
export const instantOfWallTime = (wall: WallTime, zone: string, edge: Edge): number => {
  const local = Temporal.PlainDateTime.from(wall, { overflow: 'reject' })
  const zoned = local.toZonedDateTime(zone, { disambiguation: edge === 'start' ? 'earlier' : 'later' })
  if (zoned.toPlainDateTime().equals(local)) return zoned.epochMilliseconds
  // Missing: Temporal's answers lie a whole gap before or after. Taking its "later" one would send 02:30 to 03:30 while
  // 03:00 stays 03:00, so that times change places; the jump itself keeps them in order.
  const beforeJump = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const jump = beforeJump.getTimeZoneTransition('next')
  return (jump ?? zoned).epochMilliseconds
}

/** @returns what the wall clock of `zone` shows at the instant, to the second. */
export const wallTimeAt = (at: number, zone: string): WallTime =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })

/** @returns the calendar date in `zone` at the instant, as `2026-11-23`. */
export const dateAt = (at: number, zone: string): string => wallTimeAt(at, zone).slice(0, 10)

/** @returns the offset from UTC in `zone` at the instant, in milliseconds. */
export const offsetMsAt = (at: number, zone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6

/** @returns the first instant after `at` at which the zone's offset changes, or null when none is known. */
export const nextOffsetChange = (at: number, zone: string): number | null =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).getTimeZoneTransition('next')
    ?.epochMilliseconds ?? null
