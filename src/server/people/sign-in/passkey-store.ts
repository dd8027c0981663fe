/** SQL over passkeys. */
import type { Db, Tables, Tx } from '../../platform/database.ts'

export type PasskeyRow = Tables['passkeys']

export const listPasskeyRows = (db: Db | Tx, accountId: string): Promise<PasskeyRow[]> =>
  db
    .selectFrom('passkeys')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .limit(100)
    .execute()

export const findPasskey = (db: Db | Tx, id: string): Promise<PasskeyRow | undefined> =>
  db.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst()

export const insertPasskey = async (tx: Tx, row: PasskeyRow): Promise<void> => {
  await tx.insertInto('passkeys').values(row).execute()
}

export const touchPasskey = async (tx: Tx, id: string, counter: number, now: number): Promise<void> => {
  await tx.updateTable('passkeys').set({ counter, used_at: now }).where('id', '=', id).execute()
}

export const deletePasskey = async (tx: Tx, accountId: string, id: string): Promise<boolean> => {
  const gone = await tx
    .deleteFrom('passkeys')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .returning('id')
    .executeTakeFirst()
  return gone !== undefined
}
