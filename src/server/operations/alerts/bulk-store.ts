/** SQL of acts on many alerts: which they are, and how far it has come. */
import { sql } from 'kysely'
import { bodyOf } from '../../platform/event-body.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { matchingSql, type ListBy } from './list-store.ts'

export type BulkRow = {
  id: string
  event_id: string
  account_id: string
  alert_ids: string[]
  position: number
  changed: number
  passed_over: number
  created_at: number
  finished_at: number | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    alert_bulks: BulkRow
  }
}

/** Newest first; one more than `most` says that there are more. */
export const findMatching = async (db: Db, by: ListBy, most: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select a.id from alerts a where ${matchingSql(by)} order by a.opened_at desc, a.id desc limit ${most}::int`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

export const insertBulk = async (db: Tx, bulk: BulkRow): Promise<void> => {
  await db.insertInto('alert_bulks').values(bulk).execute()
}

export const findBulk = (db: Db | Tx, id: string): Promise<BulkRow | undefined> =>
  db.selectFrom('alert_bulks').selectAll().where('id', '=', id).executeTakeFirst()

/** What was asked for, with its words; undefined when it was erased. */
export const findAsked = async (db: Db, eventId: string): Promise<Record<string, unknown> | undefined> => {
  const row = await db
    .selectFrom('event_bodies')
    .select('disclosures')
    .where('event_id', '=', eventId)
    .executeTakeFirst()
  return row ? bodyOf(row.disclosures) : undefined
}

/** Moves on from where it stood; a piece that two processes did counts once. */
export const putProgress = async (
  db: Tx,
  bulk: BulkRow,
  done: { readonly position: number; readonly changed: number; readonly finishedAt: number | null },
): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('alert_bulks')
    .set({
      position: done.position,
      changed: bulk.changed + done.changed,
      passed_over: bulk.passed_over + (done.position - bulk.position - done.changed),
      finished_at: done.finishedAt,
    })
    .where('id', '=', bulk.id)
    .where('position', '=', bulk.position)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
