/** Finds a team by slug or id, or says that it is not there. */
import type { Db, Tx } from '../../platform/database.ts'
import { notFound } from '../../platform/faults.ts'
import { findTeam, type TeamRow } from './store.ts'

export const teamOrFault = async (db: Db | Tx, named: string): Promise<TeamRow> => {
  const row = await findTeam(db, named)
  if (!row) throw notFound(`The team ${named}`)
  return row
}
