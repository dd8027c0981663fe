/** Instants and lengths of time as a reader writes them: in their zone, unambiguous also on both sides of a clock change. */
import { describeOffset } from '../../../domain/time/describe-instant.ts'
import { offsetMsAt } from '../../../domain/time/zone.ts'
import { catalogue } from './catalogue.ts'
import { localeOf, type Reader } from './languages.ts'

const say = catalogue('moments', {
  moment: '{date} {time} {offset}',
  'under-a-minute': 'less than a minute',
  minutes: '{minutes} min',
  hours: '{hours} h {minutes} min',
  days: '{days} d {hours} h',
})

type Parts = { readonly date: Intl.DateTimeFormat; readonly time: Intl.DateTimeFormat }
const formats = new Map<string, Parts>()
const MOST_KEPT = 500

const formatsFor = (reader: Reader): Parts => {
  const locale = localeOf(reader)
  const key = `${locale} ${reader.zone}`
  const known = formats.get(key)
  if (known) return known
  if (formats.size >= MOST_KEPT) formats.clear()
  const given = { timeZone: reader.zone } as const
  const made = {
    date: new Intl.DateTimeFormat(locale, {
      ...given,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
    }),
    time: new Intl.DateTimeFormat(locale, {
      ...given,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
  }
  formats.set(key, made)
  return made
}

/**
 * @returns `Mon, Nov 23, 2026 09:00 +01:00` in English; the offset stands in for a zone abbreviation, because those are
 * not unique (CST, IST) and because it alone tells the first 02:30 from the second when the clock goes back
 */
export const momentFor = (reader: Reader, at: number): string => {
  const { date, time } = formatsFor(reader)
  return say(reader, 'moment', {
    date: date.format(at),
    time: time.format(at),
    offset: describeOffset(offsetMsAt(at, reader.zone)),
  })
}

const twoDigits = (reader: Reader, n: number): string =>
  new Intl.NumberFormat(localeOf(reader), { minimumIntegerDigits: 2 }).format(n)

/** "14 min", "3 h 05 min", "2 d 4 h": enough for a decision, nothing to parse. */
export const lengthFor = (reader: Reader, ms: number): string => {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  if (minutes < 1) return say(reader, 'under-a-minute')
  if (minutes < 60) return say(reader, 'minutes', { minutes })
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return say(reader, 'hours', { hours, minutes: twoDigits(reader, minutes % 60) })
  return say(reader, 'days', { days: Math.floor(hours / 24), hours: hours % 24 })
}
