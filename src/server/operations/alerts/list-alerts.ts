/** The list of alerts: newest first by keyset, so that page 2,000 costs what page 1 costs. */
import type { z } from 'zod'
import type { AlertReply, alertRoutes } from '../../../contract/operations/alerts.ts'
import type { InputOf } from '../../../contract/route.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { countNotClosed, findAlerts, type AlertListRow } from './store.ts'

export const presentAlert = (row: AlertListRow): AlertReply => ({
  id: row.id,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  status: row.status,
  priority: `P${row.priority}` as z.infer<typeof import('../../../contract/operations/alerts.ts').priority>,
  severity: row.severity,
  name: row.name,
  summary: row.summary,
  groupKey: row.group_key,
  startsAt: row.starts_at,
  openedAt: row.opened_at,
  lastSeenAt: row.last_seen_at ?? row.opened_at,
  count: row.count ?? 1,
  acknowledgedAt: row.acknowledged_at,
  closedAt: row.closed_at,
})

/** `1700000000000_<uuid>`: the sort key of the last row seen. */
export const readCursor = (after: string | undefined): [number, string] | undefined => {
  if (after === undefined) return undefined
  const found = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(after)
  if (!found) throw new Fault('bad-request', 'Pass `next` of the reply before as `after`, unchanged.')
  return [Number(found[1]), found[2] as string]
}

const DEFAULT_LIMIT = 50

export const listAlerts = async (ctx: Ctx, input: InputOf<typeof alertRoutes.listAlerts>) => {
  const limit = input.limit ?? DEFAULT_LIMIT
  const before = readCursor(input.after)
  return read(ctx, async (db) => {
    const rows = await findAlerts(db, {
      limit: limit + 1,
      ...(input.status ? { status: input.status } : {}),
      ...(input.environment ? { environment: input.environment } : {}),
      ...(input.priority ? { priority: Number(input.priority.slice(1)) } : {}),
      ...(input.search ? { search: input.search } : {}),
      ...(before ? { before } : {}),
    })
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return {
      rows: shown.map(presentAlert),
      next: last ? `${last.opened_at}_${last.id}` : null,
      counts: await countNotClosed(db),
    }
  })
}
