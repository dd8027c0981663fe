/** SQL over one-time tokens. */
import type { Db, Tables, Tx } from '../../platform/database.ts'

export type OneTimeTokenRow = Pick<
  Tables['one_time_tokens'],
  'purpose' | 'account_id' | 'subject_id' | 'state' | 'expires_at' | 'used_at'
>
const columns = ['purpose', 'account_id', 'subject_id', 'state', 'expires_at', 'used_at'] as const

export const insertOneTimeTokens = async (
  tx: Tx,
  rows: readonly Tables['one_time_tokens'][],
): Promise<void> => {
  await tx.insertInto('one_time_tokens').values(rows).execute()
}

/** Of two at once exactly one inserts. */
export const insertIfNew = async (tx: Tx, row: Tables['one_time_tokens']): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('one_time_tokens')
    .values(row)
    .onConflict((conflict) => conflict.column('token_hash').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export const findOneTimeToken = (
  db: Db | Tx,
  purpose: string,
  hash: Buffer,
): Promise<OneTimeTokenRow | undefined> =>
  db
    .selectFrom('one_time_tokens')
    .select(columns)
    .where('token_hash', '=', hash)
    .where('purpose', '=', purpose)
    .executeTakeFirst()

/** Of two at once exactly one gets the row. */
export const takeOneTimeToken = (
  tx: Tx,
  purpose: string,
  hash: Buffer,
  now: number,
): Promise<OneTimeTokenRow | undefined> =>
  tx
    .updateTable('one_time_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(columns)
    .executeTakeFirst()

/** Earlier links of a kind stop working when a newer one is made. */
export const forgetOneTimeTokens = async (tx: Tx, purpose: string, accountId: string): Promise<void> => {
  await tx
    .deleteFrom('one_time_tokens')
    .where('purpose', '=', purpose)
    .where('account_id', '=', accountId)
    .execute()
}
