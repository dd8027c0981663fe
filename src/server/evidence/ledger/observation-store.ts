/** SQL of sealing: rows that no window holds yet, windows, and how far each process is sealed. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'
import type { ObservationKind } from '../../platform/observations.ts'

/** Keeps these advisory locks apart from everybody else's. */
const SEAL_LOCK_SEED = 4_281
/**
 * So many rows make a window, although 10,000 might: reading and hashing those kept this process from everything else
 * for a quarter of a second, each 12 s of a storm of 800 requests/s (docs/performance.md).
 */
export const FULL_WINDOW = 2_000

export type Unsealed = {
  readonly log_id: string
  readonly environment_id: string
  readonly customer_id: string
  readonly process_id: string
  readonly oldest_at: number
  readonly is_full: boolean
}

/** By process and environment, because numbers count by both; a process that is long gone and wholly sealed is not asked. */
export const findUnsealed = async (db: Db, kind: ObservationKind): Promise<Unsealed[]> => {
  const rows = sql.table(kind.table)
  const found = await sql<Unsealed>`
    select l.id as log_id, l.environment_id, l.customer_id, p.id as process_id, o.at as oldest_at,
           exists (select 1 from ${rows} f where f.environment_id = l.environment_id and f.process_id = p.id
                   and f.number >= o.number + ${FULL_WINDOW}) as is_full
    from ledger_logs l
    join processes p on not exists (
      select 1 from observation_processes s where s.process_id = p.id and s.settled_at >= p.seen_at)
    left join observation_marks m on m.kind = ${kind.name} and m.log_id = l.id and m.process_id = p.id
    cross join lateral (
      select r.number, r.${sql.ref(kind.atColumn)} as at from ${rows} r
      where r.environment_id = l.environment_id and r.process_id = p.id and r.number > coalesce(m.last_number, 0)
      order by r.number limit 1) o
    where l.environment_id is not null`.execute(db)
  return found.rows
}

/** Of two that seal one log the second waits, and finds nothing left to do. */
export const lockWindows = async (db: Tx, logId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${logId}, ${SEAL_LOCK_SEED}))`.execute(db)
}

export type LastWindow = { readonly position: number; readonly window: string }

export const findLastWindow = (db: Tx, logId: string): Promise<LastWindow | undefined> =>
  db
    .selectFrom('observation_windows')
    .select(['position', 'window'])
    .where('log_id', '=', logId)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()

export const findMarks = async (db: Tx, kind: string, logId: string): Promise<Map<string, number>> => {
  const rows = await db
    .selectFrom('observation_marks')
    .select(['process_id', 'last_number'])
    .where('kind', '=', kind)
    .where('log_id', '=', logId)
    .execute()
  return new Map(rows.map((row) => [row.process_id, row.last_number]))
}

export type StoredObservation = { readonly number: number } & Readonly<Record<string, unknown>>

type Span = {
  readonly environmentId: string
  readonly processId: string
  /** Numbers above `after`, up to `to`. */
  readonly after: number
  readonly to?: number
  readonly limit: number
}

export const findObservations = async (
  db: Db | Tx,
  kind: ObservationKind,
  { environmentId, processId, after, to, limit }: Span,
): Promise<StoredObservation[]> => {
  const { rows } = await sql<StoredObservation>`
    select * from ${sql.table(kind.table)}
    where environment_id = ${environmentId}::uuid and process_id = ${processId}::uuid and number > ${after}::bigint
      and (${to ?? null}::bigint is null or number <= ${to ?? null}::bigint)
    order by number limit ${limit}`.execute(db)
  return rows
}

export const insertWindow = async (
  db: Tx,
  row: {
    event_id: string
    log_id: string
    position: number
    kind: string
    count: number
    window: string
    sealed_at: number
  },
): Promise<void> => {
  await db.insertInto('observation_windows').values(row).execute()
}

export const moveMarks = async (
  db: Tx,
  kind: string,
  logId: string,
  lastNumbers: ReadonlyMap<string, number>,
): Promise<void> => {
  await sql`
    insert into observation_marks (kind, log_id, process_id, last_number)
    select ${kind}, ${logId}::uuid, m.process_id, m.last_number
    from unnest(${[...lastNumbers.keys()]}::uuid[], ${[...lastNumbers.values()]}::bigint[]) as m (process_id, last_number)
    on conflict (kind, log_id, process_id) do update set last_number = excluded.last_number`.execute(db)
}

/** Processes not seen since `goneSince` are not asked again, unless they show life; call it when all they left is sealed. */
export const settleProcesses = async (db: Tx, goneSince: number, now: number): Promise<void> => {
  await sql`
    insert into observation_processes (process_id, settled_at)
    select id, ${now}::bigint from processes where seen_at < ${goneSince}::bigint
    on conflict (process_id) do update set settled_at = excluded.settled_at
    where observation_processes.settled_at < (select seen_at from processes p where p.id = excluded.process_id)`.execute(
    db,
  )
}
