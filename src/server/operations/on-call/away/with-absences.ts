/** A rota with who is away beside it, for whoever looks through it; a page asks without, for leave moves no duty. */
import type { Db, Tx } from '../../../platform/database.ts'
import type { StoredSchedule } from '../definition.ts'
import { loadAbsences } from './store.ts'

/** @param since leaves out leave that was over by then */
export const withAbsences = async (
  db: Db | Tx,
  schedules: readonly StoredSchedule[],
  since: number,
): Promise<StoredSchedule[]> => {
  const absences = await loadAbsences(db, since)
  return schedules.map((stored) => ({ ...stored, rules: { ...stored.rules, absences } }))
}
