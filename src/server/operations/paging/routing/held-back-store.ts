/** SQL of alerts that wait until their environment is served again. */
import { sql } from 'kysely'
import type { Tx } from '../../../platform/database.ts'
import type { OpenedAlert } from '../../alerts/index.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    held_back_alerts: { alert_id: string; customer_id: string; environment_id: string; until_at: number }
  }
}

export const holdBack = async (
  db: Tx,
  { customerId, environmentId }: { readonly customerId: string; readonly environmentId: string },
  alertIds: readonly string[],
  until: number,
): Promise<void> => {
  await sql`
    insert into held_back_alerts (alert_id, customer_id, environment_id, until_at)
    select id, ${customerId}::uuid, ${environmentId}::uuid, ${until}::bigint from unnest(${alertIds}::uuid[]) as id
    on conflict (alert_id) do update set until_at = excluded.until_at`.execute(db)
}

/** Those whose time has come wait no more; of them, as if they opened now, what is still open, asleep for nobody, and rings for nobody yet. */
export const takeWaiting = async (db: Tx, environmentId: string, now: number): Promise<OpenedAlert[]> => {
  const { rows } = await sql<OpenedAlert>`
    with over as (
      delete from held_back_alerts
      where environment_id = ${environmentId}::uuid and until_at <= ${now}::bigint returning alert_id)
    select a.id, a.fingerprint, a.priority, a.group_key as "groupKey", a.name, a.summary,
      a.starts_at as "startsAt", '' as digest
    from alerts a join over on over.alert_id = a.id
    where a.status = 'open' and a.snoozed_until_at is null
      and not exists (select 1 from page_alerts c join pages p on p.id = c.page_id and p.status = 'open'
                      where c.alert_id = a.id)
    order by a.opened_at, a.id for update of a`.execute(db)
  return rows
}
