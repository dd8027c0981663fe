/** What an installation or a person still lacks, in one query; feeds the hints on the home page. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type Missing = {
  readonly customer: boolean
  readonly environment: boolean
  readonly key: boolean
  readonly colleague: boolean
  readonly passkey: boolean
}

export const missingPieces = async (db: Db | Tx, accountId: string): Promise<Missing> => {
  const { rows } = await sql<Missing>`
    select not exists (select 1 from customers where archived_at is null) as customer,
           not exists (select 1 from environments where archived_at is null) as environment,
           not exists (select 1 from integration_keys where revoked_at is null) as key,
           not exists (select 1 from accounts where archived_at is null and kind = 'staff' and id <> ${accountId}) as colleague,
           not exists (select 1 from passkeys where account_id = ${accountId}) as passkey`.execute(db)
  return rows[0] as Missing
}
