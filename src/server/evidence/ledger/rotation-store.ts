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

export const findLogs = (
  db: Tx,
): Promise<{ id: string; environment_id: string | null; customer_id: string | null }[]> =>
  db
    .selectFrom('ledger_logs')
    .select(['id', 'environment_id', 'customer_id'])
    .where('closed_at', 'is', null)
    .orderBy('id')
    .execute()
