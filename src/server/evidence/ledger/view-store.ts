/** SQL behind what is shown of the ledger: logs with their heads, entries with their words, checkpoints. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type LogRow = {
  readonly id: string
  readonly origin: string
  readonly created_at: number
  readonly environment_id: string | null
  readonly environment_slug: string | null
  readonly environment_name: string | null
  readonly size: number | null
  readonly root: Buffer | null
  readonly cp_size: number | null
  readonly cp_root: Buffer | null
  readonly cp_signed_at: number | null
  readonly pending: number
  readonly oldest_at: number | null
  readonly windows: number
}

/** The organisation's log first, then environments by slug. */
export const findLogs = async (db: Db): Promise<LogRow[]> => {
  const { rows } = await sql<LogRow>`
    select l.id, l.origin, l.created_at, e.id as environment_id, e.slug as environment_slug, e.name as environment_name,
           h.size, h.root, c.size as cp_size, c.root as cp_root, c.signed_at as cp_signed_at,
           coalesce(p.pending, 0) as pending, p.oldest_at,
           coalesce((select max(position) from observation_windows w where w.log_id = l.id), 0) as windows
    from ledger_logs l
    left join environments e on e.id = l.environment_id
    left join ledger_heads h on h.log_id = l.id
    left join lateral (select size, root, signed_at from ledger_checkpoints c where c.log_id = l.id
                       order by signed_at desc, size desc limit 1) c on true
    left join (select log_id, count(*) as pending, min(created_at) as oldest_at from ledger_pending group by log_id) p
      on p.log_id = l.id
    order by e.slug nulls first`.execute(db)
  return rows
}

export type SequencerRow = { readonly elected_at: number; readonly seen_at: number }
export const findSequencer = (db: Db): Promise<SequencerRow | undefined> =>
  db.selectFrom('ledger_sequencer').select(['elected_at', 'seen_at']).executeTakeFirst()

export type EntryViewRow = {
  readonly log_id: string
  readonly seq: number
  readonly id: string
  readonly leaf: Buffer
  readonly leaf_hash: Buffer
  readonly type: string
  readonly at: number
  readonly recorded_at: number
  readonly actor_kind: string
  readonly actor_id: string | null
  readonly via: string
  readonly disclosures: string[]
  readonly erased: string[]
}

const selectEntry = sql`
  select n.log_id, n.seq, n.id, n.leaf, n.leaf_hash, e.type, e.at, e.recorded_at, e.actor_kind, e.actor_id, e.via,
         coalesce(b.disclosures, '{}') as disclosures,
         array(select field from erasures x where x.event_id = n.id order by field) as erased
  from ledger_entries n join events e on e.id = n.id left join event_bodies b on b.event_id = n.id`

export type EntriesBy = {
  readonly log: string
  readonly before?: number
  readonly type?: string
  readonly limit: number
}

/** Newest first. A type without a dot means all types that begin with it. */
export const findEntryViews = async (db: Db, by: EntriesBy): Promise<EntryViewRow[]> => {
  const type = by.type ?? null
  const { rows } = await sql<EntryViewRow>`
    ${selectEntry}
    where n.log_id = ${by.log}::uuid and (${by.before ?? null}::bigint is null or n.seq < ${by.before ?? null}::bigint)
      and (${type}::text is null or e.type = ${type} or e.type like ${type === null ? null : `${type}.%`})
    order by n.seq desc limit ${by.limit}`.execute(db)
  return rows
}

export const findEntryView = async (db: Db, entryId: string): Promise<EntryViewRow | undefined> => {
  const { rows } = await sql<EntryViewRow>`${selectEntry} where n.id = ${entryId}::uuid`.execute(db)
  return rows[0]
}

export type CheckpointRow = {
  readonly size: number
  readonly root: Buffer
  readonly note: string
  readonly signed_at: number
}

export const findNewestCheckpoint = (db: Db | Tx, logId: string): Promise<CheckpointRow | undefined> =>
  db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'root', 'note', 'signed_at'])
    .where('log_id', '=', logId)
    .orderBy('signed_at', 'desc')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()

export type ErasureRow = {
  readonly digest: string
  readonly field: string
  readonly erased_at: number
  readonly erased_by_event_id: string
  /** Of the entry that says why. */
  readonly disclosures: string[]
}

export const findErasuresOf = async (db: Db | Tx, entryId: string): Promise<ErasureRow[]> => {
  const { rows } = await sql<ErasureRow>`
    select x.digest, x.field, x.erased_at, x.erased_by_event_id, b.disclosures from erasures x
    join event_bodies b on b.event_id = x.erased_by_event_id
    where x.event_id = ${entryId}::uuid order by x.field`.execute(db)
  return rows
}

export type OriginRow = {
  readonly id: string
  readonly origin: string
  readonly environment_id: string | null
  readonly customer_id: string | null
}
export const findOrigins = (db: Db | Tx): Promise<OriginRow[]> =>
  db
    .selectFrom('ledger_logs')
    .select(['id', 'origin', 'environment_id', 'customer_id'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()

export const findEnvironmentOfLog = async (
  db: Db,
  logId: string,
): Promise<{ id: string; slug: string; name: string } | undefined> =>
  db
    .selectFrom('ledger_logs')
    .innerJoin('environments', 'environments.id', 'ledger_logs.environment_id')
    .select(['environments.id', 'environments.slug', 'environments.name'])
    .where('ledger_logs.id', '=', logId)
    .executeTakeFirst()
