/** The ledger log that an environment, or the organisation, gets before its first event. */
import { randomBytes } from 'node:crypto'
import type { Platform } from '../platform/context.ts'
import type { Db, Tx } from '../platform/database.ts'

const PSEUDONYM_KEY_BYTES = 32

/** The name checkpoints are signed under (C2SP tlog-checkpoint "origin"): stays what it was when BASE_URL changes. */
const originOf = ({ config }: Platform, id: string): string =>
  `fortnight.${new URL(config.baseUrl).host}/l/${id}`

export const insertLedgerLog = async (
  db: Db | Tx,
  platform: Platform,
  about: { id: string; environmentId: string | null; customerId: string | null; now: number },
): Promise<void> => {
  await db
    .insertInto('ledger_logs')
    .values({
      id: about.id,
      environment_id: about.environmentId,
      customer_id: about.customerId,
      origin: originOf(platform, about.id),
      pseudonym_key: randomBytes(PSEUDONYM_KEY_BYTES),
      created_at: about.now,
      closed_at: null,
    })
    .execute()
}

export const organisationLogExists = async (db: Db | Tx): Promise<boolean> => {
  const row = await db
    .selectFrom('ledger_logs')
    .select('id')
    .where('environment_id', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}
