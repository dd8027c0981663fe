/** A month on call of a fictional team, and one in which nothing happened. */
import { reportRoutes, type OnCallReport } from '../../../src/contract/operations/reports.ts'
import { customers, team } from './people.ts'
import { days, hours, minutes, now, replyTo, type Answer } from './reply.ts'

const figures = (alerts: number, pages: number) => ({
  alerts,
  urgent: Math.round(alerts / 7),
  pages,
  timeToAcknowledge: { mean: minutes(6.2), median: minutes(3), of: pages - 1 },
  timeToResolve: { mean: hours(3), median: minutes(41), of: alerts - 4 },
})
const nothing = { mean: null, median: null, of: 0 }

const month: OnCallReport = {
  from: now - days(30),
  to: now,
  zone: 'Europe/Stockholm',
  total: { ...figures(12_480, 61), untaken: 1, nobodyOnCall: 0 },
  hours: [
    { weekday: 1, hour: 3, pages: 4 },
    { weekday: 1, hour: 9, pages: 2 },
    { weekday: 3, hour: 14, pages: 9 },
    { weekday: 5, hour: 23, pages: 6 },
    { weekday: 7, hour: 4, pages: 1 },
  ],
  people: team.slice(0, 3).map(({ id, name }, place) => ({
    person: { id, name },
    pages: 31 - place * 9,
    offHours: 18 - place * 7,
    nights: 9 - place * 4,
  })),
  noisy: [
    {
      name: 'KubePodCrashLooping',
      alerts: 4_211,
      environments: 14,
      urgent: 12,
      untouched: 4_190,
      meanMs: minutes(9),
    },
    {
      name: 'BackupOfTheTenantDatabaseIsOlderThanItShouldBeAndNobodyKnowsWhy',
      alerts: 310,
      environments: 2,
      urgent: 310,
      untouched: 12,
      meanMs: null,
    },
  ],
  customers: customers.slice(0, 3).map(({ slug, name }, place) => ({
    customer: { slug, name },
    ...figures(9_000 - place * 3_000, 40 - place * 12),
    incidents: 5 - place,
  })),
  incidents: { opened: 12, byAlert: 8, byTicket: 1, unknown: 3 },
}

export const reportReplies: readonly Answer[] = [
  replyTo(reportRoutes.showOnCallReport)((kase) =>
    kase === 'empty'
      ? {
          ...month,
          total: {
            alerts: 0,
            urgent: 0,
            pages: 0,
            timeToAcknowledge: nothing,
            timeToResolve: nothing,
            untaken: 0,
            nobodyOnCall: 0,
          },
          hours: [],
          people: [],
          noisy: [],
          customers: [],
          incidents: { opened: 0, byAlert: 0, byTicket: 0, unknown: 0 },
        }
      : month,
  ),
]
