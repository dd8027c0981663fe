/** Dates, times, durations and numbers as the reader writes them: by locale and zone of their account, never of the browser. */

export type Reader = { readonly locale: string; readonly zone: string }

const formats = new Map<string, Intl.DateTimeFormat>()

const dateFormat = (reader: Reader, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${reader.locale} ${reader.zone} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(reader.locale, { timeZone: reader.zone, hourCycle: 'h23', ...options })
    formats.set(key, format)
  }
  return format
}

export const clockTime = (at: number, reader: Reader): string =>
  dateFormat(reader, { hour: '2-digit', minute: '2-digit' }).format(at)

export const clockTimeWithSeconds = (at: number, reader: Reader): string =>
  dateFormat(reader, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at)

export const shortDate = (at: number, reader: Reader): string =>
  dateFormat(reader, { day: 'numeric', month: 'short' }).format(at)

export const weekday = (at: number, reader: Reader): string =>
  dateFormat(reader, { weekday: 'short' }).format(at)

/** @param day 1 is Monday */
export const longWeekday = (day: number, { locale }: Reader): string =>
  dateFormat({ locale, zone: 'UTC' }, { weekday: 'long' }).format(Date.UTC(2026, 10, 22 + day, 12))

export const dateWithYear = (at: number, reader: Reader): string =>
  dateFormat(reader, { day: 'numeric', month: 'short', year: 'numeric' }).format(at)

/** `Mon 23 Nov 09:00`: enough where everything happens within weeks. */
export const dayAndTime = (at: number, reader: Reader): string =>
  dateFormat(reader, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at)

/** With year, seconds and zone: what a person copies into a report. */
export const exactTime = (at: number, reader: Reader): string =>
  dateFormat(reader, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(at)

/** A calendar date as the reader writes it; it has no zone. */
export const calendarDate = (date: string, reader: Reader): string =>
  dateWithYear(Date.parse(`${date}T12:00:00Z`), { ...reader, zone: 'UTC' })

/** The calendar date in the reader's zone as `2026-11-23`. */
export const isoDate = (at: number, zone: string): string =>
  dateFormat({ locale: 'en-CA', zone }, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const relativeFormats = new Map<string, Intl.RelativeTimeFormat>()
const relativeFormat = (locale: string): Intl.RelativeTimeFormat => {
  let format = relativeFormats.get(locale)
  if (!format) {
    format = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'narrow' })
    relativeFormats.set(locale, format)
  }
  return format
}

/** `4 min ago`, `in 3 h`; beyond a week the date says more. */
export const relativeTime = (at: number, now: number, reader: Reader): string => {
  const distance = at - now
  const size = Math.abs(distance)
  const format = relativeFormat(reader.locale)
  if (size < 45_000) return format.format(Math.sign(distance || -1) * Math.round(size / 1000), 'second')
  if (size < 90 * MINUTE) return format.format(Math.round(distance / MINUTE), 'minute')
  if (size < 36 * HOUR) return format.format(Math.round(distance / HOUR), 'hour')
  if (size < 7 * DAY) return format.format(Math.round(distance / DAY), 'day')
  return isoDate(at, reader.zone).slice(0, 4) === isoDate(now, reader.zone).slice(0, 4)
    ? shortDate(at, reader)
    : dateWithYear(at, reader)
}

/** `3 h 05 min`, `12 min`, `40 s`: durations people compare. */
export const duration = (ms: number): string => {
  if (ms < 0) return `−${duration(-ms)}`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < MINUTE) return `${Math.round(ms / 1000)} s`
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`
  if (ms < 2 * DAY) {
    const minutes = Math.round(ms / MINUTE)
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
  }
  const hours = Math.round(ms / HOUR)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `1:04:09` on a player, where the colon is expected. */
export const playingTime = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (n: number): string => String(n).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}

export const wholeNumber = (n: number, reader: Reader): string =>
  new Intl.NumberFormat(reader.locale).format(n)

export const byteSize = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} kB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
