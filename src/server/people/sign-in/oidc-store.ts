/** SQL over linked identities. */
import type { Db, Tx } from '../../platform/database.ts'

export const findIdentity = (
  db: Db | Tx,
  issuer: string,
  subject: string,
): Promise<{ account_id: string } | undefined> =>
  db
    .selectFrom('oidc_identities')
    .select('account_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()

/** Of one issuer an account has one identity: a mailbox that somebody else was given is not that person. */
export const hasIdentityOf = async (tx: Tx, accountId: string, issuer: string): Promise<boolean> =>
  (await tx
    .selectFrom('oidc_identities')
    .select('subject')
    .where('account_id', '=', accountId)
    .where('issuer', '=', issuer)
    .executeTakeFirst()) !== undefined

/** @returns their issuers */
export const deleteIdentities = async (tx: Tx, accountId: string): Promise<string[]> => {
  const rows = await tx
    .deleteFrom('oidc_identities')
    .where('account_id', '=', accountId)
    .returning('issuer')
    .execute()
  return [...new Set(rows.map(({ issuer }) => issuer))]
}

export const insertIdentity = async (
  tx: Tx,
  row: { issuer: string; subject: string; account_id: string; created_at: number },
): Promise<void> => {
  await tx.insertInto('oidc_identities').values(row).execute()
}
