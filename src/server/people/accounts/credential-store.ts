/** SQL by which a request's credentials are found: sessions and API tokens with their accounts, and when they were used. */
import { sql } from 'kysely'
import type { Db } from '../../platform/database.ts'

/** Archived accounts have no sessions any more; ended and expired ones are not found. */
export const findSessionByHash = (db: Db, hash: Buffer, now: number) =>
  db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .select([
      'sessions.id as sessionId',
      'sessions.created_at as openedAt',
      'sessions.seen_at as seenAt',
      'accounts.id',
      'accounts.kind',
      'accounts.customer_id',
      'accounts.roles',
    ])
    .where('sessions.token_hash', '=', hash)
    .where('sessions.revoked_at', 'is', null)
    .where('sessions.expires_at', '>', now)
    .where('accounts.archived_at', 'is', null)
    .executeTakeFirst()

export const findTokenByHash = (db: Db, hash: Buffer, now: number) =>
  db
    .selectFrom('api_tokens')
    .innerJoin('accounts', 'accounts.id', 'api_tokens.account_id')
    .select([
      'api_tokens.id as tokenId',
      'api_tokens.scopes',
      'accounts.id',
      'accounts.kind',
      'accounts.customer_id',
      'accounts.roles',
    ])
    .where('api_tokens.token_hash', '=', hash)
    .where('api_tokens.revoked_at', 'is', null)
    .where((where) =>
      where.or([where('api_tokens.expires_at', 'is', null), where('api_tokens.expires_at', '>', now)]),
    )
    .where('accounts.archived_at', 'is', null)
    // Scopes narrow what roles give; a contact has neither.
    .where('accounts.kind', '=', 'staff')
    .executeTakeFirst()

export type CredentialUse = { readonly id: string; readonly at: number; readonly address: string }

/** @param uses one a credential */
export const storeCredentialUses = async (db: Db, uses: readonly CredentialUse[]): Promise<void> => {
  await sql`
    insert into credential_uses (credential_id, used_at, address)
    select * from unnest(${uses.map(({ id }) => id)}::uuid[], ${uses.map(({ at }) => at)}::bigint[],
                         ${uses.map(({ address }) => address)}::text[])
    on conflict (credential_id) do update set used_at = excluded.used_at, address = excluded.address`.execute(
    db,
  )
}
