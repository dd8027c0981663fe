/** When a customer is served at once: around the clock, or during the hours of some days; outside of them what is not urgent may wait for the morning. */
import { refuse, type Refusal } from '../../refusal.ts'
import {
  dateOfDayNumber,
  dayNumber,
  isCalendarDate,
  weekdayOfDayNumber,
  type Weekday,
} from '../../time/calendar-date.ts'
import { contains, type Interval } from '../../time/interval.ts'
import { dateAt, instantOfWallTime, isZone } from '../../time/zone.ts'

/**
 * Wall times of the zone. `to` at or before `from` goes over midnight and belongs to the day on which it begins; `to`
 * 24:00 is the end of the day.
 */
export type ServiceWindow = { readonly days: readonly Weekday[]; readonly from: string; readonly to: string }

/** @property holidays dates on which no window begins */
export type ServiceHours = {
  readonly zone: string
  readonly windows: readonly ServiceWindow[]
  readonly holidays: readonly string[]
}

export const MOST_WINDOWS = 20
export const MOST_HOLIDAYS = 400

const timeShape = /^(?:[01]\d|2[0-3]):[0-5]\d$/

export type ServiceHoursRefusal = Refusal<
  'unknown-zone' | 'service-window-invalid' | 'holiday-invalid' | 'service-hours-too-large' | 'never-served'
>

/** What passes here can be asked about any instant, and begins again some day. */
export const checkServiceHours = ({ zone, windows, holidays }: ServiceHours): ServiceHoursRefusal | null => {
  if (!isZone(zone))
    return refuse('unknown-zone', `"${zone}" is not a time zone name; write one such as Europe/Stockholm.`)
  if (windows.length > MOST_WINDOWS || holidays.length > MOST_HOLIDAYS)
    return refuse('service-hours-too-large', `At most ${MOST_WINDOWS} windows and ${MOST_HOLIDAYS} holidays.`)
  if (windows.every(({ days }) => days.length === 0))
    return refuse(
      'never-served',
      'Name at least one window on one day: otherwise what waits would wait for ever.',
    )
  const wrong = windows.findIndex(
    ({ days, from, to }) =>
      days.length === 0 || !timeShape.test(from) || !(timeShape.test(to) || to === '24:00'),
  )
  if (wrong >= 0)
    return refuse(
      'service-window-invalid',
      `Window ${wrong + 1}: days, and times as 06:00 to 22:00 (or to 24:00), are needed.`,
    )
  const odd = holidays.find((date) => !isCalendarDate(date))
  return odd === undefined ? null : refuse('holiday-invalid', `${odd} is not a date such as 2026-12-24.`)
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** What is served of the windows that begin on a day, in no order. */
const servedFrom = ({ zone, windows, holidays }: ServiceHours, day: number): Interval[] => {
  const date = dateOfDayNumber(day)
  if (holidays.includes(date)) return []
  const weekday = weekdayOfDayNumber(day)
  return windows
    .filter(({ days }) => days.includes(weekday))
    .map(({ from, to }) => {
      const overMidnight = to === '24:00' || minuteOf(to) <= minuteOf(from)
      const lastDate = overMidnight ? dateOfDayNumber(day + 1) : date
      const until = to === '24:00' ? '00:00' : to
      return {
        from: instantOfWallTime(`${date}T${from}`, zone, 'start'),
        to: instantOfWallTime(`${lastDate}T${until}`, zone, 'end'),
      }
    })
}

const dayAt = (at: number, zone: string): number => dayNumber(dateAt(at, zone))

/** @param hours must have passed `checkServiceHours`; null: around the clock */
export const isServed = (hours: ServiceHours | null, at: number): boolean => {
  if (hours === null) return true
  const day = dayAt(at, hours.zone)
  return [day - 1, day].some((each) => servedFrom(hours, each).some((served) => contains(served, at)))
}

/** Longer than any run of holidays that `checkServiceHours` lets through, and the week after it. */
const MOST_DAYS_AHEAD = MOST_HOLIDAYS + 8

/** @returns the first instant from `at` on that is served: `at` itself while it is */
export const servedNext = (hours: ServiceHours | null, at: number): number => {
  if (hours === null || isServed(hours, at)) return at
  const day = dayAt(at, hours.zone)
  for (let ahead = 0; ahead <= MOST_DAYS_AHEAD; ahead += 1) {
    const begins = servedFrom(hours, day + ahead)
      .filter(({ from, to }) => from > at && from < to)
      .map(({ from }) => from)
    if (begins.length > 0) return Math.min(...begins)
  }
  // A calendar that skips each of those days does not exist; paging at once errs on the safe side.
  return at
}
