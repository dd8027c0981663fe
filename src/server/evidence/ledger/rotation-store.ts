/** SQL of rotated keys: what was recorded of them, and the logs that have to hear of one. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

/** In the organisation's log, oldest first. */
export const findRotations = async (db: Db | Tx): Promise<{ at: number; disclosures: string[] }[]> => {
  const { rows } = await sql<{ at: number; disclosures: string[] }>`
    select e.at, b.disclosures from events e join event_bodies b on b.event_id = e.id
    where e.type = 'key.rotated' and e.environment_id is null order by e.recorded_at, e.id`.execute(db)
  return rows
}

/** Where they stand in one log. */
export const findRotationsIn = async (
  db: Db | Tx,
  logId: string,
): Promise<{ seq: number; disclosures: string[] }[]> => {
  const { rows } = await sql<{ seq: number; disclosures: string[] }>`
    select n.seq, b.disclosures from ledger_entries n join events e on e.id = n.id
    join event_bodies b on b.event_id = n.id
    where n.log_id = ${logId}::uuid and e.type = 'key.rotated' order by n.seq`.execute(db)
  return rows
}

export const findLogs = (
  db: Tx,
): Promise<{ id: string; environment_id: string | null; customer_id: string | null }[]> =>
  db
    .selectFrom('ledger_logs')
    .select(['id', 'environment_id', 'customer_id'])
    .where('closed_at', 'is', null)
    .orderBy('id')
    .execute()
