/** What areas say about the tasks, pages and alerts that an administrator looks at before releasing a restored installation. */
import type { HoldNeighbours } from './installation/index.ts'
import { countReported, findReported } from './operations/alerts/held-store.ts'
import { priorityName } from './operations/paging/present.ts'
import { findUnresolved, findWaiting } from './operations/paging/waiting-store.ts'

export const heldNeighbours: HoldNeighbours = {
  tell: async (db, taskIds) =>
    new Map(
      (await findWaiting(db, taskIds)).map((row) => [
        row.task_id,
        {
          page: { id: row.page_id, title: row.title, environment: row.environment },
          person:
            row.account_id === null ? null : { id: row.account_id, name: row.account_name ?? 'somebody' },
          channel: row.channel,
        },
      ]),
    ),
  pages: async (db, heldAt, limit) =>
    (await findUnresolved(db, limit)).map((row) => ({
      id: row.id,
      title: row.title,
      environment: row.environment,
      status: row.status,
      priority: priorityName(row.priority),
      requestedAt: row.requested_at,
      fromBackup: row.requested_at < heldAt,
      nextStepAt: row.next_step_at,
      unfinishedIntents: row.unfinished_intents,
    })),
  alerts: async (db, heldAt, limit) => ({
    alerts: (await findReported(db, limit)).map((row) => ({
      id: row.id,
      name: row.name,
      environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
      status: row.status,
      priority: priorityName(row.priority),
      openedAt: row.opened_at,
      lastSeenAt: row.last_seen_at,
      fromBackup: row.opened_at < heldAt,
      seenSince: Math.max(row.opened_at, row.last_seen_at ?? 0) >= heldAt,
    })),
    counts: await countReported(db, heldAt),
  }),
}
