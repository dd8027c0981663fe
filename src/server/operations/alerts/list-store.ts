/** SQL of the list of alerts. */
import { sql } from 'kysely'
import type { Query } from '../../../domain/operations/alerts/query/query.ts'
import type { Db } from '../../platform/database.ts'
import type { Keyset } from '../../platform/keyset.ts'
import { planOf, querySql, type Asking } from './query-store.ts'
import type { AlertListRow, AlertStatus } from './store.ts'

export type ListBy = {
  readonly query: Query
  readonly asking: Asking
  readonly status?: AlertStatus | 'not-closed'
  readonly before?: Keyset
  /** Rows looked at for one part of an answer; MOST_LOOKED_AT when absent. */
  readonly mostLookedAt?: number
}

const statusSql = (status: ListBy['status']) => {
  switch (status) {
    case undefined:
      return sql`true`
    case 'not-closed':
      return sql`a.status <> 'closed'`
    default:
      // Said twice, because the index of what is not closed is asked for by these very words.
      return status === 'closed'
        ? sql`a.status = 'closed'`
        : sql`(a.status <> 'closed' and a.status = ${status}::text)`
  }
}

/** Everything that is asked, over `alerts a`, however long it takes. */
export const matchingSql = ({ query, asking, status }: ListBy) =>
  sql`${statusSql(status)} and ${querySql(query, asking)}`

/** Rows looked at for one part of an answer: 10,000 scattered ones are 30 ms when they are in memory, 100,000 were 1.6 s. */
const MOST_LOOKED_AT = 10_000

type Found = { readonly rows: AlertListRow[]; readonly lookedTo: Keyset | null }

const isAskedNotClosed = ({ query, status }: ListBy): boolean =>
  (status !== undefined && status !== 'closed') ||
  (query.kind === 'and' ? query.parts : [query]).some(
    (part) => part.kind === 'status' && part.is !== 'closed',
  )

export const planOfList = (by: ListBy): ReturnType<typeof planOf> =>
  planOf(by.query, { notClosed: isAskedNotClosed(by) })

/** Whole rows of what is asked behind a place in the list, in its order. */
export const newestSql = ({ query, asking, status, before }: ListBy) => {
  const behind = before ? sql`(a.opened_at, a.id) < (${before[0]}::bigint, ${before[1]}::uuid)` : sql`true`
  return sql`select a.* from alerts a where ${statusSql(status)} and ${querySql(query, asking)} and ${behind}
             order by a.opened_at desc, a.id desc`
}

/**
 * Newest first. Where no index finds the answer the newest rows are looked at and no more than that: `lookedTo` is then
 * the last of them, and whatever is older is the next part. The rows are found before anything is joined to them.
 */
export const findAlerts = async (db: Db, by: ListBy & { readonly limit: number }): Promise<Found> => {
  const most = by.mostLookedAt ?? MOST_LOOKED_AT
  const { first, looked } = planOfList(by)
  const newest = newestSql({ ...by, query: first })
  const found =
    looked === null
      ? sql`select a.*, true as fits from (${newest} limit ${by.limit}::int) a`
      : sql`select * from (
              select a.*, ${querySql(looked, by.asking)} as fits, row_number() over () as nth
              from (${newest} limit ${most}::int) a) a
            where fits or nth = ${most}::int limit ${by.limit}::int`
  const { rows } = await sql<AlertListRow & { readonly fits: boolean | null }>`
    select a.*, e.slug as environment_slug, e.name as environment_name, s.last_seen_at, s.count,
           takers.name as acknowledged_by_name, owners.name as owner_name
    from (${found}) a
    join environments e on e.id = a.environment_id
    left join alert_sightings s on s.alert_id = a.id
    left join accounts takers on takers.id = a.acknowledged_by
    left join accounts owners on owners.id = a.owner_id
    order by a.opened_at desc, a.id desc`.execute(db)
  const last = rows.at(-1)
  const stopped = looked !== null && last !== undefined && 'nth' in last && last.nth === most
  return {
    rows: rows.filter(({ fits }) => fits === true),
    lookedTo: stopped ? [last.opened_at, last.id] : null,
  }
}

/** At most `most`: whoever wants to know more than that there are many must wait for a number nobody reads. */
export const countAlerts = async (db: Db, by: ListBy, most: number): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select 1 from alerts a where ${matchingSql(by)} limit ${most}::int) as counted`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}
