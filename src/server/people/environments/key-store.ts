/** SQL over integration keys. */
import type { Db, Tables, Tx } from '../../platform/database.ts'

export type KeyRow = Omit<Tables['integration_keys'], 'key_hash'> & {
  environment_slug: string
  environment_name: string
  used_at: number | null
}

const selectKeys = (db: Db | Tx) =>
  db
    .selectFrom('integration_keys')
    .innerJoin('environments', 'environments.id', 'integration_keys.environment_id')
    .leftJoin('credential_uses', 'credential_uses.credential_id', 'integration_keys.id')
    .select([
      'integration_keys.id',
      'integration_keys.environment_id',
      'integration_keys.customer_id',
      'integration_keys.name',
      'integration_keys.hint',
      'integration_keys.created_at',
      'integration_keys.expires_at',
      'integration_keys.revoked_at',
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'credential_uses.used_at',
    ])

export const findKey = (db: Db | Tx, id: string): Promise<KeyRow | undefined> =>
  selectKeys(db).where('integration_keys.id', '=', id).executeTakeFirst()

export const listKeyRows = (db: Db | Tx, environmentId: string): Promise<KeyRow[]> =>
  selectKeys(db)
    .where('integration_keys.environment_id', '=', environmentId)
    .orderBy('integration_keys.created_at', 'desc')
    .orderBy('integration_keys.id', 'desc')
    .limit(500)
    .execute()

export const insertKey = async (tx: Tx, row: Tables['integration_keys']): Promise<void> => {
  await tx.insertInto('integration_keys').values(row).execute()
}

export const revokeKeyRow = async (tx: Tx, id: string, now: number): Promise<void> => {
  await tx
    .updateTable('integration_keys')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Revoked and expired keys, and those of archived environments, are not found. */
export const findKeyByHash = (db: Db, hash: Buffer, now: number) =>
  db
    .selectFrom('integration_keys')
    .innerJoin('environments', 'environments.id', 'integration_keys.environment_id')
    .select([
      'integration_keys.id',
      'environments.id as environmentId',
      'environments.slug',
      'environments.customer_id',
    ])
    .where('integration_keys.key_hash', '=', hash)
    .where('integration_keys.revoked_at', 'is', null)
    .where((where) =>
      where.or([
        where('integration_keys.expires_at', 'is', null),
        where('integration_keys.expires_at', '>', now),
      ]),
    )
    .where('environments.archived_at', 'is', null)
    .executeTakeFirst()
