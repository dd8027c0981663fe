/** SQL of response times. */
import type { Db, Tx } from '../../../platform/database.ts'

/** By priority, 1 to 5. */
export type Minutes = Readonly<Record<string, number>>

declare module '../../../platform/database.ts' {
  interface Tables {
    response_times: { environment_id: string; customer_id: string; minutes: unknown; changed_at: number }
  }
}

export const responseMinutesOf = async (db: Db | Tx, environmentId: string): Promise<Minutes> => {
  const row = await db
    .selectFrom('response_times')
    .select('minutes')
    .where('environment_id', '=', environmentId)
    .executeTakeFirst()
  return (row?.minutes ?? {}) as Minutes
}

export const putResponseMinutes = async (
  db: Tx,
  where: { readonly environmentId: string; readonly customerId: string },
  minutes: Minutes,
  at: number,
): Promise<void> => {
  const row = { minutes: JSON.stringify(minutes), changed_at: at }
  await db
    .insertInto('response_times')
    .values({ environment_id: where.environmentId, customer_id: where.customerId, ...row })
    .onConflict((conflict) => conflict.column('environment_id').doUpdateSet(row))
    .execute()
}

export const listResponseMinutes = (db: Db | Tx) =>
  db
    .selectFrom('response_times')
    .innerJoin('environments', 'environments.id', 'response_times.environment_id')
    .select(['environments.id', 'environments.slug', 'environments.name', 'response_times.minutes'])
    .where('environments.archived_at', 'is', null)
    .orderBy('environments.name')
    .limit(2_000)
    .execute()
