/** The list of alerts: newest first by keyset, so that page 2,000 costs what page 1 costs. */
import type { AlertReply, alertRoutes } from '../../../contract/operations/alerts.ts'
import type { InputOf } from '../../../contract/route.ts'
import type { Ctx } from '../../platform/context.ts'
import { cutPage, DEFAULT_LIMIT, readKeyset } from '../../platform/keyset.ts'
import { read } from '../../platform/record.ts'
import { countNotClosed, findAlerts, type AlertListRow } from './store.ts'

const personOf = (id: string | null, name: string | null) => (id && name ? { id, name } : null)

export const presentAlert = (row: AlertListRow): AlertReply => ({
  id: row.id,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  status: row.status,
  priority: `P${row.priority}` as AlertReply['priority'],
  severity: row.severity,
  name: row.name,
  summary: row.summary,
  groupKey: row.group_key,
  startsAt: row.starts_at,
  openedAt: row.opened_at,
  lastSeenAt: row.last_seen_at ?? row.opened_at,
  count: row.count ?? 1,
  acknowledgedAt: row.acknowledged_at,
  acknowledgedBy: personOf(row.acknowledged_by, row.acknowledged_by_name),
  closedAt: row.closed_at,
  owner: personOf(row.owner_id, row.owner_name),
  snoozedUntil: row.status === 'closed' ? null : row.snoozed_until_at,
  tags: row.tags,
})

export const listAlerts = async (ctx: Ctx, input: InputOf<typeof alertRoutes.listAlerts>) => {
  const limit = input.limit ?? DEFAULT_LIMIT
  return read(ctx, async (db) => {
    const rows = await findAlerts(db, {
      limit: limit + 1,
      ...(input.status ? { status: input.status } : {}),
      ...(input.environment ? { environment: input.environment } : {}),
      ...(input.priority ? { priority: Number(input.priority.slice(1)) } : {}),
      ...(input.search ? { search: input.search } : {}),
      ...readKeyset(input.after),
    })
    const { shown, next } = cutPage(rows, limit, (row) => [row.opened_at, row.id])
    return {
      rows: shown.map(presentAlert),
      next,
      counts: await countNotClosed(db),
    }
  })
}
