/** SQL that gathers what a pack shows, in one snapshot: entries with their words, erasures, blobs, actors. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type LogRow = {
  readonly id: string
  readonly origin: string
  readonly pseudonym_key: Buffer
  readonly environment_id: string | null
  readonly customer_id: string | null
}

/** Of these environments; of the organisation for none. */
export const findLogsOf = async (db: Tx, environmentIds: readonly string[]): Promise<LogRow[]> => {
  const { rows } = await sql<LogRow>`
    select id, origin, pseudonym_key, environment_id, customer_id from ledger_logs
    where case when ${environmentIds.length} = 0 then environment_id is null
               else environment_id = any(${environmentIds}::uuid[]) end order by id`.execute(db)
  return rows
}

export type Waiting = {
  readonly pending: number
  readonly unsigned: number
  readonly oldest_at: number | null
}

/** What was recorded up to `at` and is not under a signed head of size `size` yet. */
export const findWaiting = async (db: Tx, logId: string, size: number, at: number): Promise<Waiting> => {
  const { rows } = await sql<Waiting>`
    select (select count(*) from ledger_pending where log_id = ${logId}::uuid and created_at <= ${at}::bigint) as pending,
           (select min(created_at) from ledger_pending where log_id = ${logId}::uuid and created_at <= ${at}::bigint) as oldest_at,
           (select count(*) from ledger_entries n join events e on e.id = n.id
            where n.log_id = ${logId}::uuid and n.seq >= ${size}::bigint and e.recorded_at <= ${at}::bigint) as unsigned`.execute(
    db,
  )
  return rows[0] ?? { pending: 0, unsigned: 0, oldest_at: null }
}

type Edges = { readonly first: number | null; readonly last: number | null }

/** Numbers below `size`: the first entry dated in or after the period, and the last dated in it. */
export const findEdges = async (
  db: Tx,
  logId: string,
  size: number,
  from: number,
  to: number,
): Promise<Edges> => {
  const { rows } = await sql<Edges>`
    select (select min(seq) from ledger_entries where log_id = ${logId}::uuid and seq < ${size}::bigint
              and at >= ${from}::bigint) as first,
           (select max(seq) from ledger_entries where log_id = ${logId}::uuid and seq < ${size}::bigint
              and at >= ${from}::bigint and at < ${to}::bigint) as last`.execute(db)
  return rows[0] ?? { first: null, last: null }
}

/** The first entry behind `after` that is dated at or behind the end of the period. */
export const findFirstBehind = async (
  db: Tx,
  logId: string,
  size: number,
  after: number,
  to: number,
): Promise<number | null> => {
  const { rows } = await sql<{ seq: number | null }>`
    select min(seq) as seq from ledger_entries
    where log_id = ${logId}::uuid and seq > ${after}::bigint and seq < ${size}::bigint and at >= ${to}::bigint`.execute(
    db,
  )
  return rows[0]?.seq ?? null
}

export type EntryRow = {
  readonly seq: number
  readonly id: string
  readonly leaf: Buffer
  readonly disclosures: string[]
  readonly actor_kind: string | null
  readonly actor_id: string | null
  readonly stream_id: string | null
}

/** Entries [from, to). What somebody removed from events or bodies is absent here, and missed by the verifier. */
export const findEntries = async (db: Tx, logId: string, from: number, to: number): Promise<EntryRow[]> => {
  const { rows } = await sql<EntryRow>`
    select n.seq, n.id, n.leaf, coalesce(b.disclosures, '{}') as disclosures, e.actor_kind, e.actor_id, e.stream_id
    from ledger_entries n left join events e on e.id = n.id left join event_bodies b on b.event_id = n.id
    where n.log_id = ${logId}::uuid and n.seq >= ${from}::bigint and n.seq < ${to}::bigint order by n.seq`.execute(
    db,
  )
  return rows
}

export type ErasureRow = {
  readonly event_id: string
  readonly digest: string
  readonly field: string
  readonly by: number | null
}

/** What was erased of entries [from, to), and the number of the entry that says so. */
export const findErasures = async (
  db: Tx,
  logId: string,
  from: number,
  to: number,
): Promise<ErasureRow[]> => {
  const { rows } = await sql<ErasureRow>`
    select x.event_id, x.digest, x.field, w.seq as by from erasures x
    join ledger_entries n on n.id = x.event_id and n.log_id = ${logId}::uuid and n.seq >= ${from}::bigint and n.seq < ${to}::bigint
    left join ledger_entries w on w.id = x.erased_by_event_id and w.log_id = n.log_id`.execute(db)
  return rows
}

export type ReplacementRow = {
  readonly session: string
  readonly n: number
  /** Of the chunk as it was recorded, and of what was put in its place. */
  readonly h: string
  readonly with: string
  readonly by: number | null
}

/** What was ever put in the place of chunks of these recordings, the newest last, and the number of the entry that says so. */
export const findReplacements = async (
  db: Tx,
  logId: string,
  sessions: readonly string[],
): Promise<ReplacementRow[]> => {
  const { rows } = await sql<ReplacementRow>`
    select r.recording_id as session, r.n, encode(c.sha256, 'hex') as h, encode(r.sha256, 'hex') as with, w.seq as by
    from recording_replacements r join recording_chunks c on c.recording_id = r.recording_id and c.n = r.n
    left join ledger_entries w on w.id = r.event_id and w.log_id = ${logId}::uuid
    where r.recording_id = any(${sessions}::uuid[]) order by r.recording_id, r.n, r.version`.execute(db)
  return rows
}

/** Recordings of these of which something is still to go. */
export const findCutsUnderWay = async (db: Tx, sessions: readonly string[]): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from recording_cut_work where recording_id = any(${sessions}::uuid[])`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}

/** The newest signed head from before an instant, unless a recovery acknowledged that it was lost. */
export const findStartNote = async (
  db: Tx,
  logId: string,
  before: number,
): Promise<{ size: number; note: string } | undefined> => {
  const { rows } = await sql<{ size: number; note: string }>`
    select c.size, c.note from ledger_checkpoints c
    where c.log_id = ${logId}::uuid and c.signed_at < ${before}::bigint and c.size > 0
      and not exists (select 1 from ledger_contradictions x where x.log_id = c.log_id and x.size = c.size
                      and x.root = c.root and x.recovered_event_id is not null)
    order by c.signed_at desc, c.size desc limit 1`.execute(db)
  return rows[0]
}

export type BlobRow = { readonly name: string; readonly h: string; readonly size: number }

/** Where bytes with these hashes lie; the same bytes may lie in several places. */
export const findBlobs = async (db: Tx, hashes: readonly string[]): Promise<BlobRow[]> => {
  const { rows } = await sql<BlobRow>`
    select name, encode(sha256, 'hex') as h, size from blobs
    where sha256 in (select decode(h, 'hex') from unnest(${hashes}::text[]) h) order by name`.execute(db)
  return rows
}

export const findKeyNames = async (db: Db | Tx, ids: readonly string[]): Promise<Map<string, string>> => {
  const { rows } = await sql<{ id: string; name: string; hint: string }>`
    select id, name, hint from integration_keys where id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, `integration key ${row.name} (…${row.hint})`]))
}

export const findEnvironments = async (
  db: Tx,
  ids: readonly string[],
): Promise<{ id: string; slug: string; name: string; customer_name: string }[]> => {
  const { rows } = await sql<{ id: string; slug: string; name: string; customer_name: string }>`
    select e.id, e.slug, e.name, c.name as customer_name from environments e join customers c on c.id = e.customer_id
    where e.id = any(${ids}::uuid[]) order by e.slug`.execute(db)
  return rows
}
