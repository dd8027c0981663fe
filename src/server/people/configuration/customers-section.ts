/** Customers in a configuration document. */
import { customerEntry, type CustomerEntry } from '../../../contract/people/configuration.ts'
import { putCustomerAway, takeCustomerBack } from '../customers/archive-customer.ts'
import { addCustomer } from '../customers/create-customer.ts'
import { customerOrFault } from '../customers/find-customer.ts'
import { allCustomerRows } from '../customers/store.ts'
import { changeCustomer } from '../customers/update-customer.ts'
import { configurationSection } from './section.ts'

configurationSection<CustomerEntry>({
  key: 'customers',
  kind: 'customer',
  order: 10,
  schema: customerEntry,
  nameOf: ({ slug }) => slug,
  read: async (db) =>
    (await allCustomerRows(db))
      .filter((row) => row.archived_at === null)
      .map(({ slug, name }) => ({ slug, name })),
  archived: async (db) =>
    (await allCustomerRows(db)).filter((row) => row.archived_at !== null).map(({ slug }) => slug),
  create: async (tx, entry) => {
    await addCustomer(tx, entry)
  },
  update: async (tx, { slug, name }) => {
    await changeCustomer(tx, await customerOrFault(tx.db, slug), { name })
  },
  archive: async (tx, slug) => {
    await putCustomerAway(tx, await customerOrFault(tx.db, slug))
  },
  restore: async (tx, slug) => {
    await takeCustomerBack(tx, await customerOrFault(tx.db, slug))
  },
})
