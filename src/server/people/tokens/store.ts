/** SQL over API tokens. */
import type { Db, Tables, Tx } from '../../platform/database.ts'

export type TokenRow = Omit<Tables['api_tokens'], 'token_hash'> & { used_at: number | null }

const selectTokens = (db: Db | Tx) =>
  db
    .selectFrom('api_tokens')
    .leftJoin('credential_uses', 'credential_uses.credential_id', 'api_tokens.id')
    .select([
      'api_tokens.id',
      'api_tokens.account_id',
      'api_tokens.name',
      'api_tokens.hint',
      'api_tokens.scopes',
      'api_tokens.created_at',
      'api_tokens.expires_at',
      'api_tokens.revoked_at',
      'credential_uses.used_at',
    ])

export const findToken = (db: Db | Tx, accountId: string, id: string): Promise<TokenRow | undefined> =>
  selectTokens(db)
    .where('api_tokens.id', '=', id)
    .where('api_tokens.account_id', '=', accountId)
    .executeTakeFirst()

export const listTokenRows = (db: Db | Tx, accountId: string): Promise<TokenRow[]> =>
  selectTokens(db)
    .where('api_tokens.account_id', '=', accountId)
    // What still opens doors comes first, so that no pile of revoked ones hides it.
    .orderBy(({ eb }) => eb('api_tokens.revoked_at', 'is not', null))
    .orderBy('api_tokens.created_at', 'desc')
    .orderBy('api_tokens.id', 'desc')
    .limit(500)
    .execute()

export const insertToken = async (tx: Tx, row: Tables['api_tokens']): Promise<void> => {
  await tx.insertInto('api_tokens').values(row).execute()
}

export const revokeTokenRow = async (tx: Tx, id: string, now: number): Promise<void> => {
  await tx
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** @returns those that were revoked by it */
export const revokeTokenRowsOf = (
  tx: Tx,
  accountId: string,
  now: number,
): Promise<{ id: string; hint: string }[]> =>
  tx
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .returning(['id', 'hint'])
    .execute()
