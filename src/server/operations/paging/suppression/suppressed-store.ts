/** SQL of what maintenance windows keep from paging. */
import { sql } from 'kysely'
import type { Tx } from '../../../platform/database.ts'
import type { OpenedAlert } from '../../alerts/index.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    suppressed_alerts: {
      window_id: string
      alert_id: string
      customer_id: string
      environment_id: string
      suppressed_at: number
      released_at: number | null
    }
  }
}

type Where = { readonly customerId: string; readonly environmentId: string }

export const putSuppressed = async (
  db: Tx,
  { customerId, environmentId }: Where,
  windowId: string,
  alertIds: readonly string[],
  at: number,
): Promise<void> => {
  await sql`
    insert into suppressed_alerts (window_id, alert_id, customer_id, environment_id, suppressed_at)
    select ${windowId}::uuid, id, ${customerId}::uuid, ${environmentId}::uuid, ${at}::bigint
    from unnest(${alertIds}::uuid[]) as id
    on conflict (window_id, alert_id) do nothing`.execute(db)
}

/**
 * What a window kept quiet it keeps quiet no more; of that, as if it opened now, what nobody has, what does not sleep,
 * and what does not ring already because somebody escalated it by hand.
 */
export const releaseSuppressed = async (db: Tx, windowId: string, at: number): Promise<OpenedAlert[]> => {
  const { rows } = await sql<OpenedAlert>`
    with released as (
      update suppressed_alerts set released_at = ${at}::bigint
      where window_id = ${windowId}::uuid and released_at is null returning alert_id)
    select a.id, a.fingerprint, a.priority, a.group_key as "groupKey", a.name, a.summary,
      a.starts_at as "startsAt", '' as digest
    from alerts a join released on released.alert_id = a.id
    where a.status = 'open' and a.snoozed_until_at is null
      and not exists (select 1 from page_alerts c join pages p on p.id = c.page_id and p.status = 'open'
                      where c.alert_id = a.id)
    order by a.id for update of a`.execute(db)
  return rows
}
