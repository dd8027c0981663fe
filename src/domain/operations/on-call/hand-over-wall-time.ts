/** The wall time of a rotation's n-th hand-over, by counting on the calendar: no zone, no clock, and no walking from the first. */
import {
  dateOfDayNumber,
  dayNumber,
  weekdayOfDayNumber,
  type CalendarDate,
} from '../../time/calendar-date.ts'
import type { WallTime } from '../../time/zone.ts'
import type { MonthlyRotation, Rotation, WeeklyRotation } from './schedule.ts'

const minutesOfDay = 1_440

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

const twoDigits = (count: number): string => String(count).padStart(2, '0')

const timeOfMinute = (minute: number): string =>
  `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`

/** The day of the hand-over on or last before the day the rotation starts. */
const weeklyAnchorDay = ({ startsOn, handOver }: WeeklyRotation): number => {
  const startDay = dayNumber(startsOn)
  return startDay - ((weekdayOfDayNumber(startDay) - handOver.weekday + 7) % 7)
}

/** Months since the year 0. */
const monthNumber = (date: CalendarDate): number =>
  Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1

const firstOfMonth = (month: number): CalendarDate =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${twoDigits((month % 12) + 1)}-01`

/** The last day of the month when it has no such day. */
const dateInMonth = (month: number, dayOfMonth: number): CalendarDate => {
  const lastDay = dayNumber(firstOfMonth(month + 1)) - dayNumber(firstOfMonth(month))
  return `${firstOfMonth(month).slice(0, 8)}${twoDigits(Math.min(dayOfMonth, lastDay))}`
}

const monthlyAnchor = ({ startsOn, handOver }: MonthlyRotation): number => {
  const month = monthNumber(startsOn)
  return dateInMonth(month, handOver.dayOfMonth) <= startsOn ? month : month - 1
}

/** @param index 0 for the hand-over that begins the first turn, and any whole number above */
export const handOverWallTime = (rotation: Rotation, index: number): WallTime => {
  const { handOver, startsOn } = rotation
  switch (rotation.kind) {
    case 'hourly': {
      const minute = minuteOf(handOver.time) + index * rotation.everyHours * 60
      const date = dateOfDayNumber(dayNumber(startsOn) + Math.floor(minute / minutesOfDay))
      return `${date}T${timeOfMinute(minute % minutesOfDay)}`
    }
    case 'daily':
      return `${dateOfDayNumber(dayNumber(startsOn) + index * rotation.everyDays)}T${handOver.time}`
    case 'weekly':
      return `${dateOfDayNumber(weeklyAnchorDay(rotation) + index * rotation.everyWeeks * 7)}T${handOver.time}`
    case 'monthly': {
      const month = monthlyAnchor(rotation) + index * rotation.everyMonths
      return `${dateInMonth(month, rotation.handOver.dayOfMonth)}T${handOver.time}`
    }
  }
}

/** @returns the last hand-over on or before the wall time, give or take one: dates decide it but for the time of day. */
export const nearestHandOver = (rotation: Rotation, wall: WallTime): number => {
  const day = dayNumber(wall.slice(0, 10))
  switch (rotation.kind) {
    case 'hourly': {
      const minutes = (day - dayNumber(rotation.startsOn)) * minutesOfDay + minuteOf(wall.slice(11, 16))
      return Math.floor((minutes - minuteOf(rotation.handOver.time)) / (rotation.everyHours * 60))
    }
    case 'daily':
      return Math.floor((day - dayNumber(rotation.startsOn)) / rotation.everyDays)
    case 'weekly':
      return Math.floor((day - weeklyAnchorDay(rotation)) / (rotation.everyWeeks * 7))
    case 'monthly':
      return Math.floor((monthNumber(wall) - monthlyAnchor(rotation)) / rotation.everyMonths)
  }
}
