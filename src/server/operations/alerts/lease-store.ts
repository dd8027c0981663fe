/** SQL of how long alerts hold that a Prometheus posts itself, and of who posts them. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

declare module '../../platform/database.ts' {
  interface Tables {
    alert_leases: {
      environment_id: string
      fingerprint: string
      customer_id: string
      key_id: string
      sender: string
      until_at: number
      marked_at: number | null
    }
  }
}

export type HeldAlert = { readonly fingerprint: string; readonly sender: string; readonly untilAt: number }
type Where = { readonly environmentId: string; readonly customerId: string; readonly keyId: string }

/** Said again: the later end counts, and whoever says it is heard of. Sorted, so that two processes cannot deadlock. */
export const putLeases = async (
  db: Db,
  where: Where,
  held: readonly HeldAlert[],
  heard: { readonly at: number; readonly gapMs: number },
): Promise<void> => {
  const senders = [...new Set(held.map(({ sender }) => sender))].sort()
  await sql`
    insert into alert_lease_senders (environment_id, key_id, sender, customer_id, heard_since_at, heard_at)
    select ${where.environmentId}::uuid, ${where.keyId}::uuid, s, ${where.customerId}::uuid, ${heard.at}::bigint, ${heard.at}::bigint
    from unnest(${senders}::text[]) as s order by s
    on conflict (environment_id, key_id, sender) do update
      set heard_since_at = case when alert_lease_senders.heard_at + ${heard.gapMs}::bigint < excluded.heard_at
            then excluded.heard_at else alert_lease_senders.heard_since_at end,
          heard_at = greatest(alert_lease_senders.heard_at, excluded.heard_at)`.execute(db)
  const sorted = [...new Map(held.map((each) => [each.fingerprint, each])).values()].sort((a, b) =>
    a.fingerprint < b.fingerprint ? -1 : 1,
  )
  await sql`
    insert into alert_leases (environment_id, fingerprint, customer_id, key_id, sender, until_at)
    select ${where.environmentId}::uuid, fingerprint, ${where.customerId}::uuid, ${where.keyId}::uuid, sender, until_at
    from unnest(${sorted.map(({ fingerprint }) => fingerprint)}::text[], ${sorted.map(({ sender }) => sender)}::text[],
                ${sorted.map(({ untilAt }) => untilAt)}::bigint[]) as l (fingerprint, sender, until_at)
    on conflict (environment_id, fingerprint) do update
      set key_id = excluded.key_id, sender = excluded.sender, marked_at = null,
          until_at = greatest(alert_leases.until_at, excluded.until_at)`.execute(db)
}

export type EndedLease = {
  readonly alertId: string
  readonly name: string
  readonly customerId: string
  readonly environmentId: string
  readonly fingerprint: string
  readonly untilAt: number
  readonly lastSeenAt: number
  readonly markedAt: number | null
  readonly heardSinceAt: number
  readonly heardAt: number
}

const selectLeases = sql`
  select a.id as "alertId", a.name, a.customer_id as "customerId", a.environment_id as "environmentId", a.fingerprint,
         l.until_at as "untilAt", greatest(a.opened_at, coalesce(s.last_seen_at, 0)) as "lastSeenAt",
         l.marked_at as "markedAt", w.heard_since_at as "heardSinceAt", w.heard_at as "heardAt"
  from alert_leases l
  join alerts a on a.environment_id = l.environment_id and a.fingerprint = l.fingerprint and a.status <> 'closed'
  join alert_lease_senders w on w.environment_id = l.environment_id and w.key_id = l.key_id and w.sender = l.sender
  left join alert_sightings s on s.alert_id = a.id`

/** Of alerts that are not closed; those that ended longest ago first. */
export const findEndedLeases = async (db: Db, before: number, limit: number): Promise<EndedLease[]> => {
  const { rows } = await sql<EndedLease>`
    ${selectLeases} where l.until_at <= ${before}::bigint
      and (l.marked_at is null or w.heard_at > l.marked_at)
    order by l.until_at, a.id limit ${limit}`.execute(db)
  return rows
}

/** With the alert held until the transaction ends; undefined when it is closed by now, or its lease is gone. */
export const lockLeaseOf = async (db: Tx, alertId: string): Promise<EndedLease | undefined> => {
  const { rows } = await sql<EndedLease>`
    ${selectLeases} where a.id = ${alertId}::uuid for update of a, l`.execute(db)
  return rows[0]
}

export const markUnheard = async (
  db: Tx,
  { environmentId, fingerprint }: Pick<EndedLease, 'environmentId' | 'fingerprint'>,
  at: number,
): Promise<void> => {
  await db
    .updateTable('alert_leases')
    .set({ marked_at: at })
    .where('environment_id', '=', environmentId)
    .where('fingerprint', '=', fingerprint)
    .execute()
}

/** Leases of what is closed, and senders of nothing that are long silent. */
export const forgetEndedLeases = async (db: Db, silentBefore: number): Promise<void> => {
  await sql`
    delete from alert_leases l where not exists (
      select 1 from alerts a where a.environment_id = l.environment_id and a.fingerprint = l.fingerprint and a.status <> 'closed')`.execute(
    db,
  )
  await sql`
    delete from alert_lease_senders w where w.heard_at < ${silentBefore}::bigint and not exists (
      select 1 from alert_leases l where l.environment_id = w.environment_id and l.key_id = w.key_id and l.sender = w.sender)`.execute(
    db,
  )
}
