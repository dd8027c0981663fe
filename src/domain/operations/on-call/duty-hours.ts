/** What being on call cost somebody: hours, and which of them were nights, weekends, holidays, or outside office hours. */
import {
  dateOfDayNumber,
  dayNumber,
  weekdayOfDayNumber,
  type CalendarDate,
} from '../../time/calendar-date.ts'
import {
  intersect,
  intervalSet,
  measure,
  subtract,
  type Interval,
  type IntervalSet,
} from '../../time/interval.ts'
import { dateAt, instantOfWallTime } from '../../time/zone.ts'

/** The night as most agreements on standby have it; Directive 2003/88/EC asks for seven hours around 00:00 to 05:00. */
export const nightFrom = '22:00'
export const nightTo = '06:00'
/** Monday to Friday between these, but for holidays, are office hours; everything else is not. */
export const officeFrom = '08:00'
export const officeTo = '18:00'

/** Stretches of a window by the clock on somebody's wall. They overlap: a night of a weekend is both. */
export type DutyCalendar = {
  readonly nights: IntervalSet
  readonly weekends: IntervalSet
  readonly holidays: IntervalSet
  readonly offHours: IntervalSet
}

/** Milliseconds; `offHoursMs` has every night, weekend and holiday in it. */
export type DutyHours = {
  readonly onCallMs: number
  readonly nightMs: number
  readonly weekendMs: number
  readonly holidayMs: number
  readonly offHoursMs: number
}

/**
 * @param zone must satisfy `isZone`
 * @param holidays dates of the calendar of that zone
 * The work grows with the days of the window, which the caller bounds.
 */
export const dutyCalendar = (
  zone: string,
  holidays: readonly CalendarDate[],
  window: Interval,
): DutyCalendar => {
  const from = dayNumber(dateAt(window.from, zone)) - 1
  const to = dayNumber(dateAt(window.to, zone)) + 1
  const days = Array.from({ length: to - from + 1 }, (_, place) => from + place)
  const free = new Set(holidays)
  const at = (date: number, time: string, edge: 'start' | 'end'): number =>
    instantOfWallTime(`${dateOfDayNumber(date)}T${time}`, zone, edge)
  const wholeDay = (date: number): Interval => ({
    from: at(date, '00:00', 'start'),
    to: at(date + 1, '00:00', 'start'),
  })
  const isWeekend = (date: number): boolean => weekdayOfDayNumber(date) > 5
  const isHoliday = (date: number): boolean => free.has(dateOfDayNumber(date))
  const within = (stretches: readonly Interval[]): IntervalSet => intersect(intervalSet(stretches), [window])
  const office = days
    .filter((date) => !isWeekend(date) && !isHoliday(date))
    .map((date) => ({ from: at(date, officeFrom, 'start'), to: at(date, officeTo, 'end') }))
  return {
    nights: within(
      days.map((date) => ({ from: at(date, nightFrom, 'start'), to: at(date + 1, nightTo, 'end') })),
    ),
    weekends: within(days.filter(isWeekend).map(wholeDay)),
    holidays: within(days.filter(isHoliday).map(wholeDay)),
    offHours: subtract([window], intervalSet(office)),
  }
}

/** @param stretches somebody's duty; hours that lie in two of them count once */
export const hoursOnCall = (calendar: DutyCalendar, stretches: readonly Interval[]): DutyHours => {
  const duty = intervalSet(stretches)
  const sharedWith = (hours: IntervalSet): number => measure(intersect(duty, hours))
  return {
    onCallMs: measure(duty),
    nightMs: sharedWith(calendar.nights),
    weekendMs: sharedWith(calendar.weekends),
    holidayMs: sharedWith(calendar.holidays),
    offHoursMs: sharedWith(calendar.offHours),
  }
}
