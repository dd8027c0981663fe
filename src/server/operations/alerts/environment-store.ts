/** SQL over the alerts of one environment, as the machines that send them ask back. Row-level security knows customers alone: every statement here names the environment. */
import { sql, type RawBuilder } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'
import type { AlertRow } from './store.ts'

export type SentAlertRow = AlertRow & { last_seen_at: number | null; count: number | null }

/** What a list may be narrowed by. `not` turns the meaning round. */
export type AlertCondition = { readonly not: boolean } & (
  | { readonly by: 'closed' | 'acknowledged'; readonly is: boolean }
  | { readonly by: 'priority'; readonly is: number }
  | { readonly by: 'id' | 'fingerprint'; readonly is: string }
  | { readonly by: 'tag'; readonly is: string }
  | { readonly by: 'message' | 'description' | 'entity' | 'source' | 'alias'; readonly has: string }
  | { readonly by: 'detail'; readonly name: string; readonly is: string }
  | {
      readonly by: 'openedAt' | 'lastSeenAt'
      readonly op: '<' | '<=' | '>' | '>=' | '='
      readonly at: number
    }
)

export type AlertOrder = 'openedAt' | 'lastSeenAt' | 'priority' | 'message' | 'status'

const escapeLike = (text: string): string => `%${text.replace(/[\\%_]/g, (found) => `\\${found}`)}%`

const texts: Readonly<
  Record<'message' | 'description' | 'entity' | 'source' | 'alias', RawBuilder<unknown>>
> = {
  message: sql`a.summary`,
  description: sql`a.annotations ->> 'description'`,
  entity: sql`a.annotations ->> 'entity'`,
  source: sql`coalesce(a.generator_url, a.annotations ->> 'source')`,
  alias: sql`a.annotations ->> 'alias'`,
}
const lastSeenAt = sql`greatest(a.opened_at, coalesce(s.last_seen_at, 0))`
const operators = {
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
  '=': sql`=`,
} as const

const meant = (condition: AlertCondition): RawBuilder<unknown> => {
  switch (condition.by) {
    case 'closed':
      return condition.is ? sql`a.status = 'closed'` : sql`a.status <> 'closed'`
    case 'acknowledged':
      return condition.is ? sql`a.acknowledged_at is not null` : sql`a.acknowledged_at is null`
    case 'priority':
      return sql`a.priority = ${condition.is}::smallint`
    case 'id':
      return sql`a.id::text = ${condition.is}::text`
    case 'fingerprint':
      return sql`a.fingerprint = ${condition.is}::text`
    case 'tag':
      return sql`lower(${condition.is}::text) = any(regexp_split_to_array(lower(coalesce(a.annotations ->> 'tags', '')), ' *, *'))`
    case 'detail':
      return sql`a.labels @> ${JSON.stringify({ [condition.name]: condition.is })}::jsonb`
    case 'openedAt':
      return sql`a.opened_at ${operators[condition.op]} ${condition.at}::bigint`
    case 'lastSeenAt':
      return sql`${lastSeenAt} ${operators[condition.op]} ${condition.at}::bigint`
    default:
      return sql`${texts[condition.by]} ilike ${escapeLike(condition.has)}::text`
  }
}

const where = (environmentId: string, conditions: readonly AlertCondition[]): RawBuilder<unknown> => {
  const all = conditions.map((each) => (each.not ? sql`(${meant(each)}) is not true` : sql`(${meant(each)})`))
  return sql.join([sql`a.environment_id = ${environmentId}::uuid`, ...all], sql` and `)
}

const orders: Readonly<Record<AlertOrder, RawBuilder<unknown>>> = {
  openedAt: sql`a.opened_at`,
  lastSeenAt,
  priority: sql`a.priority`,
  message: sql`a.summary`,
  status: sql`a.status`,
}

const from = sql`from alerts a left join alert_sightings s on s.alert_id = a.id`

export const findAlertsIn = async (
  db: Db,
  environmentId: string,
  wanted: {
    readonly conditions: readonly AlertCondition[]
    readonly order: AlertOrder
    readonly descending: boolean
    readonly limit: number
    readonly offset: number
  },
): Promise<SentAlertRow[]> => {
  const direction = wanted.descending ? sql`desc` : sql`asc`
  const { rows } = await sql<SentAlertRow>`
    select a.*, s.last_seen_at, s.count ${from} where ${where(environmentId, wanted.conditions)}
    order by ${orders[wanted.order]} ${direction}, a.id ${direction} limit ${wanted.limit} offset ${wanted.offset}`.execute(
    db,
  )
  return rows
}

export const countAlertsIn = async (
  db: Db,
  environmentId: string,
  conditions: readonly AlertCondition[],
): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count ${from} where ${where(environmentId, conditions)}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Also closed ones; of another environment there is none. */
export const findAlertIn = async (
  db: Db | Tx,
  environmentId: string,
  id: string,
): Promise<SentAlertRow | undefined> => {
  const { rows } = await sql<SentAlertRow>`
    select a.*, s.last_seen_at, s.count ${from}
    where a.id = ${id}::uuid and a.environment_id = ${environmentId}::uuid`.execute(db)
  return rows[0]
}

/** The one that is not closed. */
export const findOpenAlertIn = async (
  db: Db | Tx,
  environmentId: string,
  fingerprint: string,
): Promise<SentAlertRow | undefined> => {
  const { rows } = await sql<SentAlertRow>`
    select a.*, s.last_seen_at, s.count ${from}
    where a.environment_id = ${environmentId}::uuid and a.fingerprint = ${fingerprint}::text and a.status <> 'closed'`.execute(
    db,
  )
  return rows[0]
}

/** Undefined unless exactly one alert of the environment has an id in this range, both ends included. */
export const findOnlyAlertBetween = async (
  db: Db,
  environmentId: string,
  [first, last]: readonly [string, string],
): Promise<SentAlertRow | undefined> => {
  const { rows } = await sql<SentAlertRow>`
    select a.*, s.last_seen_at, s.count ${from}
    where a.id between ${first}::uuid and ${last}::uuid and a.environment_id = ${environmentId}::uuid limit 2`.execute(
    db,
  )
  return rows.length === 1 ? rows[0] : undefined
}

export const lockAlertIn = async (
  db: Tx,
  environmentId: string,
  id: string,
): Promise<AlertRow | undefined> => {
  const { rows } = await sql<AlertRow>`
    select * from alerts where id = ${id}::uuid and environment_id = ${environmentId}::uuid for update`.execute(
    db,
  )
  return rows[0]
}

export type AlertWords = Pick<
  AlertRow,
  'name' | 'summary' | 'priority' | 'severity' | 'group_key' | 'labels' | 'annotations' | 'leniencies'
>

export const putWords = async (db: Tx, id: string, words: AlertWords): Promise<void> => {
  await db
    .updateTable('alerts')
    .set({
      ...words,
      labels: JSON.stringify(words.labels) as never,
      annotations: JSON.stringify(words.annotations) as never,
    })
    .where('id', '=', id)
    .execute()
}

export type NoteRow = { readonly at: number; readonly disclosures: string[] | null }

export const findNotesOf = async (
  db: Db,
  alertId: string,
  { limit, newestFirst }: { readonly limit: number; readonly newestFirst: boolean },
): Promise<NoteRow[]> => {
  const { rows } = await sql<NoteRow>`
    select e.at, b.disclosures from events e left join event_bodies b on b.event_id = e.id
    where e.stream_id = ${alertId}::uuid and e.type = 'alert.noted'
    order by e.at ${newestFirst ? sql`desc` : sql`asc`}, e.id ${newestFirst ? sql`desc` : sql`asc`} limit ${limit}`.execute(
    db,
  )
  return rows
}
