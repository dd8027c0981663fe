/** Accounts in a configuration document: who they are and what they may do, never how they sign in. */
import { accountEntry, type AccountEntry } from '../../../contract/people/configuration.ts'
import { isRole } from '../../../domain/people/permissions.ts'
import { putAccountAway, takeAccountBack } from '../accounts/archive-account.ts'
import { addAccount } from '../accounts/create-account.ts'
import { allAccountRows, findAccountByHandle, type AccountRow } from '../accounts/store.ts'
import { changeAccount } from '../accounts/update-account.ts'
import { checkedZone } from '../checked-zone.ts'
import { customerNamed } from '../customers/find-customer.ts'
import { actorId } from '../../platform/actor.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { configurationSection, EntryFault } from './section.ts'

const entryOf = (row: AccountRow): AccountEntry => ({
  handle: row.handle,
  name: row.name,
  email: row.email,
  ...(row.kind === 'contact'
    ? { contactOf: row.customer_slug ?? '' }
    : { roles: row.roles.filter(isRole).sort() }),
  locale: row.locale,
  zone: row.zone,
})

const canonicalZone = (zone: string): string => {
  try {
    return checkedZone(zone)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw new EntryFault([{ path: ['zone'], detail: error.errors?.[0]?.detail ?? error.message }])
  }
}

const accountNamed = async (db: Db | Tx, handle: string): Promise<AccountRow> => {
  const row = await findAccountByHandle(db, handle)
  if (!row) throw notFound(`The account ${handle}`)
  return row
}

const refuseOtherKind = (row: AccountRow, { contactOf }: AccountEntry): void => {
  if ((row.customer_slug ?? undefined) === contactOf) return
  const what = row.kind === 'staff' ? 'a member of staff' : `a contact of ${row.customer_slug}`
  const path = contactOf === undefined ? ['roles'] : ['contactOf']
  throw new EntryFault([{ path, detail: `${row.handle} is ${what}, for good; make a new account instead` }])
}

configurationSection<AccountEntry>({
  key: 'accounts',
  kind: 'account',
  order: 20,
  schema: accountEntry,
  nameOf: ({ handle }) => handle,
  references: ({ contactOf }) =>
    contactOf === undefined ? [] : [{ path: ['contactOf'], section: 'customers', name: contactOf }],
  canonical: ({ roles, zone, ...entry }) => ({
    ...entry,
    ...(roles ? { roles: [...new Set(roles)].sort() } : {}),
    ...(zone === undefined ? {} : { zone: canonicalZone(zone) }),
  }),
  read: async (db) => (await allAccountRows(db)).filter((row) => row.archived_at === null).map(entryOf),
  archived: async (db) =>
    (await allAccountRows(db)).filter((row) => row.archived_at !== null).map(({ handle }) => handle),
  create: async (tx, { contactOf, roles, ...entry }) => {
    const customer = contactOf === undefined ? undefined : await customerNamed(tx.db, contactOf)
    const kind = customer ? 'contact' : 'staff'
    await addAccount(tx, { ...entry, kind, roles: roles ?? [], customerId: customer?.id ?? null })
  },
  update: async (tx, entry) => {
    const row = await accountNamed(tx.db, entry.handle)
    refuseOtherKind(row, entry)
    const { name, email, roles, locale, zone } = entry
    await changeAccount(tx, row, { name, email, roles, locale, zone })
  },
  archive: async (tx, handle) => {
    const row = await accountNamed(tx.db, handle)
    if (row.id === actorId(tx.ctx.actor))
      throw new Fault('conflict', 'You would archive your own account. Add yourself to the document.')
    await putAccountAway(tx, row)
  },
  restore: async (tx, handle) => {
    await takeAccountBack(tx, await accountNamed(tx.db, handle))
  },
})
