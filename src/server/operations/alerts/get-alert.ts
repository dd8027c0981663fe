/** One alert as a detail page needs it: labels, pages, what people did. */
import type { AlertHappening, alertRoutes } from '../../../contract/operations/alerts.ts'
import type { ReplyOf } from '../../../contract/route.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { notFound } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { presentAlert } from './list-alerts.ts'
import { findActivity, findAlert, findPagesOf, type ActivityRow } from './store.ts'

const happenings: Readonly<Record<string, AlertHappening>> = {
  'page.requested': 'paged',
  'page.acknowledged': 'page-acknowledged',
  'alert.acknowledged': 'acknowledged',
  'alerts.acknowledged': 'acknowledged-with-page',
  'alert.closed': 'closed-by-hand',
  'alert.changed': 'changed-by-source',
  'alert.noted': 'noted',
  'incident.opened': 'incident-opened',
}

/** What no event tells, the alert's own row does. */
const ofItself = (at: number, kind: AlertHappening) => ({ at, kind, by: null, detail: null })

const presentActivity = (row: ActivityRow) => {
  const { reason, note, by } = bodyOf(row.disclosures ?? []) as {
    reason?: string
    note?: string
    by?: string
  }
  const said = note === undefined ? undefined : by ? `${by}: ${note}` : note
  // A page that was requested has a machine as its actor, too, but nobody's name beside it.
  const passedOn = row.actor_kind === 'integration' && row.actor_name !== null
  return {
    at: row.at,
    kind: passedOn ? 'acknowledged-through-key' : (happenings[row.type] ?? row.type),
    by: row.actor_id && row.actor_name ? { id: row.actor_id, name: row.actor_name } : null,
    detail: reason ?? said ?? null,
  }
}

/** Incidents of an alert are looked up by the incidents area, which knows their titles. */
export type IncidentsOf = (
  ctx: Ctx,
  alertId: string,
) => Promise<readonly { id: string; number: string; title: string }[]>

export const getAlert = async (
  ctx: Ctx,
  { alertId }: { alertId: string },
  incidentsOf: IncidentsOf,
): Promise<ReplyOf<typeof alertRoutes.getAlert>> => {
  const incidents = await incidentsOf(ctx, alertId)
  return read(ctx, async (db) => {
    const row = await findAlert(db, alertId)
    if (!row) throw notFound('This alert')
    const pages = await findPagesOf(db, alertId)
    const activity = await findActivity(db, alertId)
    return {
      ...presentAlert(row),
      fingerprint: row.fingerprint,
      labels: row.labels,
      annotations: row.annotations,
      generatorUrl: row.generator_url,
      runbookUrl: row.annotations['runbook_url'] ?? null,
      leniencies: row.leniencies,
      closedBy: row.closed_by,
      pages,
      incidents: [...incidents],
      activity: [
        ofItself(row.opened_at, 'opened'),
        ...activity.map(presentActivity),
        ...(row.closed_by === 'source' && row.closed_at
          ? [ofItself(row.closed_at, 'resolved-by-source')]
          : []),
      ],
      can: {
        acknowledge: row.status === 'open' && may(ctx.actor, 'pages.acknowledge'),
        close: row.status !== 'closed' && may(ctx.actor, 'alerts.change'),
        openIncident: row.status !== 'closed' && may(ctx.actor, 'incidents.change'),
      },
    }
  })
}
