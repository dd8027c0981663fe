/** SQL of what contradicts: signed heads that this database does not hold, and their acknowledgement. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'
import type { ContradictionSource } from './tables.ts'

export type Contradiction = {
  readonly id: string
  readonly log_id: string
  readonly size: number
  readonly root: Buffer
  readonly source: ContradictionSource
  readonly found_at: number
}

export const findOpenContradictions = (db: Db | Tx): Promise<Contradiction[]> =>
  db
    .selectFrom('ledger_contradictions')
    .select(['id', 'log_id', 'size', 'root', 'source', 'found_at'])
    .where('recovered_event_id', 'is', null)
    .orderBy('log_id')
    .orderBy('size')
    .execute()

/** False when this very head was found before, whether or not it was acknowledged since. */
export const insertContradiction = async (db: Tx, row: Contradiction): Promise<boolean> => {
  const made = await db
    .insertInto('ledger_contradictions')
    .values({ ...row, recovered_event_id: null })
    .onConflict((conflict) => conflict.columns(['log_id', 'size', 'root']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export const isKnownContradiction = async (
  db: Db,
  logId: string,
  size: number,
  root: Uint8Array,
): Promise<boolean> => {
  const row = await db
    .selectFrom('ledger_contradictions')
    .select('id')
    .where('log_id', '=', logId)
    .where('size', '=', size)
    .where('root', '=', Buffer.from(root))
    .executeTakeFirst()
  return row !== undefined
}

export const closeContradictions = async (db: Tx, ids: readonly string[], eventId: string): Promise<void> => {
  await db
    .updateTable('ledger_contradictions')
    .set({ recovered_event_id: eventId })
    .where('id', 'in', ids)
    .execute()
}

export type HeldHead = { readonly size: number; readonly root: Buffer }

/** What this database holds of a log; undefined before its first entry. */
export const findHeld = (db: Db | Tx, logId: string): Promise<HeldHead | undefined> =>
  db.selectFrom('ledger_heads').select(['size', 'root']).where('log_id', '=', logId).executeTakeFirst()

/** The newest checkpoint of each log: the database may contradict itself, too. */
export const findNewestCheckpoints = async (
  db: Db,
): Promise<{ log_id: string; size: number; root: Buffer; note: string }[]> => {
  const { rows } = await sql<{ log_id: string; size: number; root: Buffer; note: string }>`
    select distinct on (log_id) log_id, size, root, note from ledger_checkpoints
    order by log_id, signed_at desc, size desc`.execute(db)
  return rows
}

export const findInstallationId = async (db: Db): Promise<string | undefined> =>
  (await db.selectFrom('installation').select('id').executeTakeFirst())?.id
