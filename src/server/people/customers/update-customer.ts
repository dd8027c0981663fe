/** Changes the name of a customer. */
import type { Customer } from '../../../contract/people/customers.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { changesBetween } from '../changes.ts'
import { customerUpdated } from './events.ts'
import { customerOrFault } from './find-customer.ts'
import { presentCustomer } from './present.ts'
import { updateCustomerRow, type CustomerRow } from './store.ts'

/** @returns false when nothing differed */
export const changeCustomer = async (
  tx: WriteTx,
  before: CustomerRow,
  wanted: { name?: string | undefined },
): Promise<boolean> => {
  const changes = changesBetween(before, { name: wanted.name })
  if (changes.length === 0 || wanted.name === undefined) return false
  await updateCustomerRow(tx.db, before.id, { name: wanted.name })
  tx.append(customerUpdated, {
    stream: before.id,
    customerId: before.id,
    refs: [['customer', before.id]],
    body: { changes },
  })
  return true
}

type Input = { customer: string; name?: string | undefined }

export const updateCustomer = async (ctx: Ctx, { customer, name }: Input): Promise<Customer> => {
  await record(ctx, async (tx) => {
    const changed = await changeCustomer(tx, await customerOrFault(tx.db, customer), { name })
    return changed ? undefined : NOTHING_CHANGED
  })
  return read(ctx, async (db) => presentCustomer(await customerOrFault(db, customer)))
}
