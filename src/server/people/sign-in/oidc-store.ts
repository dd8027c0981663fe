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

export const insertIdentity = async (
  tx: Tx,
  row: { issuer: string; subject: string; account_id: string; created_at: number },
): Promise<void> => {
  await tx.insertInto('oidc_identities').values(row).execute()
}
