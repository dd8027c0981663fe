/** Calendar days as a reader's wall shows them, for drawing. Rules that decide anything live in domain/time; browsers lack Temporal. */

const parts = new Map<string, Intl.DateTimeFormat>()

const wallFormat = (zone: string): Intl.DateTimeFormat => {
  let format = parts.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    parts.set(zone, format)
  }
  return format
}

type Wall = { year: number; month: number; day: number; hour: number; minute: number; second: number }

const wallAt = (at: number, zone: string): Wall =>
  Object.fromEntries(
    wallFormat(zone)
      .formatToParts(at)
      .filter(({ type }) => type !== 'literal')
      .map(({ type, value }) => [type, Number(value)]),
  ) as Wall

const offsetMs = (at: number, zone: string): number => {
  const { year, month, day, hour, minute, second } = wallAt(at, zone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}

/** The instant at which a wall clock shows the date and time; where it shows it twice, the first. */
export const instantOf = (date: string, time: string, zone: string): number => {
  const asUtc = Date.parse(`${date}T${time}:00Z`)
  const guess = asUtc - offsetMs(asUtc, zone)
  const better = asUtc - offsetMs(guess, zone)
  const earlier = asUtc - offsetMs(better - 3 * 3_600_000, zone)
  return offsetMs(earlier, zone) === asUtc - earlier ? Math.min(earlier, better) : better
}

export const startOfDay = (date: string, zone: string): number => instantOf(date, '00:00', zone)

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** The Monday on or before a date. */
export const mondayOf = (date: string): string => {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(date, -weekday)
}

export const isDate = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))

/** `2026-11-23` and `09:00`: what the browser's date and time fields take. */
export const wallFields = (at: number, zone: string): { date: string; time: string } => {
  const { year, month, day, hour, minute } = wallAt(at, zone)
  const two = (n: number): string => String(n).padStart(2, '0')
  return { date: `${year}-${two(month)}-${two(day)}`, time: `${two(hour)}:${two(minute)}` }
}
