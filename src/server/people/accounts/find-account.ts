/** Finds accounts for verbs, or says that they are not there. */
import { isUuid } from '../../platform/ids.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { notFound } from '../../platform/faults.ts'
import { findAccount, findAccountByHandle, type AccountRow } from './store.ts'

export const accountOrFault = async (db: Db | Tx, id: string): Promise<AccountRow> => {
  const row = await findAccount(db, id)
  if (!row) throw notFound('This account')
  return row
}

/** A person named by handle or id; must be staff and in use. */
export const staffNamed = async (db: Db | Tx, person: string): Promise<AccountRow> => {
  const row = isUuid(person) ? await findAccount(db, person) : await findAccountByHandle(db, person)
  if (!row || row.kind !== 'staff' || row.archived_at !== null)
    throw notFound(`A member of staff named ${person}`)
  return row
}
