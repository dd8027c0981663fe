/** What rotas show of areas that stand on them: the pages of a shift, the holidays of service hours, what is open at a hand-over, and whom P1 would not wake. */
import { listAlerts } from './operations/alerts/list-alerts.ts'
import { listDecisions } from './operations/decision-log/read-decisions.ts'
import { listIncidents } from './operations/incidents/read-incidents.ts'
import { listWindows } from './operations/maintenance/read-windows.ts'
import type { HandOverFacts, OnCallNeighbours } from './operations/on-call/index.ts'
import { pagesToldTo } from './operations/paging/intent-store.ts'
import { readinessOf } from './operations/paging/index.ts'
import { listPages } from './operations/paging/read-pages.ts'
import { allHours } from './operations/paging/routing/store.ts'
import type { Ctx } from './platform/context.ts'

/** More than a note names; what is left is counted there. */
const limit = 100

const handOverFacts = async (ctx: Ctx, shift: { readonly from: number }): Promise<HandOverFacts> => {
  const alerts = await listAlerts(ctx, { limit, status: 'not-closed' })
  const incidents = await listIncidents(ctx, { limit, status: 'unresolved' })
  const decisions = await listDecisions(ctx, { limit, owed: 'true' })
  const windows = await listWindows(ctx, { limit, current: 'true' })
  const pages = await listPages(ctx, { limit })
  return {
    alerts: alerts.rows.map(({ environment, priority, name, startsAt }) => ({
      environment: environment.slug,
      what: `${priority} ${name}`,
      at: startsAt,
    })),
    incidents: incidents.rows.map(({ environment, number, title, openedAt }) => ({
      environment: environment.slug,
      what: `${number} ${title}`,
      at: openedAt,
    })),
    decisions: decisions.rows.map(({ environment, number, what, owed, openedAt }) => ({
      environment: environment.slug,
      what: `${number} ${what}`,
      at: owed?.dueAt ?? openedAt,
    })),
    windows: windows.rows.map(({ environment, decision, startsAt }) => ({
      environment: environment.slug,
      what: `${decision.number} ${decision.what}`,
      at: startsAt,
    })),
    pages: pages.rows
      .filter(({ requestedAt }) => requestedAt >= shift.from)
      .map(({ environment, priority, title, requestedAt, acknowledgedBy }) => ({
        environment: environment.slug,
        what: `${priority} ${title}`,
        at: requestedAt,
        takenBy: acknowledgedBy?.name ?? null,
      })),
  }
}

export const onCallNeighbours: OnCallNeighbours = {
  handOverFacts,
  notWoken: async ({ platform }, db, accountIds) =>
    new Map(
      [...(await readinessOf(platform, db, accountIds))].flatMap(([id, readiness]) =>
        readiness.ready ? [] : [[id, readiness.why] as const],
      ),
    ),
  pagesTold: pagesToldTo,
  holidaysIn: async (db, zone) => {
    const inZone = (await allHours(db)).filter((hours) => hours.archivedAt === null && hours.zone === zone)
    return [...new Set(inZone.flatMap(({ holidays }) => holidays))].sort()
  },
}
