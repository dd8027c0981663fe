/** Hours on call: who bore how much of a rota in a period, and the same as a table for whoever pays for it. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { instant, personRef, slug } from '../shapes.ts'
import { MOST_TIMELINE_DAYS } from './on-call.ts'

const nameOrId = slug
const pointInTime = z.coerce
  .number()
  .pipe(instant.min(0).max(7_258_118_400_000, 'must lie before the year 2200'))
const period = z.object({ from: pointInTime, to: pointInTime })
const minutes = z.number().int().min(0)

/**
 * Minutes by the clock of the person's own zone. Nights are 22:00 to 06:00, office hours Monday to Friday 08:00 to 18:00
 * but for holidays; `offHoursMinutes` is everything else and has nights, weekends and holidays in it. Hours in two
 * shifts at once count once. `pages` came in their hours on call by this rota.
 */
export const dutyHoursRow = z.object({
  person: personRef,
  zone: z.string(),
  shifts: z.number().int(),
  onCallMinutes: minutes,
  nightMinutes: minutes,
  weekendMinutes: minutes,
  holidayMinutes: minutes,
  offHoursMinutes: minutes,
  pages: z.number().int(),
  offHoursPages: z.number().int(),
})
export type DutyHoursReply = z.infer<typeof dutyHoursRow>

export const dutyHoursRoutes = defineRoutes({
  showDutyHours: {
    method: 'GET',
    path: '/api/schedules/:schedule/hours',
    summary: `Hours on call by person between two instants, at most ${MOST_TIMELINE_DAYS} days: nights, weekends, holidays, pages. The past is as it was: by the rota in force at each moment.`,
    permission: 'on-call.read',
    params: z.object({ schedule: nameOrId }),
    query: period,
    reply: z.object({
      from: instant,
      to: instant,
      /** Dates that count as holidays: those of the service hours in the zone of the rota. */
      holidays: z.array(z.string()),
      rows: z.array(dutyHoursRow),
    }),
    errors: ['not-found', 'invalid-input'],
  },
  exportDutyHours: {
    method: 'GET',
    path: '/api/schedules/:schedule/hours.csv',
    summary:
      'The same as a table (CSV, RFC 4180) with a row for each shift, cut at the ends of the period: for compensation. Cells that a spreadsheet would run as a formula are text.',
    permission: 'on-call.read',
    params: z.object({ schedule: nameOrId }),
    query: period,
    reply: z.unknown(),
    errors: ['not-found', 'invalid-input'],
  },
})
