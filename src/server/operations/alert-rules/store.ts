/** All SQL of alerting rules, their sets, and of what fired beside them. */
import { sql, type JSONColumnType } from 'kysely'
import type { RuleFinding } from '../../../domain/operations/alert-rules/lint-rules.ts'
import type { FiredName } from '../../../domain/operations/alert-rules/coverage.ts'
import type { Db, Tx } from '../../platform/database.ts'

export type RunbookKind = 'link' | 'templated' | 'no-link' | 'none'

export type RuleSetRow = {
  id: string
  name: string
  every_environment: boolean
  files: number
  rules: number
  red: number
  amber: number
  without_runbook: number
  digest: Buffer
  imported_at: number
  imported_by: string
}
type AlertRuleTable = {
  set_id: string
  position: number
  file: string
  line: number
  name: string
  name_parts: string[] | null
  alert_group: string
  severity: string
  expression: string
  holds_for: string | null
  labels: JSONColumnType<Record<string, string>>
  runbook_kind: RunbookKind
  runbook: string | null
  findings: JSONColumnType<RuleFinding[]>
}
export type AlertRuleRow = Omit<AlertRuleTable, 'labels' | 'findings'> & {
  labels: Record<string, string>
  findings: RuleFinding[]
}

declare module '../../platform/database.ts' {
  interface Tables {
    rule_sets: RuleSetRow
    rule_set_environments: { set_id: string; environment_id: string }
    alert_rules: AlertRuleTable
  }
}

export const lockRuleSet = (db: Tx, name: string): Promise<RuleSetRow | undefined> =>
  db.selectFrom('rule_sets').selectAll().where('name', '=', name).forUpdate().executeTakeFirst()

export const findRuleSet = (db: Db | Tx, name: string): Promise<RuleSetRow | undefined> =>
  db.selectFrom('rule_sets').selectAll().where('name', '=', name).executeTakeFirst()

export const listRuleSetRows = (db: Db): Promise<(RuleSetRow & { imported_by_name: string })[]> =>
  db
    .selectFrom('rule_sets')
    .innerJoin('accounts', 'accounts.id', 'rule_sets.imported_by')
    .selectAll('rule_sets')
    .select('accounts.name as imported_by_name')
    .orderBy('rule_sets.name')
    .limit(500)
    .execute()

export const environmentsOfSets = (db: Db | Tx) =>
  db
    .selectFrom('rule_set_environments')
    .innerJoin('environments', 'environments.id', 'rule_set_environments.environment_id')
    .select(['rule_set_environments.set_id', 'environments.id', 'environments.slug', 'environments.name'])
    .orderBy('environments.slug')
    .execute()

export const environmentsInUse = (db: Db) =>
  db
    .selectFrom('environments')
    .select(['id', 'slug', 'name'])
    .where('archived_at', 'is', null)
    .orderBy('slug')
    .limit(5_000)
    .execute()

/** In place of what was there: a set is as its last import says. */
export const putRuleSetRows = async (
  db: Tx,
  set: RuleSetRow,
  environmentIds: readonly string[],
  rules: readonly AlertRuleRow[],
): Promise<void> => {
  await db
    .insertInto('rule_sets')
    .values(set)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(set))
    .execute()
  await db.deleteFrom('rule_set_environments').where('set_id', '=', set.id).execute()
  await db.deleteFrom('alert_rules').where('set_id', '=', set.id).execute()
  if (environmentIds.length > 0)
    await db
      .insertInto('rule_set_environments')
      .values(environmentIds.map((environment_id) => ({ set_id: set.id, environment_id })))
      .execute()
  // One parameter for all: a row has fourteen, and a statement may have 65,535.
  await sql`
    insert into alert_rules
    select r.* from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as r (
      set_id uuid, position integer, file text, line integer, name text, name_parts text[], alert_group text,
      severity text, expression text, holds_for text, labels jsonb, runbook_kind text, runbook text, findings jsonb)`.execute(
    db,
  )
}

export const deleteRuleSet = async (db: Tx, id: string): Promise<void> => {
  await db.deleteFrom('rule_sets').where('id', '=', id).execute()
}

export const listRuleRows = (
  db: Db,
  by: {
    readonly setId: string
    readonly after: number
    readonly limit: number
    readonly found?: 'red' | 'any'
  },
): Promise<AlertRuleRow[]> => {
  let query = db
    .selectFrom('alert_rules')
    .selectAll()
    .where('set_id', '=', by.setId)
    .where('position', '>', by.after)
    .orderBy('position')
    .limit(by.limit)
  if (by.found === 'any') query = query.where(sql<boolean>`findings <> '[]'::jsonb`)
  if (by.found === 'red') query = query.where(sql<boolean>`findings @> '[{"severity": "red"}]'::jsonb`)
  return query.execute()
}

const ofEnvironment = (environmentId: string) =>
  sql<boolean>`exists (select 1 from rule_sets s where s.id = alert_rules.set_id and (s.every_environment
    or exists (select 1 from rule_set_environments se where se.set_id = s.id and se.environment_id = ${environmentId}::uuid)))`

/** Rules of the environment's sets that may have this name: as it stands, or with parts that a chart fills in. */
export const findRulesNamed = (db: Db, environmentId: string, name: string): Promise<AlertRuleRow[]> =>
  db
    .selectFrom('alert_rules')
    .selectAll()
    .where(ofEnvironment(environmentId))
    .where((where) => where.or([where('name', '=', name), where('name_parts', 'is not', null)]))
    .orderBy('set_id')
    .orderBy('position')
    .limit(1_000)
    .execute()

export type CoverageRow = Pick<
  AlertRuleRow,
  'name' | 'name_parts' | 'alert_group' | 'runbook_kind' | 'set_id'
> & {
  set_name: string
}

export const allCoverageRows = (db: Db): Promise<CoverageRow[]> =>
  db
    .selectFrom('alert_rules')
    .innerJoin('rule_sets', 'rule_sets.id', 'alert_rules.set_id')
    .select([
      'name_parts',
      'alert_group',
      'runbook_kind',
      'set_id',
      'alert_rules.name',
      'rule_sets.name as set_name',
    ])
    .orderBy('rule_sets.name')
    .orderBy('position')
    .execute()

/** Names of alerts that opened in the period, by environment. */
export const findFiredNames = async (
  db: Db,
  { from, environmentId, most }: { from: number; environmentId: string | undefined; most: number },
): Promise<FiredName[]> => {
  const { rows } = await sql<FiredName>`
    select environment_id as "environmentId", name, count(*) as count, max(opened_at) as "lastAt" from alerts
    where opened_at >= ${from}::bigint
      and (${environmentId ?? null}::uuid is null or environment_id = ${environmentId ?? null}::uuid)
    group by environment_id, name limit ${most}::int`.execute(db)
  return rows
}
