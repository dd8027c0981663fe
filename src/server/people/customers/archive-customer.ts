/** Archives a customer that nothing uses any more, or takes it back. */
import type { Customer } from '../../../contract/people/customers.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { customerArchived, customerRestored } from './events.ts'
import { customerOrFault } from './find-customer.ts'
import { presentCustomer } from './present.ts'
import { updateCustomerRow, usesOfCustomer, type CustomerRow } from './store.ts'

/** @returns false when it was archived already */
export const putCustomerAway = async (tx: WriteTx, row: CustomerRow): Promise<boolean> => {
  if (row.archived_at !== null) return false
  const { environments, contacts } = await usesOfCustomer(tx.db, row.id)
  if (environments + contacts > 0)
    throw new Fault(
      'conflict',
      `${row.slug} still has ${environments} environment(s) and ${contacts} contact(s) in use. Archive those first.`,
    )
  await updateCustomerRow(tx.db, row.id, { archived_at: tx.now })
  tx.append(customerArchived, { stream: row.id, customerId: row.id, refs: [['customer', row.id]], body: {} })
  return true
}

/** @returns false when it was in use already */
export const takeCustomerBack = async (tx: WriteTx, row: CustomerRow): Promise<boolean> => {
  if (row.archived_at === null) return false
  await updateCustomerRow(tx.db, row.id, { archived_at: null })
  tx.append(customerRestored, { stream: row.id, customerId: row.id, refs: [['customer', row.id]], body: {} })
  return true
}

const through =
  (move: (tx: WriteTx, row: CustomerRow) => Promise<boolean>) =>
  async (ctx: Ctx, { customer }: { customer: string }): Promise<Customer> => {
    await record(ctx, async (tx) => {
      const moved = await move(tx, await customerOrFault(tx.db, customer))
      return moved ? undefined : NOTHING_CHANGED
    })
    return read(ctx, async (db) => presentCustomer(await customerOrFault(db, customer)))
  }

export const archiveCustomer = through(putCustomerAway)
export const restoreCustomer = through(takeCustomerBack)
