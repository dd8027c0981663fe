/** A schedule by slug or id with who is away beside it, or the sentence that says why not. */
import { refuse } from '../../../domain/refusal.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { notFound, refused } from '../../platform/faults.ts'
import { withAbsences } from './away/with-absences.ts'
import type { StoredSchedule } from './definition.ts'
import { findSchedule } from './store.ts'

export const scheduleOrFault = async (db: Db | Tx, name: string, since?: number): Promise<StoredSchedule> => {
  const stored = await findSchedule(db, name, since)
  if (!stored) throw notFound('This schedule')
  const [whole = stored] = await withAbsences(db, [stored], since ?? 0)
  return whole
}

export const refuseArchived = (stored: StoredSchedule): void => {
  if (stored.archivedAt === null) return
  throw refused(refuse('schedule-archived', `${stored.name} is archived; nobody changes it any more.`))
}
