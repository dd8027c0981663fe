/** Whether there is work in a lane, and whether pages have to wait: asked by those who would give way. */
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

/** So many pages are neither one alert nor one storm of a cluster: every processor is needed. */
const CROWD = 100

/** Whether more steps and sends are due than are done at once, in whatever process. */
export const pagesCrowd = async ({ database, clock }: Platform): Promise<boolean> => {
  const { rows } = await sql`
    select from tasks where lane = 'page' and due_at <= ${clock.now()} and parked_at is null
    offset ${CROWD} limit 1`.execute(database.db)
  return rows.length > 0
}
