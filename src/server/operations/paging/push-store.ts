/** SQL of the browsers that people registered to be paged on. */
import type { Db, Tx } from '../../platform/database.ts'

type SubscriptionRow = {
  id: string
  account_id: string
  endpoint: string
  p256dh: string
  auth: string
  user_agent: string
  created_at: number
  proven_at: number | null
  gone_at: number | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    push_subscriptions: SubscriptionRow
  }
}

export const livePushSubscriptions = (db: Db | Tx, accountId: string): Promise<SubscriptionRow[]> =>
  db
    .selectFrom('push_subscriptions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('gone_at', 'is', null)
    .execute()

/** The same browser again, perhaps with another person signed in: the endpoint belongs to whoever registered last. */
export const putPushSubscription = async (
  db: Tx,
  row: Omit<SubscriptionRow, 'proven_at' | 'gone_at'>,
): Promise<string> => {
  const { account_id, p256dh, auth } = row
  const stored = await db
    .insertInto('push_subscriptions')
    .values({ ...row, proven_at: null, gone_at: null })
    .onConflict((conflict) =>
      conflict.column('endpoint').doUpdateSet({ account_id, p256dh, auth, gone_at: null }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return stored.id
}

/** @returns false when it was forgotten before */
export const endPushSubscription = async (db: Tx, id: string, at: number): Promise<boolean> => {
  const row = await db
    .updateTable('push_subscriptions')
    .set({ gone_at: at })
    .where('id', '=', id)
    .where('gone_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Those of the accounts that have at least one browser registered. */
export const withPush = async (db: Db | Tx, accountIds: readonly string[]): Promise<ReadonlySet<string>> => {
  if (accountIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('push_subscriptions')
    .select('account_id')
    .distinct()
    .where('account_id', 'in', [...accountIds])
    .where('gone_at', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.account_id))
}
