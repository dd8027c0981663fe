/** Creates a customer. */
import type { Customer } from '../../../contract/people/customers.ts'
import type { Ctx } from '../../platform/context.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { sayingWhatExists } from '../unique.ts'
import { customerCreated } from './events.ts'
import { presentCustomer } from './present.ts'
import { insertCustomer, type CustomerRow } from './store.ts'

export const customerExists = {
  customers_slug_key:
    'A customer with this slug exists, perhaps archived. Choose another slug or restore it.',
}

export const addCustomer = async (
  tx: WriteTx,
  wanted: { slug: string; name: string },
): Promise<CustomerRow> => {
  const row: CustomerRow = {
    id: tx.id(),
    slug: wanted.slug,
    name: wanted.name,
    archived_at: null,
    created_at: tx.now,
  }
  await insertCustomer(tx.db, row)
  tx.append(customerCreated, {
    stream: row.id,
    customerId: row.id,
    refs: [['customer', row.id]],
    body: { slug: row.slug, name: row.name },
  })
  return row
}

export const createCustomer = (ctx: Ctx, input: { slug: string; name: string }): Promise<Customer> =>
  sayingWhatExists(customerExists, () =>
    record(ctx, async (tx) => presentCustomer(await addCustomer(tx, input))),
  )
