/** A customer as the API shows it. */
import type { Customer } from '../../../contract/people/customers.ts'
import type { CustomerRow } from './store.ts'

export const presentCustomer = (row: CustomerRow): Customer => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  createdAt: row.created_at,
  archivedAt: row.archived_at,
})
