/** SQL of what became of requests in OpsGenie's dialect. */
import type { Db } from '../../platform/database.ts'

export type RequestRow = {
  id: string
  customer_id: string
  environment_id: string
  key_id: string
  action: string
  processed_at: number
  alert_id: string | null
  success: boolean
  outcome: string
}

declare module '../../platform/database.ts' {
  interface Tables {
    opsgenie_requests: RequestRow
  }
}

export const insertRequest = async (db: Db, row: RequestRow): Promise<void> => {
  await db.insertInto('opsgenie_requests').values(row).execute()
}

/** Only what the same key asked for. */
export const findRequest = (
  db: Db,
  keyId: string,
  id: string,
): Promise<(RequestRow & { alias: string | null }) | undefined> =>
  db
    .selectFrom('opsgenie_requests')
    .leftJoin('alerts', (join) =>
      join
        .onRef('alerts.id', '=', 'opsgenie_requests.alert_id')
        .onRef('alerts.environment_id', '=', 'opsgenie_requests.environment_id'),
    )
    .selectAll('opsgenie_requests')
    .select((eb) => eb.ref('alerts.annotations', '->>').key('alias').as('alias'))
    .where('opsgenie_requests.id', '=', id)
    .where('opsgenie_requests.key_id', '=', keyId)
    .executeTakeFirst() as Promise<(RequestRow & { alias: string | null }) | undefined>

export const forgetRequests = async (db: Db, before: number): Promise<number> => {
  const { numDeletedRows } = await db
    .deleteFrom('opsgenie_requests')
    .where('processed_at', '<', before)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
