/** SQL of how people want to be told and of the ways that would work: read whenever somebody is paged. */
import type { NotificationRules } from '../../../domain/operations/paging/notification-rules.ts'
import type { ContactKind } from '../../../domain/people/contact-methods/contact-method.ts'
import type { Db, Tx } from '../../platform/database.ts'

type RulesRow = { account_id: string; definition: unknown; version: number; changed_at: number }

declare module '../../platform/database.ts' {
  interface Tables {
    notification_rules: RulesRow
  }
}

export type StoredRules = { readonly rules: NotificationRules; readonly version: number }

const asRules = ({ definition, version }: RulesRow): StoredRules => ({
  rules: definition as NotificationRules,
  version,
})

export const rulesOf = async (
  db: Db | Tx,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, StoredRules>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('notification_rules')
    .selectAll()
    .where('account_id', 'in', [...accountIds])
    .execute()
  return new Map(rows.map((row) => [row.account_id, asRules(row)]))
}

export const lockRules = async (db: Tx, accountId: string): Promise<StoredRules | undefined> => {
  const row = await db
    .selectFrom('notification_rules')
    .selectAll()
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst()
  return row && asRules(row)
}

export const putRules = async (db: Tx, accountId: string, stored: StoredRules, at: number): Promise<void> => {
  const row = { definition: JSON.stringify(stored.rules), version: stored.version, changed_at: at }
  await db
    .insertInto('notification_rules')
    .values({ account_id: accountId, ...row })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(row))
    .execute()
}

/** No more of a way than intake may see: never where it leads. */
export type ProvenWay = { readonly id: string; readonly account_id: string; readonly kind: ContactKind }

export const provenWaysOf = async (db: Db | Tx, accountIds: readonly string[]): Promise<ProvenWay[]> => {
  if (accountIds.length === 0) return []
  return db
    .selectFrom('contact_methods')
    .select(['id', 'account_id', 'kind'])
    .where('account_id', 'in', [...accountIds])
    .where('removed_at', 'is', null)
    .where('verified_at', 'is not', null)
    .orderBy('id')
    .execute()
}

export const zonesOf = async (
  db: Db | Tx,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'zone'])
    .where('id', 'in', [...accountIds])
    .execute()
  return new Map(rows.map((row) => [row.id, row.zone]))
}
