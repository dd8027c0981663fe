/** What must happen again and again: one keyed row a kind, sown at start, which is moved forward instead of removed. */
import { sql } from 'kysely'
import type { Ctx, Platform } from '../context.ts'
import { defineTask, taskKinds, type Lane, type Task, type TaskKind } from './task.ts'

/** `tx.later(kind, { key: RECURRING, payload: {}, dueAt: … })` brings the next run forward. */
export const RECURRING = 'recurring'

/** Declares a task that runs every `everyMs`, in one process at a time, whatever became of the run before. */
export const defineRecurring = (
  kind: string,
  about: { lane: Lane; everyMs: number; leaseMs?: number; run: (ctx: Ctx, task: Task) => Promise<void> },
): TaskKind<Record<string, never>> =>
  defineTask(kind, {
    lane: about.lane,
    everyMs: about.everyMs,
    ...(about.leaseMs === undefined ? {} : { leaseMs: about.leaseMs }),
    run: (ctx, _payload, task) => about.run(ctx, task),
  })

/** Puts the row of every recurring kind of these lanes in place, due now; those that wait already are left as they are. */
export const sowRecurring = async (platform: Platform, lanes: readonly Lane[]): Promise<void> => {
  const kinds = [...taskKinds().values()].filter(
    ({ everyMs, lane }) => everyMs !== undefined && lanes.includes(lane),
  )
  if (kinds.length === 0) return
  const now = platform.clock.now()
  await sql`
    insert into tasks (id, kind, lane, key, due_at, payload, created_at)
    select id, kind, lane, ${RECURRING}, ${now}::bigint, '{}', ${now}::bigint
    from unnest(${kinds.map(() => platform.ids.next(now))}::uuid[], ${kinds.map(({ kind }) => kind)}::text[],
                ${kinds.map(({ lane }) => lane)}::text[]) as k (id, kind, lane)
    on conflict (kind, key) where key is not null and parked_at is null do nothing`.execute(
    platform.database.db,
  )
}
