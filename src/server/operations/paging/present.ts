/** Pages as replies. */
import type { PageReply } from '../../../contract/operations/pages.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Actor } from '../../platform/actor.ts'
import type { PageListRow } from './store.ts'

type PriorityName = 'P1' | 'P2' | 'P3' | 'P4' | 'P5'
export const priorityName = (priority: number): PriorityName => `P${priority}` as PriorityName

export const presentPage = (row: PageListRow, actor: Actor): PageReply => ({
  id: row.id,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  status: row.status,
  priority: priorityName(row.priority),
  title: row.title,
  alertCount: row.alert_count,
  nobodyOnCall: row.nobody_on_call,
  nobodyReached: row.nobody_reached,
  requestedAt: row.requested_at,
  acknowledgedAt: row.acknowledged_at,
  acknowledgedBy: row.acknowledged_by
    ? { id: row.acknowledged_by, name: row.acknowledged_by_name ?? 'somebody' }
    : null,
  resolvedAt: row.resolved_at,
  can: { acknowledge: row.status === 'open' && may(actor, 'pages.acknowledge') },
})
