/** SQL of alert policies: the list, what could not be done, and what it is held against. */
import { sql } from 'kysely'
import type { AlertPolicy } from '../../../../domain/operations/alerts/policies/alert-policy.ts'
import type { PolicyFault } from '../../../../domain/operations/alerts/policies/treat-alert.ts'
import type { ServiceHours } from '../../../../domain/operations/paging/service-hours.ts'
import type { Db, Tx } from '../../../platform/database.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    alert_policies: {
      id: number
      policies: unknown
      version: number
      ever_merged: boolean
      ever_counted: boolean
      changed_at: number
    }
    alert_policy_faults: { policy_id: string; at: number; count: number; detail: string }
  }
}

export type StoredPolicies = {
  readonly policies: readonly AlertPolicy[]
  readonly version: number
  /** Whether any policy ever made one of several, or counted: what they began is brought to its end. */
  readonly everMerged: boolean
  readonly everCounted: boolean
}

const select = (db: Db | Tx) =>
  db
    .selectFrom('alert_policies')
    .select(['policies', 'version', 'ever_merged as everMerged', 'ever_counted as everCounted'])

/** What has no condition and no effect is no policy, whoever wrote it there. */
const isPolicy = (stored: unknown): stored is AlertPolicy => {
  const { when, does } = (stored ?? {}) as { when?: unknown; does?: unknown }
  return typeof when === 'object' && when !== null && typeof does === 'object' && does !== null
}
const readStored = (
  row: Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number],
): StoredPolicies => ({
  ...row,
  policies: (row.policies as unknown[]).filter(isPolicy),
})

export const currentPolicies = async (db: Db | Tx): Promise<StoredPolicies> =>
  readStored(await select(db).executeTakeFirstOrThrow())

/** Two editors at once would both find the same version: the second waits here for the first. */
export const lockPolicies = async (db: Tx): Promise<StoredPolicies> =>
  readStored(await select(db).forUpdate().executeTakeFirstOrThrow())

export const putPolicies = async (db: Tx, stored: StoredPolicies, at: number): Promise<void> => {
  await db
    .updateTable('alert_policies')
    .set({
      policies: JSON.stringify(stored.policies),
      version: stored.version,
      ever_merged: stored.everMerged,
      ever_counted: stored.everCounted,
      changed_at: at,
    })
    .execute()
  // What was wrong with the list before says nothing about this one.
  await db.deleteFrom('alert_policy_faults').execute()
}

/** Sorted, so that two processes cannot deadlock. */
export const noteFaults = async (
  db: Db | Tx,
  faults: ReadonlyMap<string, PolicyFault & { readonly count: number }>,
  at: number,
): Promise<void> => {
  const sorted = [...faults.values()].sort((a, b) => (a.policyId < b.policyId ? -1 : 1))
  await sql`
    insert into alert_policy_faults (policy_id, at, count, detail)
    select id, ${at}::bigint, many, detail
    from unnest(${sorted.map(({ policyId }) => policyId)}::text[], ${sorted.map(({ count }) => count)}::bigint[],
                ${sorted.map(({ detail }) => detail.slice(0, 500))}::text[]) as f (id, many, detail)
    on conflict (policy_id) do update
      set at = excluded.at, count = alert_policy_faults.count + excluded.count, detail = excluded.detail`.execute(
    db,
  )
}

export const findFaults = async (
  db: Db,
): Promise<{ policyId: string; at: number; count: number; detail: string }[]> =>
  db
    .selectFrom('alert_policy_faults')
    .select(['policy_id as policyId', 'at', 'count', 'detail'])
    .orderBy('policy_id')
    .execute()

/** The service hours of environments; null: around the clock. */
export const hoursOf = async (
  db: Db | Tx,
  environmentIds: readonly string[],
): Promise<ReadonlyMap<string, ServiceHours | null>> => {
  const { rows } = await sql<{ id: string; hours: ServiceHours | null }>`
    select e.id, h.definition as hours from environments e left join service_hours h on h.id = e.service_hours_id
    where e.id = any(${environmentIds}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, hours }) => [id, hours]))
}

/** Nothing that a policy may call flapping is further apart. */
export const LONGEST_FLAP_MS = 60 * 60_000

/** When alerts ended that had not lasted long: those of one environment, by fingerprint. The last twenty are kept. */
export const noteEnds = async (
  db: Tx,
  alertIds: readonly string[],
  { at, within }: { readonly at: number; readonly within: number },
): Promise<void> => {
  await sql`
    insert into alert_flaps (environment_id, fingerprint, customer_id, ended_at)
    select environment_id, fingerprint, customer_id, array[${at}::bigint] from alerts
    where id = any(${alertIds}::uuid[]) and opened_at > ${at - within}::bigint order by fingerprint
    on conflict (environment_id, fingerprint) do update
      set ended_at = (select array_agg(e order by e) from (
        select e from unnest(alert_flaps.ended_at || excluded.ended_at) as e
        where e > ${at - within}::bigint order by e desc limit 20) as kept (e))`.execute(db)
}

/** When alerts of these fingerprints ended lately, oldest first. */
export const endsOf = async (
  db: Tx,
  environmentId: string,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> => {
  const { rows } = await sql<{ fingerprint: string; ended: (string | number)[] }>`
    select fingerprint, ended_at as ended from alert_flaps
    where environment_id = ${environmentId}::uuid and fingerprint = any(${fingerprints}::text[])`.execute(db)
  return new Map(rows.map(({ fingerprint, ended }) => [fingerprint, ended.map(Number)]))
}

export const forgetEnds = async (db: Db, before: number): Promise<void> => {
  await sql`
    delete from alert_flaps where not exists (select 1 from unnest(ended_at) as e where e > ${before}::bigint)`.execute(
    db,
  )
}
