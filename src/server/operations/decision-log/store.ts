/** All SQL of decisions. Words are read from event bodies, never stored here. */
import { sql } from 'kysely'
import type { DecisionStatus } from '../../../domain/operations/decision-log/decision.ts'
import type { Db, Tx } from '../../platform/database.ts'

export type DecisionRow = {
  id: string
  customer_id: string
  environment_id: string
  number: number
  status: DecisionStatus
  content_event_id: string
  break_glass: boolean
  write_up_by: number | null
  review_by: number | null
  owed: 'write-up' | 'review' | null
  valid_until: number | null
  opened_at: number
  opened_by: string
  decided_at: number | null
  decided_by: string | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    decisions: DecisionRow
  }
}

export type DecisionListRow = DecisionRow & {
  environment_slug: string
  environment_name: string
  opened_by_name: string
  decided_by_name: string | null
  disclosures: string[] | null
}

/** The next number of the environment's log, taken in the transaction: without gaps, and in order of commit. */
export const takeDecisionNumber = async (db: Tx, environmentId: string): Promise<number> => {
  const row = await db
    .updateTable('environments')
    .set((set) => ({ next_decision_number: sql`${set.ref('next_decision_number')} + 1` }))
    .where('id', '=', environmentId)
    .returning(sql<number>`next_decision_number - 1`.as('number'))
    .executeTakeFirstOrThrow()
  return row.number
}

export const lockDecision = (db: Tx, decisionId: string): Promise<DecisionRow | undefined> =>
  db.selectFrom('decisions').selectAll().where('id', '=', decisionId).forUpdate().executeTakeFirst()

const selectDecisions = (db: Db | Tx) =>
  db
    .selectFrom('decisions')
    .innerJoin('environments', 'environments.id', 'decisions.environment_id')
    .innerJoin('accounts as opener', 'opener.id', 'decisions.opened_by')
    .leftJoin('accounts as decider', 'decider.id', 'decisions.decided_by')
    .leftJoin('event_bodies', 'event_bodies.event_id', 'decisions.content_event_id')
    .selectAll('decisions')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'opener.name as opened_by_name',
      'decider.name as decided_by_name',
      'event_bodies.disclosures',
    ])

type FindBy = {
  readonly environment?: string
  readonly status?: DecisionStatus
  readonly owed?: boolean
  readonly decidedOnly?: boolean
  readonly search?: string
  readonly before?: readonly [number, string]
  readonly limit: number
}

export const findDecisions = (db: Db | Tx, by: FindBy): Promise<DecisionListRow[]> => {
  // By when we heard of them, which an id tells: a broken glass said to be years old must not lie at the bottom.
  let query = selectDecisions(db).orderBy('decisions.id', 'desc').limit(by.limit)
  if (by.environment) query = query.where('environments.slug', '=', by.environment)
  if (by.status) query = query.where('decisions.status', '=', by.status)
  if (by.owed) query = query.where('decisions.owed', 'is not', null)
  if (by.decidedOnly) query = query.where('decisions.decided_at', 'is not', null)
  if (by.search) {
    const like = `%${by.search.replace(/[\\%_]/g, (found) => `\\${found}`)}%`
    // Over every entry that was ever said, not only the words in force; never over salts and names of fields.
    query = query.where(sql<boolean>`exists (
      select 1 from events e join event_bodies b on b.event_id = e.id
      join unnest(b.disclosures) as said (disclosure) on said.disclosure::jsonb ->> 2 ilike ${like}
      where e.stream_id = decisions.id)`)
  }
  if (by.before) query = query.where('decisions.id', '<', by.before[1])
  return query.execute()
}

export const findDecision = (db: Db | Tx, decisionId: string): Promise<DecisionListRow | undefined> =>
  selectDecisions(db).where('decisions.id', '=', decisionId).executeTakeFirst()

export const findDecisionByNumber = (
  db: Db | Tx,
  environment: string,
  number: number,
): Promise<DecisionListRow | undefined> =>
  selectDecisions(db)
    .where('environments.slug', '=', environment)
    .where('decisions.number', '=', number)
    .executeTakeFirst()

export const countOwed = async (db: Db | Tx): Promise<number> => {
  const row = await db
    .selectFrom('decisions')
    .select(sql<number>`count(*)`.as('count'))
    .where('owed', 'is not', null)
    .executeTakeFirst()
  return row?.count ?? 0
}

export const findNames = async (db: Db | Tx, accountIds: readonly string[]): Promise<Map<string, string>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(accountIds)])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

export const findEnvironment = (db: Db | Tx, slug: string) =>
  db
    .selectFrom('environments')
    .select(['id', 'slug', 'name', 'customer_id', 'archived_at'])
    .where('slug', '=', slug)
    .executeTakeFirst()

/** Number, words and state of some decisions, for whoever points at them. */
export const findDecisionRows = (db: Db | Tx, ids: readonly string[]): Promise<DecisionListRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : selectDecisions(db)
        .where('decisions.id', 'in', [...ids])
        .orderBy('decisions.number')
        .execute()

export const putDecision = async (db: Tx, row: DecisionRow): Promise<void> => {
  await db
    .insertInto('decisions')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** How many of these are contacts of the customer. */
export const countContacts = async (db: Tx, customerId: string, ids: readonly string[]): Promise<number> => {
  const rows = await db
    .selectFrom('accounts')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('id', 'in', [...ids])
    .execute()
  return rows.length
}

/** `I-7` of the environment, or an id, → the incident's id; undefined when there is none in this environment. */
export const findIncidentNamed = async (
  db: Tx,
  environmentId: string,
  name: string,
): Promise<string | undefined> => {
  const number = /^[Ii]-(\d+)$/.exec(name)?.[1]
  const query = db.selectFrom('incidents').select('id').where('environment_id', '=', environmentId)
  const row = await (
    number ? query.where('number', '=', Number(number)) : query.where('id', '=', name)
  ).executeTakeFirst()
  return row?.id
}

export const isAlertOf = async (db: Tx, environmentId: string, alertId: string): Promise<boolean> => {
  const row = await db
    .selectFrom('alerts')
    .select('id')
    .where('id', '=', alertId)
    .where('environment_id', '=', environmentId)
    .executeTakeFirst()
  return row !== undefined
}
