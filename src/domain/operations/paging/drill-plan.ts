/** When a drill rings by itself: weekly, at a time that the wall clock of its place shows. */
import { refuse, type Refusal } from '../../refusal.ts'
import { dateOfDayNumber, dayNumber, weekdayOfDayNumber } from '../../time/calendar-date.ts'
import { hour } from '../../time/instant.ts'
import { dateAt, instantOfWallTime, isZone } from '../../time/zone.ts'

/** @property weekday 1 is Monday. @property time `HH:MM` of the zone */
export type DrillTime = { readonly weekday: number; readonly time: string; readonly zone: string }

/** In working hours, on a day after which somebody can still mend something. */
export const USUAL_TIME = { weekday: 2, time: '10:00' } as const
/** After an outage nobody is rung at midnight for what was planned at ten. */
const LATE_MS = hour

export const checkDrillTime = ({ weekday, time, zone }: DrillTime): Refusal<'drill-time-unusable'> | null => {
  const usable =
    Number.isInteger(weekday) && weekday >= 1 && weekday <= 7 && /^([01]\d|2[0-3]):[0-5]\d$/.test(time)
  return usable && isZone(zone)
    ? null
    : refuse(
        'drill-time-unusable',
        'Say a weekday from 1 (Monday) to 7, a time such as 10:00 and a time zone.',
      )
}

/** @returns the first such time after `after`, in epoch milliseconds */
export const nextDrillAt = ({ weekday, time, zone }: DrillTime, after: number): number => {
  const today = dayNumber(dateAt(after, zone))
  for (let ahead = 0; ahead <= 14; ahead += 1) {
    if (weekdayOfDayNumber(today + ahead) !== weekday) continue
    const at = instantOfWallTime(`${dateOfDayNumber(today + ahead)}T${time}`, zone, 'start')
    if (at > after) return at
  }
  throw new RangeError(`no weekday ${weekday} in two weeks`)
}

/** Whether what was planned for `plannedAt` should still ring. */
export const stillRings = (plannedAt: number, now: number): boolean => now <= plannedAt + LATE_MS
