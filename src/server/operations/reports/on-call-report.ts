/** The report of a period on call: asked of what is stored, nothing is counted beforehand. */
import type { OnCallReport, reportRoutes } from '../../../contract/operations/reports.ts'
import type { InputOf } from '../../../contract/route.ts'
import { day } from '../../../domain/time/instant.ts'
import { customerOrFault, environmentOrFault, readerOf } from '../../people/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Db } from '../../platform/database.ts'
import { Fault } from '../../platform/faults.ts'
import { csvReply, csvText } from '../../platform/http/csv.ts'
import type { RawReply } from '../../platform/http/raw-reply.ts'
import { readQuestion } from '../../platform/read-question.ts'
import {
  alertFigures,
  customerNames,
  incidentFigures,
  loadOfPeople,
  noisyNames,
  pageFigures,
  pagesByHour,
  type AlertFigures,
  type PageFigures,
  type Period,
} from './store.ts'

type Input = InputOf<typeof reportRoutes.showOnCallReport>

const USUAL_DAYS = 30
const MOST_DAYS = 366
const MOST_NOISY = 25
/** A month of a large installation is a few hundred thousand alerts: 2 s on two cores; a year may take longer. */
const LONGEST_MS = 20_000

const periodOf = async (db: Db, now: number, input: Input): Promise<Period> => {
  const to = input.to ?? now
  const from = input.from ?? to - USUAL_DAYS * day
  if (from >= to || to - from > MOST_DAYS * day)
    throw new Fault(
      'invalid-input',
      `Ask for a period that ends after it begins, of at most ${MOST_DAYS} days.`,
    )
  const customer = input.customer ? await customerOrFault(db, input.customer) : undefined
  const environment = input.environment ? await environmentOrFault(db, input.environment) : undefined
  return { from, to, customerId: customer?.id ?? null, environmentId: environment?.id ?? null }
}

const figuresOf = (alerts: AlertFigures | undefined, pages: PageFigures | undefined) => ({
  alerts: alerts?.alerts ?? 0,
  urgent: alerts?.urgent ?? 0,
  pages: pages?.pages ?? 0,
  timeToAcknowledge: { mean: pages?.mean ?? null, median: pages?.median ?? null, of: pages?.taken ?? 0 },
  timeToResolve: { mean: alerts?.mean ?? null, median: alerts?.median ?? null, of: alerts?.closed ?? 0 },
})

const of = <Row extends { readonly customer_id: string | null }>(
  rows: readonly Row[],
  customerId: string | null,
): Row | undefined => rows.find(({ customer_id }) => customer_id === customerId)

export const showOnCallReport = (ctx: Ctx, input: Input): Promise<OnCallReport> =>
  readQuestion(
    ctx,
    async (db) => {
      const period = await periodOf(db, ctx.platform.clock.now(), input)
      const { zone } = await readerOf(db, ctx.actor)
      const [alerts, pages] = [await alertFigures(db, period), await pageFigures(db, period)]
      const incidents = await incidentFigures(db, period)
      const [total, all] = [of(pages, null), of(incidents, null)]
      const people = await loadOfPeople(db, period)
      const noisy = await noisyNames(db, period, MOST_NOISY)
      return {
        from: period.from,
        to: period.to,
        zone,
        total: {
          ...figuresOf(of(alerts, null), total),
          untaken: total?.untaken ?? 0,
          nobodyOnCall: total?.nobody ?? 0,
        },
        hours: await pagesByHour(db, period, zone),
        people: people.map(({ id, name, pages: told, off_hours, nights }) => ({
          person: { id, name },
          pages: told,
          offHours: off_hours,
          nights,
        })),
        noisy: noisy.map(({ mean, ...row }) => ({ ...row, meanMs: mean })),
        customers: (await customerNames(db)).flatMap(({ id, slug, name }) => {
          const [a, p, i] = [of(alerts, id), of(pages, id), of(incidents, id)]
          if (!a && !p && !i) return []
          return [{ customer: { slug, name }, ...figuresOf(a, p), incidents: i?.opened ?? 0 }]
        }),
        incidents: {
          opened: all?.opened ?? 0,
          byAlert: all?.by_alert ?? 0,
          byTicket: all?.by_ticket ?? 0,
          unknown: (all?.opened ?? 0) - (all?.by_alert ?? 0) - (all?.by_ticket ?? 0),
        },
      }
    },
    { longestMs: LONGEST_MS },
  )

type Line = readonly [section: string, of: string, figure: string, value: number | null]

const spreadLines = (
  section: string,
  name: string,
  figure: string,
  { mean, median, of: n }: OnCallReport['total']['timeToResolve'],
): Line[] => [
  [section, name, `${figure}_mean_ms`, mean === null ? null : Math.round(mean)],
  [section, name, `${figure}_median_ms`, median === null ? null : Math.round(median)],
  [section, name, `${figure}_of`, n],
]

type Figures = Pick<
  OnCallReport['total'],
  'alerts' | 'urgent' | 'pages' | 'timeToAcknowledge' | 'timeToResolve'
>
const figureLines = (section: string, name: string, one: Figures): Line[] => [
  [section, name, 'alerts', one.alerts],
  [section, name, 'urgent_alerts', one.urgent],
  [section, name, 'pages', one.pages],
  ...spreadLines(section, name, 'time_to_acknowledge', one.timeToAcknowledge),
  ...spreadLines(section, name, 'time_to_resolve', one.timeToResolve),
]

const linesOf = (report: OnCallReport): Line[] => [
  ...figureLines('total', '', report.total),
  ['total', '', 'untaken_pages', report.total.untaken],
  ['total', '', 'pages_with_nobody_on_call', report.total.nobodyOnCall],
  ...report.hours.map(({ weekday, hour, pages }): Line => [
    'hour',
    `${weekday} ${String(hour).padStart(2, '0')}`,
    'pages',
    pages,
  ]),
  ...report.people.flatMap(({ person, pages, offHours, nights }): Line[] => [
    ['person', person.name, 'pages', pages],
    ['person', person.name, 'off_hours_pages', offHours],
    ['person', person.name, 'night_pages', nights],
  ]),
  ...report.noisy.flatMap(({ name, alerts, environments, urgent, untouched, meanMs }): Line[] => [
    ['rule', name, 'alerts', alerts],
    ['rule', name, 'environments', environments],
    ['rule', name, 'urgent_alerts', urgent],
    ['rule', name, 'untouched_alerts', untouched],
    ['rule', name, 'mean_ms', meanMs === null ? null : Math.round(meanMs)],
  ]),
  ...report.customers.flatMap((row): Line[] => [
    ...figureLines('customer', row.customer.slug, row),
    ['customer', row.customer.slug, 'incidents', row.incidents],
  ]),
  ['incidents', '', 'opened', report.incidents.opened],
  ['incidents', '', 'known_by_alert_first', report.incidents.byAlert],
  ['incidents', '', 'known_by_ticket_first', report.incidents.byTicket],
  ['incidents', '', 'unknown', report.incidents.unknown],
]

export const onCallReportFile = async (ctx: Ctx, input: Input): Promise<RawReply> =>
  csvReply(
    'on-call-report',
    csvText(['section', 'of', 'figure', 'value'], linesOf(await showOnCallReport(ctx, input))),
  )
