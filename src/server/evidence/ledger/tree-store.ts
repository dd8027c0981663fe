/** SQL that reads the Merkle tree of a log: leaf hashes, tiles, entries. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

/** Hashes of entries [from, to), in order. */
export const findLeafHashes = async (
  db: Db | Tx,
  logId: string,
  from: number,
  to: number,
): Promise<Buffer[]> => {
  const { rows } = await sql<{ leaf_hash: Buffer }>`
    select leaf_hash from ledger_entries
    where log_id = ${logId}::uuid and seq >= ${from}::bigint and seq < ${to}::bigint order by seq`.execute(db)
  return rows.map((row) => row.leaf_hash)
}

export type TileRow = { readonly level: number; readonly idx: number; readonly hashes: Buffer }

/** Full tiles [from, to) of a level, in order. */
export const findTiles = async (
  db: Db | Tx,
  logId: string,
  level: number,
  from: number,
  to: number,
): Promise<TileRow[]> => {
  const { rows } = await sql<TileRow>`
    select level, idx, hashes from ledger_tiles
    where log_id = ${logId}::uuid and level = ${level}::smallint and idx >= ${from}::bigint and idx < ${to}::bigint
    order by idx`.execute(db)
  return rows
}

export type EntryRow = { readonly seq: number; readonly id: string; readonly leaf: Buffer }

/** Entries [from, to), in order. */
export const findEntries = async (
  db: Db | Tx,
  logId: string,
  from: number,
  to: number,
): Promise<EntryRow[]> => {
  const { rows } = await sql<EntryRow>`
    select seq, id, leaf from ledger_entries
    where log_id = ${logId}::uuid and seq >= ${from}::bigint and seq < ${to}::bigint order by seq`.execute(db)
  return rows
}
