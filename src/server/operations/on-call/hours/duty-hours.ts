/** Who bore how much of a rota: hours by person, and one row a shift for whoever pays for it. */
import type { DutyHoursReply } from '../../../../contract/operations/duty-hours.ts'
import {
  dutyCalendar,
  hoursOnCall,
  type DutyCalendar,
} from '../../../../domain/operations/on-call/duty-hours.ts'
import type { Shift } from '../../../../domain/operations/on-call/shifts.ts'
import { describeOffset } from '../../../../domain/time/describe-instant.ts'
import { formatInstant, minute } from '../../../../domain/time/instant.ts'
import { contains, type Interval } from '../../../../domain/time/interval.ts'
import { isZone, offsetMsAt, wallTimeAt } from '../../../../domain/time/zone.ts'
import type { Ctx } from '../../../platform/context.ts'
import { csvReply, csvText } from '../../../platform/http/csv.ts'
import type { Db } from '../../../platform/database.ts'
import type { RawReply } from '../../../platform/http/raw-reply.ts'
import { read } from '../../../platform/record.ts'
import { LOOK_BACK_MS, type StoredSchedule } from '../definition.ts'
import { scheduleOrFault } from '../find-schedule.ts'
import { personOf, zoneOf } from '../present.ts'
import { checkWindow } from '../schedule-timeline.ts'
import { findColleagues, swapOverridesIn, type Colleagues } from '../store.ts'
import { livedShifts } from './lived-shifts.ts'

/** What this needs of areas that stand on it; the place that knows all areas hands it in. */
export type HoursNeighbours = {
  /** When each of these people was told of a page, once a page. */
  readonly pagesTold: (
    db: Db,
    accountIds: readonly string[],
    window: Interval,
  ) => Promise<readonly { readonly accountId: string; readonly at: number }[]>
  /** Dates that service hours in this zone call holidays. */
  readonly holidaysIn: (db: Db, zone: string) => Promise<readonly string[]>
}

type Asked = { readonly schedule: string; readonly from: number; readonly to: number }

type Gathered = {
  readonly stored: StoredSchedule
  readonly shifts: readonly Shift[]
  readonly colleagues: Colleagues
  readonly holidays: readonly string[]
  readonly told: readonly { readonly accountId: string; readonly at: number }[]
  readonly swapped: ReadonlySet<string>
  readonly calendarOf: (accountId: string) => { readonly zone: string; readonly calendar: DutyCalendar }
}

const gather = async (
  { platform }: Ctx,
  db: Db,
  { schedule, from, to }: Asked,
  neighbours: HoursNeighbours,
): Promise<Gathered> => {
  checkWindow(from, to)
  const stored = await scheduleOrFault(db, schedule, from - LOOK_BACK_MS)
  const shifts = await livedShifts(db, stored, { from, to }, platform.clock.now())
  const people = [
    ...new Set(shifts.flatMap(({ accountId, forwardedFrom }) => [accountId, forwardedFrom ?? accountId])),
  ]
  const colleagues = await findColleagues(db, people)
  const holidays = await neighbours.holidaysIn(db, zoneOf(stored))
  const calendars = new Map<string, DutyCalendar>()
  return {
    stored,
    shifts,
    colleagues,
    holidays,
    told: await neighbours.pagesTold(db, people, { from, to }),
    swapped: await swapOverridesIn(db, stored.id),
    calendarOf: (accountId) => {
      const own = colleagues.get(accountId)?.zone ?? ''
      const zone = isZone(own) ? own : zoneOf(stored)
      const calendar = calendars.get(zone) ?? dutyCalendar(zone, holidays, { from, to })
      calendars.set(zone, calendar)
      return { zone, calendar }
    },
  }
}

const wholeMinutes = (ms: number): number => Math.round(ms / minute)

const minutesOf = (calendar: DutyCalendar, stretches: readonly Interval[]) => {
  const hours = hoursOnCall(calendar, stretches)
  return {
    onCallMinutes: wholeMinutes(hours.onCallMs),
    nightMinutes: wholeMinutes(hours.nightMs),
    weekendMinutes: wholeMinutes(hours.weekendMs),
    holidayMinutes: wholeMinutes(hours.holidayMs),
    offHoursMinutes: wholeMinutes(hours.offHoursMs),
  }
}

const pagesIn = ({ told }: Gathered, accountId: string, stretches: readonly Interval[]): number[] =>
  told
    .filter((page) => page.accountId === accountId && stretches.some((stretch) => contains(stretch, page.at)))
    .map(({ at }) => at)

const rowsOf = (gathered: Gathered): DutyHoursReply[] =>
  [...Map.groupBy(gathered.shifts, ({ accountId }) => accountId)]
    .map(([accountId, own]): DutyHoursReply => {
      const { zone, calendar } = gathered.calendarOf(accountId)
      const pages = pagesIn(gathered, accountId, own)
      const isOff = (at: number): boolean => calendar.offHours.some((stretch) => contains(stretch, at))
      return {
        person: personOf(gathered.colleagues, accountId),
        zone,
        shifts: own.length,
        ...minutesOf(calendar, own),
        pages: pages.length,
        offHoursPages: pages.filter(isOff).length,
      }
    })
    .sort((a, b) => b.onCallMinutes - a.onCallMinutes || (a.person.name < b.person.name ? -1 : 1))

export const showDutyHours = (ctx: Ctx, asked: Asked, neighbours: HoursNeighbours) =>
  read(ctx, async (db) => {
    const gathered = await gather(ctx, db, asked, neighbours)
    return { from: asked.from, to: asked.to, holidays: [...gathered.holidays], rows: rowsOf(gathered) }
  })

/** RFC 3339 to the minute, with the offset that was in force: `2026-11-23T09:00+01:00`. */
const wallIn = (at: number, zone: string): string =>
  `${wallTimeAt(at, zone).slice(0, 16)}${describeOffset(offsetMsAt(at, zone))}`

const causeOf = ({ source, forwardedFrom }: Shift, swapped: ReadonlySet<string>): string => {
  if (forwardedFrom !== undefined) return 'forwarding'
  if (source.kind === 'rotation') return `rotation ${source.rotationId}`
  return swapped.has(source.overrideId) ? 'swap' : 'override'
}

const COLUMNS = [
  'schedule',
  'handle',
  'name',
  'from_utc',
  'to_utc',
  'from_person',
  'to_person',
  'zone_person',
  'from_schedule',
  'to_schedule',
  'zone_schedule',
  'minutes',
  'night_minutes',
  'weekend_minutes',
  'holiday_minutes',
  'off_hours_minutes',
  'pages',
  'cause',
  'in_place_of',
] as const

const csvOf = (gathered: Gathered): string => {
  const { stored, shifts, colleagues } = gathered
  const scheduleZone = zoneOf(stored)
  const rows = shifts
    .toSorted((a, b) => a.from - b.from)
    .map((shift) => {
      const { accountId, from, to, forwardedFrom } = shift
      const { zone, calendar } = gathered.calendarOf(accountId)
      const spent = minutesOf(calendar, [shift])
      return [
        stored.slug,
        colleagues.get(accountId)?.handle ?? accountId,
        personOf(colleagues, accountId).name,
        formatInstant(from),
        formatInstant(to),
        wallIn(from, zone),
        wallIn(to, zone),
        zone,
        wallIn(from, scheduleZone),
        wallIn(to, scheduleZone),
        scheduleZone,
        spent.onCallMinutes,
        spent.nightMinutes,
        spent.weekendMinutes,
        spent.holidayMinutes,
        spent.offHoursMinutes,
        pagesIn(gathered, accountId, [shift]).length,
        causeOf(shift, gathered.swapped),
        forwardedFrom === undefined ? '' : (colleagues.get(forwardedFrom)?.handle ?? forwardedFrom),
      ]
    })
  return csvText(COLUMNS, rows)
}

export const exportDutyHours = (ctx: Ctx, asked: Asked, neighbours: HoursNeighbours): Promise<RawReply> =>
  read(ctx, async (db) => {
    const gathered = await gather(ctx, db, asked, neighbours)
    const name = `${gathered.stored.slug}-${formatInstant(asked.from).slice(0, 10)}-hours`
    return csvReply(name, csvOf(gathered))
  })
