/** Two made-up customers with an environment and a ledger log each: the ground that tests of the platform stand on. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Platform } from './context.ts'
import type { Actor } from './actor.ts'

export type Customer = {
  readonly customerId: string
  readonly environmentId: string
  readonly logId: string
  readonly contact: Actor
  readonly integration: Actor
}
export type TwoCustomers = { readonly acme: Customer; readonly borealis: Customer; readonly logId: string }

const makeCustomer = async (platform: Platform, slug: string): Promise<Customer> => {
  const { ids, clock, database } = platform
  const now = clock.now()
  const [customerId, environmentId, logId, accountId, keyId] = Array.from({ length: 5 }, () =>
    ids.next(now),
  ) as [string, string, string, string, string]
  await database.db.transaction().execute(async (db) => {
    await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(db)
    await sql`insert into customers (id, slug, name, created_at) values (${customerId}, ${slug}, ${slug}, ${now})`.execute(
      db,
    )
    await sql`insert into environments (id, customer_id, slug, name, created_at)
      values (${environmentId}, ${customerId}, ${`${slug}-prod`}, ${slug}, ${now})`.execute(db)
    await sql`insert into ledger_logs (id, environment_id, customer_id, origin, pseudonym_key, created_at)
      values (${logId}, ${environmentId}, ${customerId}, ${`example.org/${slug}`}, ${randomBytes(32)}, ${now})`.execute(
      db,
    )
  })
  return {
    customerId,
    environmentId,
    logId,
    contact: { kind: 'contact', accountId, customerId, via: 'web' },
    integration: { kind: 'integration', keyId, environmentId, customerId, via: 'integration' },
  }
}

/** Makes the organisation's own log, too, when nobody has. */
export const twoCustomers = async (platform: Platform): Promise<TwoCustomers> => {
  const { ids, clock, database } = platform
  const now = clock.now()
  await sql`insert into ledger_logs (id, origin, pseudonym_key, created_at)
    select ${ids.next(now)}::uuid, 'example.org/organisation', ${randomBytes(32)}, ${now}::bigint
    where not exists (select 1 from ledger_logs where environment_id is null)`.execute(database.db)
  const { rows } = await sql<{ id: string }>`select id from ledger_logs where environment_id is null`.execute(
    database.db,
  )
  return {
    acme: await makeCustomer(platform, 'acme'),
    borealis: await makeCustomer(platform, 'borealis'),
    logId: rows[0]?.id ?? '',
  }
}
