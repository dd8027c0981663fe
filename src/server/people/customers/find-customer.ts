/** Finds a customer by slug or id, or says that it is not there. */
import type { Db, Tx } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { isUuid } from '../../platform/ids.ts'
import { findCustomer, type CustomerRow } from './store.ts'

export const customerOrFault = async (db: Db | Tx, named: string): Promise<CustomerRow> => {
  const row = await findCustomer(db, isUuid(named) ? 'id' : 'slug', named)
  if (!row) throw notFound(`The customer ${named}`)
  return row
}

/** One that is in use: nothing new is given to an archived customer. */
export const customerNamed = async (db: Db | Tx, named: string): Promise<CustomerRow> => {
  const row = await customerOrFault(db, named)
  if (row.archived_at !== null)
    throw new Fault('conflict', `The customer ${row.slug} is archived. Restore it first.`)
  return row
}
