/** SQL over the alerts of one environment, as the machines that send them ask back. Row-level security knows customers alone: every statement here names the environment. */
import { sql, type RawBuilder } from 'kysely'
import type { Query } from '../../../domain/operations/alerts/query/query.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { querySql, type Asking } from './query-store.ts'
import type { AlertRow } from './store.ts'

export type SentAlertRow = AlertRow & { last_seen_at: number | null; count: number | null }

type Asked = { readonly query: Query; readonly asking: Asking }

export type AlertOrder = 'openedAt' | 'lastSeenAt' | 'priority' | 'message' | 'status'

const lastSeenAt = sql`greatest(a.opened_at, coalesce(s.last_seen_at, 0))`

const where = (environmentId: string, { query, asking }: Asked) =>
  sql`a.environment_id = ${environmentId}::uuid and ${querySql(query, asking)}`

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
  wanted: Asked & {
    readonly order: AlertOrder
    readonly descending: boolean
    readonly limit: number
    readonly offset: number
  },
): Promise<SentAlertRow[]> => {
  const direction = wanted.descending ? sql`desc` : sql`asc`
  const { rows } = await sql<SentAlertRow>`
    select a.*, s.last_seen_at, s.count ${from} where ${where(environmentId, wanted)}
    order by ${orders[wanted.order]} ${direction}, a.id ${direction} limit ${wanted.limit} offset ${wanted.offset}`.execute(
    db,
  )
  return rows
}

export const countAlertsIn = async (db: Db, environmentId: string, asked: Asked): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count ${from} where ${where(environmentId, asked)}`.execute(db)
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

/** The one that is not closed; for one of several that a policy made one, that one. */
export const findOpenAlertIn = async (
  db: Db | Tx,
  environmentId: string,
  fingerprint: string,
): Promise<SentAlertRow | undefined> => {
  const { rows } = await sql<SentAlertRow>`
    select a.*, s.last_seen_at, s.count ${from}
    where a.environment_id = ${environmentId}::uuid and a.status <> 'closed'
      and a.fingerprint = any(array_append(array(
        select m.fingerprint from merged_alerts m
        where m.environment_id = ${environmentId}::uuid and m.member = ${fingerprint}::text), ${fingerprint}::text))
    order by a.fingerprint = ${fingerprint}::text desc limit 1`.execute(db)
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
