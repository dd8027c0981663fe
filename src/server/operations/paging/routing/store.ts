/** SQL of routing rules and service hours. */
import { sql } from 'kysely'
import type { RoutingRule } from '../../../../domain/operations/paging/routing.ts'
import type { ServiceHours } from '../../../../domain/operations/paging/service-hours.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { isUuid } from '../../../platform/ids.ts'
import { namedByConditions, slugsForConditions, slugsOf, type Named, type Slugs } from '../../alerts/index.ts'
import { windowsInForce, type WindowInForce } from '../../maintenance/index.ts'
import type { Labelled } from '../suppression/suppress-alerts.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    service_hours: {
      id: string
      slug: string
      name: string
      definition: unknown
      version: number
      archived_at: number | null
      created_at: number
    }
    routing_rules: { id: number; rules: unknown; version: number; changed_at: number }
  }
}

export type StoredHours = ServiceHours & {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly version: number
  readonly archivedAt: number | null
}

/** What decides about the alerts of one environment; `hours` null: served around the clock. */
export type RoutingHere = {
  readonly rules: readonly RoutingRule[]
  readonly hours: ServiceHours | null
  /** Those that keep the environment quiet now, in part or whole. */
  readonly windows: readonly WindowInForce[]
}

/** One question for all, because intake asks it in every batch that opens something. @param at epoch milliseconds */
export const routingOf = async (db: Db | Tx, environmentId: string, at: number): Promise<RoutingHere> => {
  const { rows } = await sql<{ [Part in keyof RoutingHere]: RoutingHere[Part] | null }>`
    select r.rules, h.definition as hours, ${windowsInForce(sql`e.id`, at)} as windows from environments e
    left join service_hours h on h.id = e.service_hours_id
    left join routing_rules r on true
    where e.id = ${environmentId}::uuid`.execute(db)
  const { rules = null, hours = null, windows = null } = rows[0] ?? {}
  return { rules: rules ?? [], hours, windows: windows ?? [] }
}

/** What rules, windows and policies ask of alerts. What came with no key is our own. */
export const labelsOf = async (
  db: Tx,
  alertIds: readonly string[],
): Promise<ReadonlyMap<string, Labelled>> => {
  const { rows } = await sql<Labelled & { id: string }>`
    select a.id, a.labels, a.key_id is null as own, a.treatment, coalesce(s.count, 1) as count, a.opened_at as "openedAt"
    from alerts a left join alert_sightings s on s.alert_id = a.id where a.id = any(${alertIds}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map(({ id, ...labelled }) => [id, labelled]))
}

export type StoredRouting = { readonly rules: readonly RoutingRule[]; readonly version: number }
const NONE: StoredRouting = { rules: [], version: 0 }

const readRouting = (row: { rules: unknown; version: number } | undefined): StoredRouting =>
  row ? { rules: row.rules as RoutingRule[], version: row.version } : NONE

export const currentRouting = async (db: Db | Tx): Promise<StoredRouting> =>
  readRouting(await db.selectFrom('routing_rules').select(['rules', 'version']).executeTakeFirst())

/** Two editors at once would both find the same version: the second waits here for the first. */
export const lockRouting = async (db: Tx): Promise<StoredRouting> =>
  readRouting(
    await db.selectFrom('routing_rules').select(['rules', 'version']).forUpdate().executeTakeFirst(),
  )

export const putRouting = async (db: Tx, { rules, version }: StoredRouting, at: number): Promise<void> => {
  await db
    .updateTable('routing_rules')
    .set({ rules: JSON.stringify(rules), version, changed_at: at })
    .execute()
}

/** Names of what rules mention, by id; `archived`: it must not be mentioned anew. */
export const namedByRules = async (
  db: Db | Tx,
  ids: { customers: readonly string[]; environments: readonly string[]; policies: readonly string[] },
): Promise<ReadonlyMap<string, Named>> => {
  const { rows } = await sql<Named & { id: string }>`
    select id, name, archived_at is not null as archived from escalation_policies
    where id = any(${ids.policies}::uuid[])`.execute(db)
  return new Map([
    ...(await namedByConditions(db, ids)),
    ...rows.map(({ id, ...named }) => [id, named] as const),
  ])
}

/** Slugs to ids and back of everything that rules may name. */
export const slugsForRules = async (
  db: Db | Tx,
): Promise<Readonly<Record<'customers' | 'environments' | 'policies', Slugs>>> => ({
  ...(await slugsForConditions(db)),
  policies: slugsOf(await db.selectFrom('escalation_policies').select(['id', 'slug']).execute()),
})

const selectHours = (db: Db | Tx) =>
  db
    .selectFrom('service_hours')
    .select(['id', 'slug', 'name', 'definition', 'version', 'archived_at as archivedAt'])

type HoursRow = Awaited<ReturnType<ReturnType<typeof selectHours>['execute']>>[number]
const storedHours = ({ definition, ...row }: HoursRow): StoredHours => ({
  ...row,
  ...(definition as ServiceHours),
})

export const allHours = async (db: Db | Tx): Promise<StoredHours[]> =>
  (await selectHours(db).orderBy('slug').execute()).map(storedHours)

/** @param name slug or id */
export const lockHours = async (db: Tx, name: string): Promise<StoredHours | undefined> => {
  const named = isUuid(name)
    ? selectHours(db).where('id', '=', name)
    : selectHours(db).where('slug', '=', name)
  const row = await named.forUpdate().executeTakeFirst()
  return row && storedHours(row)
}

/** @returns false when the slug is taken. */
export const insertHours = async (
  db: Tx,
  {
    id,
    slug,
    name,
    at,
    ...definition
  }: ServiceHours & { id: string; slug: string; name: string; at: number },
): Promise<boolean> => {
  const made = await db
    .insertInto('service_hours')
    .values({
      id,
      slug,
      name,
      definition: JSON.stringify(definition),
      version: 1,
      archived_at: null,
      created_at: at,
    })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export const updateHours = async (
  db: Tx,
  id: string,
  { name, version, ...definition }: ServiceHours & { name: string; version: number },
): Promise<void> => {
  await db
    .updateTable('service_hours')
    .set({ name, version, definition: JSON.stringify(definition) })
    .where('id', '=', id)
    .execute()
}

/** @param at null: taken back */
export const markHoursArchived = async (db: Tx, id: string, at: number | null): Promise<void> => {
  await db.updateTable('service_hours').set({ archived_at: at }).where('id', '=', id).execute()
}

export type EnvironmentOfHours = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly customerId: string
  readonly hoursId: string | null
}

/** Every environment in use, with its service hours. */
export const environmentsWithHours = async (db: Db | Tx): Promise<EnvironmentOfHours[]> => {
  const { rows } = await sql<EnvironmentOfHours>`
    select id, slug, name, customer_id as "customerId", service_hours_id as "hoursId" from environments
    where archived_at is null order by slug`.execute(db)
  return rows
}

/** @param name slug or id */
export const findEnvironmentWithHours = async (
  db: Db | Tx,
  name: string,
): Promise<EnvironmentOfHours | undefined> =>
  (await environmentsWithHours(db)).find(({ id, slug }) => id === name || slug === name)

export const setHoursOf = async (db: Tx, environmentId: string, hoursId: string | null): Promise<void> => {
  await sql`update environments set service_hours_id = ${hoursId}::uuid where id = ${environmentId}::uuid`.execute(
    db,
  )
}
