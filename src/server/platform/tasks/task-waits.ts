/** Whether there is work in a lane, for a process that has not loaded what the work needs. */
import { sql } from 'kysely'
import type { Platform } from '../context.ts'
import type { Lane } from './task.ts'

/** Of any kind, also of one that this version does not know. */
export const taskWaits = async ({ database, clock }: Platform, lane: Lane): Promise<boolean> => {
  const { rows } = await sql`
    select from tasks where lane = ${lane} and due_at <= ${clock.now()} and parked_at is null limit 1`.execute(
    database.db,
  )
  return rows.length > 0
}
