/** SQL of the auditor: what it reads and the alarms it keeps, over a connection of its own and nothing but pg. */
import pg from 'pg'
import type { SchemaFence } from '../platform/schema-fence.ts'
import type { Finding } from './finding.ts'
import type {
  Administrator,
  MissedDrill,
  OpenPage,
  SeenProcess,
  Snapshot,
  UnfinishedIntent,
} from './snapshot.ts'

/** As many rows as one look reads of anything: with more of it than this the picture is bad enough. */
const MOST_ROWS = 500
const PATIENCE_MS = 5_000
const DAY_MS = 24 * 3_600_000

const EPOCH_MS = 20

/** One connection; every wait is bounded, so that a look always ends. */
export const openConnection = (connectionString: string, fence?: SchemaFence): pg.Pool => {
  const pool = new pg.Pool({
    connectionString,
    max: 1,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    statement_timeout: PATIENCE_MS,
    idleTimeoutMillis: 0,
    keepAlive: true,
    application_name: 'fortnight watch',
    // Awaited by pg-pool, whatever its types say.
    ...(fence ? { onConnect: (client) => fence.join(client) } : {}),
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === EPOCH_MS ? Number : (pg.types.getTypeParser(oid, format as 'text') as unknown),
    } as never,
  })
  // The next look meets a fresh connection.
  pool.on('error', () => undefined)
  return pool
}

type Query = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>

const inOnePicture = async <T>(pool: pg.Pool, work: (query: Query) => Promise<T>): Promise<T> => {
  const client = await pool.connect()
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    const answer = await work(async (text, values) => (await client.query(text, values)).rows as never)
    await client.query('commit')
    client.release()
    return answer
  } catch (error) {
    client.release(error as Error)
    throw error
  }
}

const readIntents = (query: Query): Promise<UnfinishedIntent[]> =>
  query(
    `select i.page_id as "pageId", coalesce(s.attempt, 0) as attempt, coalesce(s.due_at, i.due_at, i.intended_at) as "dueAt",
            s.lease_until_at as "leaseUntilAt"
     from page_intents i left join page_sends s on s.intent_id = i.id
     where i.status = 'intended' order by coalesce(i.due_at, i.intended_at) limit $1`,
    [MOST_ROWS],
  )

const readOpenPages = (query: Query, now: number): Promise<OpenPage[]> =>
  query(
    `select p.id, p.requested_at as "requestedAt", (p.state ->> 'nextStepAt')::bigint as "nextStepAt",
            exists (select 1 from page_intents i where i.page_id = p.id and i.channel <> 'screen'
                      and (i.status = 'sent' or (i.status = 'intended' and (i.due_at > $2
                        -- Waits for the next message to somebody who was told of others just now.
                        or exists (select 1 from page_sends s
                                   where s.intent_id = i.id and s.attempt = 0 and s.due_at > $2))))) as told
     from pages p where p.status = 'open' or (p.status = 'acknowledged' and p.state ->> 'nextStepAt' is not null) order by p.requested_at limit $1`,
    [MOST_ROWS, now],
  )

const readProcesses = (query: Query, now: number): Promise<SeenProcess[]> =>
  query(
    `select host, roles, started_at as "startedAt", seen_at as "seenAt", stopped_at as "stoppedAt",
            clock_offset_ms as "clockOffsetMs"
     from processes where seen_at >= $1 order by seen_at desc limit $2`,
    [now - DAY_MS, MOST_ROWS],
  )

/** The first row behind each process's mark, as sealing finds it. */
const readOldestReceipt = async (query: Query, now: number): Promise<number | null> => {
  const [row] = await query<{ at: number | null }>(
    `select min(o.received_at) as at from ledger_logs l
     join processes p on p.seen_at >= $1
     left join observation_marks m on m.kind = 'alert-receipts' and m.log_id = l.id and m.process_id = p.id
     cross join lateral (
       select r.received_at from alert_receipts r
       where r.environment_id = l.environment_id and r.process_id = p.id and r.number > coalesce(m.last_number, 0)
       order by r.number limit 1) o`,
    [now - DAY_MS],
  )
  return row?.at ?? null
}

type Few = {
  readonly held: boolean
  readonly oldestActAt: number | null
  readonly peopleOnMailAlone: number
  readonly beatAt: number | null
  readonly duty: Snapshot['duty']
}

const readFew = async (query: Query): Promise<Few> => {
  const [row] = await query<Few>(
    `select exists (select 1 from installation where held_at is not null and released_at is null) as held,
            (select beat_at from paging_beat) as "beatAt",
            coalesce((select findings from paging_beat), '[]') as duty,
            (select min(created_at) from ledger_pending) as "oldestActAt",
            (select count(*) from accounts a
             where a.kind = 'staff' and a.archived_at is null
               and a.roles && array['administrator', 'engineer', 'delivery-manager', 'architect']
               and not exists (select 1 from push_subscriptions s where s.account_id = a.id and s.gone_at is null)
               and exists (select 1 from integration_keys k where k.revoked_at is null)) as "peopleOnMailAlone"`,
  )
  return row as Few
}

const readMissedDrills = (query: Query, now: number): Promise<MissedDrill[]> =>
  query(
    `select distinct on (d.environment_id, d.account_id) d.id, e.name as environment, a.name as person, d.ended_at as "endedAt"
     from drills d join environments e on e.id = d.environment_id left join accounts a on a.id = d.account_id
     where d.status = 'missed' and d.asked_at >= $1 and e.archived_at is null and a.archived_at is null
       and not exists (select 1 from drills l where l.environment_id = d.environment_id
                         and l.account_id is not distinct from d.account_id and l.status = 'proved' and l.asked_at > d.asked_at)
     order by d.environment_id, d.account_id, d.asked_at desc limit $2`,
    [now - 7 * DAY_MS, MOST_ROWS],
  )

export const readSnapshot = (pool: pg.Pool, now: number): Promise<Snapshot> =>
  inOnePicture(pool, async (query) => ({
    ...(await readFew(query)),
    intents: await readIntents(query),
    openPages: await readOpenPages(query, now),
    parked: await query(
      `select kind, count(*) as count, min(parked_at) as "sinceAt" from tasks
       where parked_at is not null group by kind order by kind limit $1`,
      [MOST_ROWS],
    ),
    oldestReceiptAt: await readOldestReceipt(query, now),
    processes: await readProcesses(query, now),
    missedDrills: await readMissedDrills(query, now),
    administrators: await query<Administrator>(
      `select name, email, locale, zone from accounts
       where kind = 'staff' and archived_at is null and 'administrator' = any(roles) order by handle limit $1`,
      [MOST_ROWS],
    ),
  }))

/** @property nextId a fresh id for each alarm that is raised */
type Judged = {
  readonly judged: readonly string[]
  readonly findings: readonly Finding[]
  readonly now: number
  readonly nextId: () => string
  /** Time between two mails about the same thing, also when it ended in between. */
  readonly pauseMs: (kind: string) => number
}

/** Raises what is new, renews what goes on, ends what is over. Any number of watchers may do this at once. */
export const putAlarms = async (pool: pg.Pool, given: Judged): Promise<void> => {
  const { judged, findings, now, nextId, pauseMs } = given
  const column = (pick: (finding: Finding) => unknown): unknown[] => findings.map(pick)
  if (findings.length > 0)
    await pool.query(
      `insert into alarms (id, kind, subject, detail, since_at, raised_at, seen_at, tell_after_at)
       select f.id, f.kind, f.subject, f.detail, f.since_at, $6::bigint, $6::bigint,
              greatest($6::bigint, coalesce((select max(told_at) from alarms a
                                             where a.kind = f.kind and a.subject = f.subject) + f.pause_ms, 0))
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $7::bigint[]) as f (id, kind, subject, detail, since_at, pause_ms)
       order by f.kind, f.subject
       on conflict (kind, subject) where ended_at is null
       do update set seen_at = excluded.seen_at, detail = excluded.detail`,
      [
        column(nextId),
        column(({ kind }) => kind),
        column(({ subject }) => subject),
        column(({ detail }) => detail),
        column(({ sinceAt }) => sinceAt),
        now,
        column(({ kind }) => pauseMs(kind)),
      ],
    )
  await pool.query(
    `update alarms set ended_at = $1 where ended_at is null and kind = any($2::text[])
       and not exists (select 1 from unnest($3::text[], $4::text[]) as f (kind, subject)
                       where f.kind = alarms.kind and f.subject = alarms.subject)`,
    [now, judged, column(({ kind }) => kind), column(({ subject }) => subject)],
  )
}

export type DueAlarm = {
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly detail: string
  readonly sinceAt: number
}

/**
 * Takes the alarms whose mail is due: of two watchers each row goes to one, which has until `untilAt` to tell it. None
 * while a mail went out less than `betweenMs` ago: a storm is told in a few mails, not in hundreds.
 */
export const claimDueAlarms = async (
  pool: pg.Pool,
  { now, untilAt, betweenMs }: { now: number; untilAt: number; betweenMs: number },
): Promise<DueAlarm[]> => {
  const { rows } = await pool.query<DueAlarm>(
    `with due as (
       select id from alarms where ended_at is null and tell_after_at <= $1 order by since_at, id limit ${MOST_ROWS}
       for update skip locked)
     update alarms set tell_after_at = $2 from due
     where alarms.id = due.id and not exists (select 1 from alarms t where t.told_at > $3)
     returning alarms.id, alarms.kind, alarms.subject, alarms.detail, alarms.since_at as "sinceAt"`,
    [now, untilAt, now - betweenMs],
  )
  return rows
}

export const putTold = async (
  pool: pg.Pool,
  ids: readonly string[],
  { now, nextAt, told, answer }: { now: number; nextAt: number; told: boolean; answer: string },
): Promise<void> => {
  await pool.query(
    `update alarms set tell_after_at = $2, tell_answer = $3,
       told_at = case when $4 then $5 else told_at end, told_count = told_count + case when $4 then 1 else 0 end
     where id = any($1::uuid[])`,
    [ids, nextAt, answer, told, now],
  )
}

export type WatchRow = {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly version: string
}

/** Puts the watcher's own sign of life, so that the others can say whether anybody watches. */
export const putSignOfLife = async (
  pool: pg.Pool,
  row: WatchRow,
  { now, offsetMs }: { now: number; offsetMs: number },
): Promise<void> => {
  await pool.query(
    `insert into processes (id, host, pid, roles, version, schema_version, started_at, seen_at, clock_offset_ms)
     values ($1, $2, $3, '{watch}', $4, 0, $5, $5, $6)
     on conflict (id) do update set seen_at = excluded.seen_at, stopped_at = null, clock_offset_ms = excluded.clock_offset_ms`,
    [row.id, row.host, row.pid, row.version, now, offsetMs],
  )
}

export const putEndOfLife = async (pool: pg.Pool, id: string, now: number): Promise<void> => {
  await pool.query('update processes set stopped_at = $2 where id = $1', [id, now])
}
