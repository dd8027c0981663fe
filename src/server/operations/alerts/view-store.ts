/** SQL of saved views of the alert list. */
import type { Db, Tx } from '../../platform/database.ts'

export type ViewRow = {
  id: string
  /** null: everybody's. */
  account_id: string | null
  slug: string | null
  name: string
  query: string
  status: 'not-closed' | 'open' | 'acknowledged' | 'closed' | 'all'
  environment: string | null
  priority: string | null
  group_by: string | null
  changed_at: number
}

declare module '../../platform/database.ts' {
  interface Tables {
    alert_views: ViewRow
  }
}

export const sharedViews = (db: Db | Tx): Promise<ViewRow[]> =>
  db.selectFrom('alert_views').selectAll().where('account_id', 'is', null).orderBy('slug').execute()

export const viewsOf = (db: Db | Tx, accountId: string): Promise<ViewRow[]> =>
  db
    .selectFrom('alert_views')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('name')
    .orderBy('id')
    .execute()

export const lockView = (db: Tx, id: string): Promise<ViewRow | undefined> =>
  db.selectFrom('alert_views').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const putView = async (db: Tx, row: ViewRow): Promise<void> => {
  await db
    .insertInto('alert_views')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

export const deleteView = async (db: Tx, id: string): Promise<void> => {
  await db.deleteFrom('alert_views').where('id', '=', id).execute()
}
