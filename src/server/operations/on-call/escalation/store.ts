/** Rows of escalation policies, and which environment follows which. */
import { sql, type JSONColumnType } from 'kysely'
import type { Db, Tables, Tx } from '../../../platform/database.ts'
import { isUuid } from '../../../platform/ids.ts'
import { DEFAULT_POLICY, type PolicyDefinition, type StoredPolicy } from '../definition.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    escalation_policies: {
      id: string
      slug: string
      name: string
      definition: JSONColumnType<PolicyDefinition>
      version: number
      archived_at: number | null
      created_at: number
    }
  }
}

/** Environments belong to people, who do not know of policies: the one column of theirs that is this area's. */
const withChoice = (db: Db | Tx) =>
  (db as Db).withTables<{ environments: Tables['environments'] & { escalation_policy_id: string | null } }>()

type PolicyRow = {
  id: string
  slug: string
  name: string
  definition: PolicyDefinition
  version: number
  archived_at: number | null
}
const policyColumns = ['id', 'slug', 'name', 'definition', 'version', 'archived_at'] as const

const storedOf = (row: PolicyRow): StoredPolicy => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  version: row.version,
  archivedAt: row.archived_at,
  steps: row.definition.steps,
  repeat: row.definition.repeat,
  fallback: row.definition.fallback,
})

const selectPolicies = (db: Db | Tx) => db.selectFrom('escalation_policies').select(policyColumns)

const selectNamed = (db: Db | Tx, name: string) =>
  selectPolicies(db).where((where) =>
    isUuid(name) ? where.or([where('id', '=', name), where('slug', '=', name)]) : where('slug', '=', name),
  )

/** @param name slug or id */
export const findPolicy = async (db: Db | Tx, name: string): Promise<StoredPolicy | undefined> => {
  const row = await selectNamed(db, name).executeTakeFirst()
  return row && storedOf(row)
}

export const lockPolicy = async (db: Tx, name: string): Promise<StoredPolicy | undefined> => {
  const row = await selectNamed(db, name).forUpdate().executeTakeFirst()
  return row && storedOf(row)
}

export const pageOfPolicies = async (
  db: Db | Tx,
  page: { limit: number; after: string | undefined; archived: boolean },
): Promise<StoredPolicy[]> => {
  const rows = await selectPolicies(db)
    .where('archived_at', page.archived ? 'is not' : 'is', null)
    .where('slug', '>', page.after ?? '')
    .orderBy('slug')
    .limit(page.limit)
    .execute()
  return rows.map(storedOf)
}

export const allPolicies = async (db: Db | Tx): Promise<StoredPolicy[]> =>
  (await selectPolicies(db).orderBy('slug').execute()).map(storedOf)

/**
 * The policy that pages of an environment follow: its own, or the default one, or none at all.
 * Works inside the intake's transaction too, which sees nothing but its own customer.
 */
export const loadPolicyFor = async (
  db: Db | Tx,
  environmentId: string,
): Promise<StoredPolicy | undefined> => {
  const environment = withChoice(db)
    .selectFrom('environments')
    .select('escalation_policy_id')
    .where('environments.id', '=', environmentId)
  const rows = await selectPolicies(db)
    .where('archived_at', 'is', null)
    .where((where) => where.or([where('slug', '=', DEFAULT_POLICY), where('id', '=', environment)]))
    .execute()
  const own = rows.find(({ slug }) => slug !== DEFAULT_POLICY) ?? rows[0]
  return own && storedOf(own)
}

/** Policies in use that tell whoever this schedule says. */
export const policiesThatTell = (
  db: Db | Tx,
  scheduleId: string,
): Promise<{ slug: string; name: string }[]> =>
  db
    .selectFrom('escalation_policies')
    .select(['slug', 'name'])
    .where('archived_at', 'is', null)
    .where(
      sql<boolean>`definition->'steps' @> ${JSON.stringify([{ targets: [{ kind: 'schedule', id: scheduleId }] }])}::jsonb`,
    )
    .orderBy('slug')
    .execute()

/** @returns false when the slug is taken. */
export const insertPolicy = async (
  db: Tx,
  row: PolicyDefinition & { id: string; slug: string; name: string; createdAt: number },
): Promise<boolean> => {
  const made = await db
    .insertInto('escalation_policies')
    .values({
      id: row.id,
      slug: row.slug,
      name: row.name,
      definition: JSON.stringify({ steps: row.steps, repeat: row.repeat, fallback: row.fallback }),
      version: 1,
      archived_at: null,
      created_at: row.createdAt,
    })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export const updatePolicy = async (
  db: Tx,
  id: string,
  change: PolicyDefinition & { name: string; version: number },
): Promise<void> => {
  await db
    .updateTable('escalation_policies')
    .set({
      name: change.name,
      definition: JSON.stringify({ steps: change.steps, repeat: change.repeat, fallback: change.fallback }),
      version: change.version,
    })
    .where('id', '=', id)
    .execute()
}

/** @param at null: taken back */
export const markPolicyArchived = async (db: Tx, id: string, at: number | null): Promise<void> => {
  await db.updateTable('escalation_policies').set({ archived_at: at }).where('id', '=', id).execute()
}

export type EnvironmentOfPolicy = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly customerId: string
  readonly policyId: string | null
}

const selectEnvironments = (db: Db | Tx) =>
  withChoice(db)
    .selectFrom('environments')
    .select(['id', 'slug', 'name', 'customer_id as customerId', 'escalation_policy_id as policyId'])
    .where('archived_at', 'is', null)

/** Environments that name one of these policies, by slug. */
export const environmentsThatFollow = async (
  db: Db | Tx,
  policyIds: readonly string[],
): Promise<EnvironmentOfPolicy[]> =>
  policyIds.length === 0
    ? []
    : selectEnvironments(db).where('escalation_policy_id', 'in', policyIds).orderBy('slug').execute()

/** Every environment in use, with the policy it names. */
export const environmentsWithChoice = (db: Db | Tx): Promise<EnvironmentOfPolicy[]> =>
  selectEnvironments(db).orderBy('slug').execute()

/** @param name slug or id */
export const lockEnvironment = (db: Tx, name: string): Promise<EnvironmentOfPolicy | undefined> =>
  selectEnvironments(db)
    .where((where) =>
      isUuid(name) ? where.or([where('id', '=', name), where('slug', '=', name)]) : where('slug', '=', name),
    )
    .forUpdate()
    .executeTakeFirst()

export const setPolicyOf = async (db: Tx, environmentId: string, policyId: string | null): Promise<void> => {
  await withChoice(db)
    .updateTable('environments')
    .set({ escalation_policy_id: policyId })
    .where('id', '=', environmentId)
    .execute()
}

/** Roles that somebody in use holds. */
export const rolesWithPeople = async (db: Db | Tx): Promise<ReadonlySet<string>> => {
  const { rows } = await sql<{ role: string }>`
    select distinct unnest(roles) as role from accounts where kind = 'staff' and archived_at is null`.execute(
    db,
  )
  return new Set(rows.map(({ role }) => role))
}

/** Locked against archiving until the transaction ends, so that no policy comes to tell an archived schedule. */
export const holdSchedules = (
  db: Tx,
  ids: readonly string[],
): Promise<{ id: string; name: string; archivedAt: number | null }[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('schedules')
        .select(['id', 'name', 'archived_at as archivedAt'])
        .where('id', 'in', ids)
        .orderBy('id')
        .forShare()
        .execute()
