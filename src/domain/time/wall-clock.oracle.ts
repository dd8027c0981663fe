/** A second opinion for the tests of wall time: reads the clock through Intl and walks it minute by minute; shares no code with the rules. */

const formats = new Map<string, Intl.DateTimeFormat>()

const formatFor = (zone: string): Intl.DateTimeFormat => {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, format)
  }
  return format
}

/** What the clock shows, as `2026-11-23T09:00:00`: such texts sort as wall times do. */
export const clockReads = (at: number, zone: string): string => {
  const [, month, date, year, time] = /^(\d\d)\/(\d\d)\/(\d{4}), (\S+)$/.exec(formatFor(zone).format(at))!
  return `${year}-${month}-${date}T${time}`
}

const minute = 60_000

/** Days since 1970-01-01 by Howard Hinnant's days_from_civil, so that not even Date is shared with what is tested. */
export const daysSinceEpoch = (date: string): number => {
  const month = Number(date.slice(5, 7))
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0)
  const era = Math.floor(year / 400)
  const yearOfEra = year - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(date.slice(8, 10)) - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The wall time taken as if it were UTC, in epoch milliseconds: never further than a day from the truth. */
const asIfUtc = (wall: string): number =>
  daysSinceEpoch(wall) * 1_440 * minute +
  (Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16))) * minute

/** Steps through two and a half days around the wall time, however far the zone is from UTC. */
export const walkToWallTime = (wall: string, zone: string, edge: 'start' | 'end'): number => {
  const wanted = wall.length === 16 ? `${wall}:00` : wall
  const middle = asIfUtc(wanted)
  let found = Number.NaN
  for (let at = middle - 30 * 60 * minute; at <= middle + 30 * 60 * minute; at += minute) {
    const shown = clockReads(at, zone)
    if (edge === 'start' && shown >= wanted) return at
    if (edge === 'end' && shown <= wanted) found = shown === wanted ? at : at + minute
  }
  return found
}

/** Zones chosen for their trouble: a half-hour change, no change, a lost day, a fasting month without summer time, the seed's own. */
export const troublesomeZones = [
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Europe/Stockholm',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Pacific/Chatham',
  'UTC',
]
