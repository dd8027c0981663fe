/** SQL of sequencing: what waits, heads, entries, tiles, checkpoints, and who may write them. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

/** Raises the fence: from its commit on nobody with a smaller one writes. Waits for a batch of the one before. */
export const takeSeat = async (db: Tx, processId: string, now: number): Promise<number> => {
  const { rows } = await sql<{ fence: number }>`
    insert into ledger_sequencer (fence, process_id, elected_at, seen_at)
    values (1, ${processId}::uuid, ${now}::bigint, ${now}::bigint)
    on conflict (one) do update set fence = ledger_sequencer.fence + 1, process_id = excluded.process_id,
      elected_at = excluded.elected_at, seen_at = excluded.seen_at
    returning fence`.execute(db)
  const fence = rows[0]?.fence ?? 1
  await db.updateTable('ledger_heads').set({ fence }).execute()
  return fence
}

/** False when somebody else was elected since. */
export const showLife = async (db: Db, fence: number, now: number): Promise<boolean> => {
  const row = await db
    .updateTable('ledger_sequencer')
    .set({ seen_at: now })
    .where('fence', '=', fence)
    .returning('fence')
    .executeTakeFirst()
  return row !== undefined
}

export type Due = {
  readonly contradicted: boolean
  readonly logs: string[]
  readonly unsigned: boolean
  readonly unanchored: boolean
}

/** One question a tick, four times a second when nothing happens: is there anything to do? */
export const findDue = async (db: Db, signedBefore: number, anchoredBefore: number): Promise<Due> => {
  const { rows } = await sql<Due>`
    select exists (select 1 from ledger_contradictions where recovered_event_id is null) as contradicted,
           array(select l.id::text from ledger_logs l where exists (select 1 from ledger_pending p where p.log_id = l.id)) as logs,
           exists (select 1 from ledger_heads where size <> signed_size
                   and (signed_at <= ${signedBefore}::bigint or signed_size = 0)) as unsigned,
           exists (select 1 from ledger_heads h join ledger_logs l on l.id = h.log_id and l.environment_id is not null
                   where h.signed_size <> h.anchored_size and h.anchored_at <= ${anchoredBefore}::bigint) as unanchored`.execute(
    db,
  )
  return rows[0] ?? { contradicted: false, logs: [], unsigned: false, unanchored: false }
}

export type HeadRow = {
  readonly size: number
  readonly root: Buffer
  readonly frontier: Buffer
  readonly fence: number
  readonly newest_at: number
}

/** Makes the head of a new log, or locks the one there is until this transaction ends. */
export const lockHead = async (
  db: Tx,
  logId: string,
  empty: { root: Uint8Array; frontier: Uint8Array; fence: number },
): Promise<HeadRow> => {
  await sql`
    insert into ledger_heads (log_id, size, root, frontier, fence, newest_at)
    values (${logId}::uuid, 0, ${Buffer.from(empty.root)}, ${Buffer.from(empty.frontier)}, ${empty.fence}::bigint, 0)
    on conflict (log_id) do nothing`.execute(db)
  return db
    .selectFrom('ledger_heads')
    .select(['size', 'root', 'frontier', 'fence', 'newest_at'])
    .where('log_id', '=', logId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export type PendingRow = {
  readonly id: string
  readonly leaf: Buffer
  readonly leaf_hash: Buffer
  readonly created_at: number
}

/** Removes the next leaves of a log from the outbox, in the order of their ids. */
export const takePending = async (db: Tx, logId: string, limit: number): Promise<PendingRow[]> => {
  const { rows } = await sql<PendingRow>`
    with taken as (
      delete from ledger_pending where id in (
        select id from ledger_pending where log_id = ${logId}::uuid order by id limit ${limit})
      returning id, leaf, leaf_hash, created_at)
    select * from taken order by id`.execute(db)
  return rows
}

export type NewEntry = {
  readonly id: string
  readonly leaf: Uint8Array
  readonly leafHash: Uint8Array
  readonly at: number
}

export const insertEntries = async (
  db: Tx,
  logId: string,
  from: number,
  entries: readonly NewEntry[],
): Promise<void> => {
  await sql`
    insert into ledger_entries (log_id, seq, id, leaf, leaf_hash, at)
    select ${logId}::uuid, ${from}::bigint + e.n - 1, e.id, e.leaf, e.leaf_hash, e.at
    from unnest(${entries.map((entry) => entry.id)}::uuid[],
                ${entries.map((entry) => Buffer.from(entry.leaf))}::bytea[],
                ${entries.map((entry) => Buffer.from(entry.leafHash))}::bytea[],
                ${entries.map((entry) => entry.at)}::bigint[]) with ordinality as e (id, leaf, leaf_hash, at, n)`.execute(
    db,
  )
}

export type NewTile = { readonly level: number; readonly index: number; readonly hashes: Uint8Array }

export const insertTiles = async (db: Tx, logId: string, tiles: readonly NewTile[]): Promise<void> => {
  await sql`
    insert into ledger_tiles (log_id, level, idx, hashes)
    select ${logId}::uuid, t.level, t.idx, t.hashes
    from unnest(${tiles.map((tile) => tile.level)}::smallint[], ${tiles.map((tile) => tile.index)}::bigint[],
                ${tiles.map((tile) => Buffer.from(tile.hashes))}::bytea[]) as t (level, idx, hashes)`.execute(
    db,
  )
}

export const moveHead = async (
  db: Tx,
  logId: string,
  head: { size: number; root: Uint8Array; frontier: Uint8Array; newestAt: number },
): Promise<void> => {
  await db
    .updateTable('ledger_heads')
    .set({
      size: head.size,
      root: Buffer.from(head.root),
      frontier: Buffer.from(head.frontier),
      newest_at: head.newestAt,
    })
    .where('log_id', '=', logId)
    .execute()
}

/** Whose log it is, for what is said about it: undefined stands for the organisation. */
export const findLog = async (
  db: Db | Tx,
  logId: string,
): Promise<
  { origin: string; environmentId: string | undefined; customerId: string | undefined } | undefined
> => {
  const row = await db
    .selectFrom('ledger_logs')
    .select(['origin', 'environment_id', 'customer_id'])
    .where('id', '=', logId)
    .executeTakeFirst()
  return (
    row && {
      origin: row.origin,
      environmentId: row.environment_id ?? undefined,
      customerId: row.customer_id ?? undefined,
    }
  )
}

export type UnsignedHead = {
  readonly log_id: string
  readonly origin: string
  readonly size: number
  readonly root: Buffer
}

/** Heads that grew since they were signed last, and were not signed within the last moment. */
export const findUnsignedHeads = async (db: Db, signedBefore: number): Promise<UnsignedHead[]> => {
  const { rows } = await sql<UnsignedHead>`
    select h.log_id, l.origin, h.size, h.root from ledger_heads h join ledger_logs l on l.id = h.log_id
    where h.size <> h.signed_size and (h.signed_at <= ${signedBefore}::bigint or h.signed_size = 0)`.execute(
    db,
  )
  return rows
}

export type NewCheckpoint = UnsignedHead & { readonly note: string }

/** @returns how many were written: none of a log whose head a later sequencer holds */
export const insertCheckpoints = async (
  db: Tx,
  fence: number,
  checkpoints: readonly NewCheckpoint[],
  now: number,
): Promise<number> => {
  const { rows } = await sql<{ log_id: string }>`
    with given as (
      select * from unnest(${checkpoints.map((row) => row.log_id)}::uuid[], ${checkpoints.map((row) => row.size)}::bigint[],
                           ${checkpoints.map((row) => row.root)}::bytea[], ${checkpoints.map((row) => row.note)}::text[])
        as g (log_id, size, root, note)
    ), ours as (
      update ledger_heads h set signed_size = g.size, signed_at = ${now}::bigint from given g
      where h.log_id = g.log_id and h.fence = ${fence}::bigint and h.size >= g.size
      returning g.log_id, g.size, g.root, g.note
    ), written as (
      insert into ledger_checkpoints (log_id, size, root, note, signed_at)
      select log_id, size, root, note, ${now}::bigint from ours on conflict do nothing
    )
    select log_id from ours`.execute(db)
  return rows.length
}

export type AnchorRow = { readonly log_id: string; readonly size: number; readonly root: Buffer }

/** Signed heads of environments that the organisation's log does not hold yet; locked until this transaction ends. */
export const findUnanchored = async (db: Tx, fence: number, anchoredBefore: number): Promise<AnchorRow[]> => {
  const { rows } = await sql<AnchorRow>`
    select h.log_id, c.size, c.root from ledger_heads h
    join ledger_logs l on l.id = h.log_id and l.environment_id is not null
    cross join lateral (select size, root from ledger_checkpoints c where c.log_id = h.log_id
                        order by signed_at desc, size desc limit 1) c
    where h.signed_size <> h.anchored_size and h.anchored_at <= ${anchoredBefore}::bigint and h.fence = ${fence}::bigint
    order by h.log_id for update of h`.execute(db)
  return rows
}

export const noteAnchored = async (db: Tx, rows: readonly AnchorRow[], now: number): Promise<void> => {
  await sql`
    update ledger_heads h set anchored_size = a.size, anchored_at = ${now}::bigint
    from unnest(${rows.map((row) => row.log_id)}::uuid[], ${rows.map((row) => row.size)}::bigint[]) as a (log_id, size)
    where h.log_id = a.log_id`.execute(db)
}
