/** Lists customers by slug, and shows one; row-level security leaves a contact only their own. */
import type { Customer } from '../../../contract/people/customers.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { pageThrough } from '../page-through.ts'
import { customerOrFault } from './find-customer.ts'
import { presentCustomer } from './present.ts'
import { listCustomerRows } from './store.ts'

type Wanted = {
  archived?: 'true' | 'false' | undefined
  after?: string | undefined
  limit?: number | undefined
}

export const listCustomers = (ctx: Ctx, wanted: Wanted): Promise<{ rows: Customer[]; next: string | null }> =>
  read(ctx, (db) =>
    pageThrough(
      wanted.limit,
      (limit) => listCustomerRows(db, { after: wanted.after, archived: wanted.archived === 'true', limit }),
      (row) => row.slug,
      presentCustomer,
    ),
  )

export const getCustomer = (ctx: Ctx, { customer }: { customer: string }): Promise<Customer> =>
  read(ctx, async (db) => presentCustomer(await customerOrFault(db, customer)))
