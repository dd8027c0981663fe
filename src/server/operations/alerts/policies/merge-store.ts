/** SQL of alerts that a policy made one: which of them fire. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    merged_alerts: {
      environment_id: string
      member: string
      customer_id: string
      fingerprint: string
      joined_at: number
    }
  }
}

/** @property member its own fingerprint. @property fingerprint of the one */
export type Member = { readonly member: string; readonly fingerprint: string }

/**
 * Everybody who is one with one of these, or with an alert of these fingerprints, held until the transaction ends. Who
 * joined an earlier occurrence, closed since, counts no more.
 */
export const lockMembers = async (
  db: Tx,
  environmentId: string,
  {
    members,
    fingerprints,
  }: { readonly members: readonly string[]; readonly fingerprints: readonly string[] },
): Promise<Member[]> => {
  const { rows } = await sql<Member>`
    select m.member, m.fingerprint from merged_alerts m
    where m.environment_id = ${environmentId}::uuid
      and m.fingerprint in (
        select o.fingerprint from merged_alerts o
        where o.environment_id = ${environmentId}::uuid and o.member = any(${members}::text[])
        union all select unnest(${fingerprints}::text[]))
      and exists (select 1 from alerts a where a.environment_id = m.environment_id and a.fingerprint = m.fingerprint
                  and a.status <> 'closed' and a.opened_at <= m.joined_at)
    order by m.member for update of m`.execute(db)
  return rows
}

type Where = { readonly environmentId: string; readonly customerId: string }

export const putMembers = async (
  db: Tx,
  { environmentId, customerId }: Where,
  joined: readonly Member[],
  left: readonly string[],
  at: number,
): Promise<void> => {
  if (left.length > 0)
    await sql`
      delete from merged_alerts where environment_id = ${environmentId}::uuid and member = any(${left}::text[])`.execute(
      db,
    )
  if (joined.length === 0) return
  const sorted = [...joined].sort((a, b) => (a.member < b.member ? -1 : 1))
  await sql`
    insert into merged_alerts (environment_id, member, customer_id, fingerprint, joined_at)
    select ${environmentId}::uuid, member, ${customerId}::uuid, fingerprint, ${at}::bigint
    from unnest(${sorted.map(({ member }) => member)}::text[], ${sorted.map(({ fingerprint }) => fingerprint)}::text[])
      as m (member, fingerprint)
    on conflict (environment_id, member) do update set fingerprint = excluded.fingerprint, joined_at = excluded.joined_at`.execute(
    db,
  )
}

/** Of what is closed: whoever fires then is asked by the policies anew. */
export const forgetMembers = async (db: Db): Promise<void> => {
  await sql`
    delete from merged_alerts m where not exists (
      select 1 from alerts a where a.environment_id = m.environment_id and a.fingerprint = m.fingerprint
        and a.status <> 'closed' and a.opened_at <= m.joined_at)`.execute(db)
}
