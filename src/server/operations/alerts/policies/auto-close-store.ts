/** SQL of alerts that policies close, or let page when they were said often enough. */
import { sql } from 'kysely'
import type { Treatment } from '../../../../domain/operations/alerts/policies/treat-alert.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import type { OpenedAlert } from '../events.ts'

const lastSeenAt = sql`greatest(a.opened_at, coalesce(s.last_seen_at, 0))`
const isSilent = (now: number) =>
  sql`a.close_after_ms is not null and a.status <> 'closed' and ${lastSeenAt} + a.close_after_ms <= ${now}::bigint`

/** Silent the longest first. */
export const findSilent = async (db: Db, now: number, limit: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select a.id from alerts a left join alert_sightings s on s.alert_id = a.id
    where ${isSilent(now)} order by ${lastSeenAt} + a.close_after_ms, a.id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

type Silent = {
  readonly name: string
  readonly customerId: string
  readonly environmentId: string
  readonly closeAfterMs: number
  readonly lastSeenAt: number
  readonly policy: { readonly id: string; readonly name: string }
  readonly close: () => Promise<void>
}

/** Locked; undefined when it is closed by now, or was said again. */
export const lockSilent = async (db: Tx, alertId: string, now: number): Promise<Silent | undefined> => {
  const { rows } = await sql<Omit<Silent, 'policy' | 'close'> & { treatment: Treatment | null }>`
    select a.name, a.customer_id as "customerId", a.environment_id as "environmentId",
           a.close_after_ms as "closeAfterMs", ${lastSeenAt} as "lastSeenAt", a.treatment
    from alerts a left join alert_sightings s on s.alert_id = a.id
    where a.id = ${alertId}::uuid and ${isSilent(now)} for update of a`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { treatment, ...alert } = row
  return {
    ...alert,
    policy: treatment?.closes?.by ?? { id: '', name: '' },
    close: async () => {
      await db
        .updateTable('alerts')
        .set({ status: 'closed', closed_at: now, closed_by: 'policy' })
        .where('id', '=', alertId)
        .execute()
    },
  }
}

type Released = OpenedAlert & { readonly customerId: string; readonly environmentId: string }

/** Those of these alerts that waited to be said so often wait no more. Nobody has them, and they do not sleep. */
export const releaseOften = async (db: Tx, alertIds: readonly string[]): Promise<Released[]> => {
  const { rows } = await sql<Released>`
    with often as (
      select a.id, s.count from alerts a join alert_sightings s on s.alert_id = a.id
      where a.id = any(${alertIds}::uuid[]) and a.status = 'open' and a.snoozed_until_at is null
        and (a.treatment -> 'delay' ->> 'occurrences')::bigint <= s.count
      order by a.id for update of a)
    update alerts a set treatment = a.treatment - 'delay' from often where a.id = often.id
    returning a.id, a.fingerprint, a.priority, a.group_key as "groupKey", a.name, a.summary,
      a.starts_at as "startsAt", '' as digest, often.count, a.treatment,
      a.customer_id as "customerId", a.environment_id as "environmentId"`.execute(db)
  return rows
}
