/** SQL of what an outside watcher is told about paging: a few numbers, each found by an index. */
import { sql } from 'kysely'
import type { DutyFinding } from '../../domain/operations/paging/duty-check.ts'
import type { Db } from '../platform/database.ts'
import { GONE_AFTER_MS } from '../platform/processes.ts'

const LATELY_MS = 15 * 60_000
const MOST_PAGES = 200

export type PagingNumbers = {
  readonly held: boolean
  readonly engineAlive: boolean
  readonly watched: boolean
  readonly beatAt: number | null
  readonly duty: readonly DutyFinding[]
  /** Of tasks in the lane of pages that should have run, the one that waits longest. */
  readonly oldestDueAt: number | null
  /** Of promises whose time has come and that have no outcome, the oldest. */
  readonly oldestIntentAt: number | null
  readonly clockOffsetMs: number
  /** By channel: what became of the latest promises. */
  readonly channels: Readonly<Record<string, { readonly sent: number; readonly failed: number }>>
  readonly lastDrill: { readonly status: string; readonly askedAt: number } | null
}

export const pagingNumbers = async (db: Db, now: number): Promise<PagingNumbers> => {
  const { rows } = await sql<PagingNumbers>`
    select exists (select 1 from installation where held_at is not null and released_at is null) as held,
           coalesce(bool_or('engine' = any(p.roles)), false) as "engineAlive",
           coalesce(bool_or('watch' = any(p.roles)), false) as watched,
           coalesce(max(abs(p.clock_offset_ms)), 0) as "clockOffsetMs",
           (select beat_at from paging_beat) as "beatAt",
           coalesce((select findings from paging_beat), '[]') as duty,
           (select min(due_at) from tasks where lane = 'page' and due_at <= ${now}::bigint and parked_at is null
              and (lease_until_at is null or lease_until_at <= ${now}::bigint)) as "oldestDueAt",
           (select min(coalesce(s.due_at, i.due_at, i.intended_at))
              from page_intents i left join page_sends s on s.intent_id = i.id
              where i.status = 'intended' and coalesce(s.due_at, i.due_at, i.intended_at) <= ${now}::bigint
                and coalesce(s.lease_until_at, 0) <= ${now}::bigint) as "oldestIntentAt",
           coalesce((select jsonb_object_agg(channel, jsonb_build_object('sent', sent, 'failed', failed)) from (
              select i.channel, count(*) filter (where i.status = 'sent') as sent, count(*) filter (where i.status = 'failed') as failed
              from (select id from pages where requested_at > ${now - LATELY_MS}::bigint
                    order by requested_at desc limit ${MOST_PAGES}) recent
              join page_intents i on i.page_id = recent.id
              where i.channel <> 'screen' and i.status in ('sent', 'failed') group by i.channel) c), '{}') as channels,
           (select jsonb_build_object('status', status, 'askedAt', asked_at) from drills
              order by asked_at desc, id desc limit 1) as "lastDrill"
    from processes p where p.stopped_at is null and p.seen_at >= ${now - GONE_AFTER_MS}::bigint`.execute(db)
  return rows[0] as PagingNumbers
}
