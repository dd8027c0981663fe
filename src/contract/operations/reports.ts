/** What a period looked like for whoever was on call: how fast, how often, at which hours, by which rules, for whom. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { instant, personRef, slug } from '../shapes.ts'

/** Milliseconds; null where there is nothing to take the middle of. */
const spread = z.object({ mean: z.number().nullable(), median: z.number().nullable(), of: z.number().int() })

const figures = {
  alerts: z.number().int(),
  /** P1 and P2. */
  urgent: z.number().int(),
  pages: z.number().int(),
  /** From the page to its acknowledgement, of pages that were taken. */
  timeToAcknowledge: spread,
  /** From the alert's opening to its end, of alerts that are closed. */
  timeToResolve: spread,
}

export const onCallReport = z.object({
  from: instant,
  to: instant,
  /** In which `hours` are told. */
  zone: z.string(),
  total: z.object({
    ...figures,
    /** Pages that nobody took before they ended. */
    untaken: z.number().int(),
    /** Nobody was on call: the fallback was told. */
    nobodyOnCall: z.number().int(),
  }),
  /** Pages by weekday (1 is Monday) and hour; hours without one are left out. */
  hours: z.array(z.object({ weekday: z.number().int(), hour: z.number().int(), pages: z.number().int() })),
  /** By name. How often somebody was told, and nothing else: this is load, no measure of anybody. */
  people: z.array(
    z.object({
      person: personRef,
      pages: z.number().int(),
      /** Outside of Monday to Friday, 08 to 17, in their own zone; holidays are not known. */
      offHours: z.number().int(),
      /** Of those, from 22 to 06. */
      nights: z.number().int(),
    }),
  ),
  /** The most frequent first. */
  noisy: z.array(
    z.object({
      name: z.string(),
      alerts: z.number().int(),
      environments: z.number().int(),
      urgent: z.number().int(),
      /** Never taken by anybody: how many of them nobody seems to need. */
      untouched: z.number().int(),
      meanMs: z.number().nullable(),
    }),
  ),
  customers: z.array(
    z.object({
      customer: z.object({ slug: z.string(), name: z.string() }),
      ...figures,
      incidents: z.number().int(),
    }),
  ),
  /**
   * Who knew first, of incidents opened in the period. `byAlert`: one of its alerts was here before it was opened.
   * `byTicket`: no alert, but a ticket of the customer's is linked. `unknown`: neither; nobody wrote down who found it.
   */
  incidents: z.object({
    opened: z.number().int(),
    byAlert: z.number().int(),
    byTicket: z.number().int(),
    unknown: z.number().int(),
  }),
})
export type OnCallReport = z.infer<typeof onCallReport>

const asked = z.object({
  from: z.coerce.number().pipe(instant).optional(),
  to: z.coerce.number().pipe(instant).optional(),
  customer: slug.optional(),
  environment: slug.optional(),
})

export const reportRoutes = defineRoutes({
  showOnCallReport: {
    method: 'GET',
    path: '/api/reports/on-call',
    summary:
      'A period on call, the last 30 days unless said, at most 366: times to acknowledge and resolve, pages by hour, off-hours load of each person, noisy rules, customers, and who knew of incidents first. Drills do not count.',
    permission: 'on-call.read',
    query: asked,
    reply: onCallReport,
    errors: ['not-found'],
  },
  onCallReportFile: {
    method: 'GET',
    path: '/api/reports/on-call.csv',
    summary: 'The same as CSV, a figure a line.',
    permission: 'on-call.read',
    query: asked,
    reply: z.string(),
    errors: ['not-found'],
  },
})
