/** SQL over accounts. */
import { sql, type ExpressionBuilder } from 'kysely'
import type { Role } from '../../../domain/people/permissions.ts'
import type { Db, Tables, Tx } from '../../platform/database.ts'

export type AccountRow = {
  id: string
  kind: 'staff' | 'contact'
  customer_id: string | null
  customer_slug: string | null
  customer_name: string | null
  handle: string
  name: string
  email: string
  roles: string[]
  locale: string
  zone: string
  created_at: number
  archived_at: number | null
  can_sign_in: boolean
}

const canSignIn = (eb: ExpressionBuilder<Tables, 'accounts'>) =>
  eb
    .or([
      eb('accounts.password_changed_at', 'is not', null),
      eb.exists(
        eb.selectFrom('passkeys').select('passkeys.id').whereRef('passkeys.account_id', '=', 'accounts.id'),
      ),
      eb.exists(
        eb
          .selectFrom('oidc_identities')
          .select('oidc_identities.subject')
          .whereRef('oidc_identities.account_id', '=', 'accounts.id'),
      ),
    ])
    .as('can_sign_in')

const selectAccounts = (db: Db | Tx) =>
  db
    .selectFrom('accounts')
    .leftJoin('customers', 'customers.id', 'accounts.customer_id')
    .select((eb) => [
      'accounts.id',
      'accounts.kind',
      'accounts.customer_id',
      'customers.slug as customer_slug',
      'customers.name as customer_name',
      'accounts.handle',
      'accounts.name',
      'accounts.email',
      'accounts.roles',
      'accounts.locale',
      'accounts.zone',
      'accounts.created_at',
      'accounts.archived_at',
      canSignIn(eb as unknown as ExpressionBuilder<Tables, 'accounts'>),
    ])

export const findAccount = (db: Db | Tx, id: string): Promise<AccountRow | undefined> =>
  selectAccounts(db).where('accounts.id', '=', id).executeTakeFirst() as Promise<AccountRow | undefined>

export const findAccounts = (db: Db | Tx, ids: readonly string[]): Promise<AccountRow[]> =>
  selectAccounts(db)
    .where(sql<boolean>`accounts.id = any(${ids}::uuid[])`)
    .execute() as Promise<AccountRow[]>

export const findAccountByHandle = (db: Db | Tx, handle: string): Promise<AccountRow | undefined> =>
  selectAccounts(db).where('accounts.handle', '=', handle).executeTakeFirst() as Promise<
    AccountRow | undefined
  >

/** By handle or e-mail address, in whatever case; nobody who has left. */
export const findStaffNamed = (db: Db | Tx, name: string): Promise<AccountRow | undefined> =>
  selectAccounts(db)
    .where('accounts.kind', '=', 'staff')
    .where('accounts.archived_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb(eb.fn('lower', ['accounts.handle']), '=', name.toLowerCase()),
        eb(eb.fn('lower', ['accounts.email']), '=', name.toLowerCase()),
      ]),
    )
    .executeTakeFirst() as Promise<AccountRow | undefined>

export const listAccountRows = (
  db: Db | Tx,
  wanted: {
    kind?: 'staff' | 'contact' | undefined
    archived: boolean
    after?: string | undefined
    limit: number
  },
): Promise<AccountRow[]> => {
  let query = selectAccounts(db)
    .where('accounts.archived_at', wanted.archived ? 'is not' : 'is', null)
    .orderBy('accounts.handle')
    .limit(wanted.limit)
  if (wanted.kind) query = query.where('accounts.kind', '=', wanted.kind)
  if (wanted.after !== undefined) query = query.where('accounts.handle', '>', wanted.after)
  return query.execute() as Promise<AccountRow[]>
}

export const allAccountRows = (db: Db | Tx): Promise<AccountRow[]> =>
  selectAccounts(db).orderBy('accounts.handle').execute() as Promise<AccountRow[]>

export type NewAccountRow = {
  id: string
  kind: 'staff' | 'contact'
  customerId: string | null
  handle: string
  name: string
  email: string
  roles: readonly Role[]
  locale: string
  zone: string
}

export const insertAccount = async (tx: Tx, now: number, row: NewAccountRow): Promise<void> => {
  await tx
    .insertInto('accounts')
    .values({
      id: row.id,
      kind: row.kind,
      customer_id: row.customerId,
      handle: row.handle,
      name: row.name,
      email: row.email,
      roles: [...row.roles],
      locale: row.locale,
      zone: row.zone,
      password_hash: null,
      password_changed_at: null,
      archived_at: null,
      created_at: now,
    })
    .execute()
}

export type AccountChange = {
  name?: string
  email?: string
  roles?: string[]
  locale?: string
  zone?: string
  archived_at?: number | null
}
export const updateAccountRow = async (tx: Tx, id: string, change: AccountChange): Promise<void> => {
  await tx.updateTable('accounts').set(change).where('id', '=', id).execute()
}

/** Serialises changes of who administers: two administrators who demote each other at once must not both succeed. */
export const lockAdministrators = async (tx: Tx): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select id from accounts where kind = 'staff' and archived_at is null and 'administrator' = any(roles)
    order by id for update`.execute(tx)
  return rows.map((row) => row.id)
}

export const administratorExists = async (db: Db | Tx): Promise<boolean> => {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select 1 from accounts where kind = 'staff' and 'administrator' = any(roles)) as found`.execute(
    db,
  )
  return rows[0]?.found === true
}

export type SignInRow = {
  id: string
  kind: 'staff' | 'contact'
  customer_id: string | null
  roles: string[]
  handle: string
  email: string
  name: string
  locale: string
  zone: string
  password_hash: string | null
}

const selectForSignIn = (db: Db | Tx) =>
  db
    .selectFrom('accounts')
    .select([
      'id',
      'kind',
      'customer_id',
      'roles',
      'handle',
      'email',
      'name',
      'locale',
      'zone',
      'password_hash',
    ])
    .where('archived_at', 'is', null)

/** @param subject handle or e-mail address in lower case. Archived accounts do not exist for sign-in. */
export const findForSignIn = (db: Db | Tx, subject: string): Promise<SignInRow | undefined> =>
  selectForSignIn(db)
    .where((eb) => eb.or([eb('handle', '=', subject), eb(eb.fn('lower', ['email']), '=', subject)]))
    .executeTakeFirst()

export const findForSignInById = (db: Db | Tx, id: string): Promise<SignInRow | undefined> =>
  selectForSignIn(db).where('id', '=', id).executeTakeFirst()

export const storePasswordHash = async (tx: Tx, id: string, hash: string, now: number): Promise<void> => {
  await tx
    .updateTable('accounts')
    .set({ password_hash: hash, password_changed_at: now })
    .where('id', '=', id)
    .execute()
}

/** Staff by id, archived ones included. */
export const findStaffByIds = (db: Db | Tx, ids: readonly string[]): Promise<AccountRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : (selectAccounts(db)
        .where('accounts.kind', '=', 'staff')
        .where('accounts.id', 'in', [...new Set(ids)])
        .orderBy('accounts.handle')
        .execute() as Promise<AccountRow[]>)

export type PersonName = { readonly id: string; readonly name: string; readonly handle: string }
/** Names for ids, for whatever other areas show; archived people keep theirs. */
export const namesOf = async (
  db: Db | Tx,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, PersonName>> => {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'name', 'handle'])
    .where('id', 'in', wanted)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}
