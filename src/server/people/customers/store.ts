/** SQL over customers. */
import { sql } from 'kysely'
import type { Db, Tables, Tx } from '../../platform/database.ts'

export type CustomerRow = Tables['customers']

export const findCustomer = (
  db: Db | Tx,
  by: 'id' | 'slug',
  value: string,
): Promise<CustomerRow | undefined> =>
  db.selectFrom('customers').selectAll().where(by, '=', value).executeTakeFirst()

export const listCustomerRows = (
  db: Db | Tx,
  wanted: { archived: boolean; after?: string | undefined; limit: number },
): Promise<CustomerRow[]> => {
  let query = db
    .selectFrom('customers')
    .selectAll()
    .where('archived_at', wanted.archived ? 'is not' : 'is', null)
    .orderBy('slug')
    .limit(wanted.limit)
  if (wanted.after !== undefined) query = query.where('slug', '>', wanted.after)
  return query.execute()
}

export const allCustomerRows = (db: Db | Tx): Promise<CustomerRow[]> =>
  db.selectFrom('customers').selectAll().orderBy('slug').execute()

export const insertCustomer = async (tx: Tx, row: CustomerRow): Promise<void> => {
  await tx.insertInto('customers').values(row).execute()
}

export const updateCustomerRow = async (
  tx: Tx,
  id: string,
  change: { name?: string; archived_at?: number | null },
): Promise<void> => {
  await tx.updateTable('customers').set(change).where('id', '=', id).execute()
}

/** What still uses a customer: environments and contacts that are not archived. The row is locked until the end. */
export const usesOfCustomer = async (
  tx: Tx,
  id: string,
): Promise<{ environments: number; contacts: number }> => {
  await sql`select 1 from customers where id = ${id} for update`.execute(tx)
  const { rows } = await sql<{ environments: number; contacts: number }>`
    select (select count(*) from environments where customer_id = ${id} and archived_at is null) as environments,
           (select count(*) from accounts where customer_id = ${id} and archived_at is null) as contacts`.execute(
    tx,
  )
  return rows[0] as { environments: number; contacts: number }
}
