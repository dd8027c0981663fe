/** SQL of the list of alerts. */
import { sql } from 'kysely'
import type { Query } from '../../../domain/operations/alerts/query/query.ts'
import type { Db } from '../../platform/database.ts'
import type { Keyset } from '../../platform/keyset.ts'
import { querySql, type Asking } from './query-store.ts'
import type { AlertListRow, AlertStatus } from './store.ts'

export type ListBy = {
  readonly query: Query
  readonly asking: Asking
  readonly status?: AlertStatus | 'not-closed'
  readonly before?: Keyset
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

const where = ({ query, asking, status }: ListBy) => sql`${statusSql(status)} and ${querySql(query, asking)}`

/** Newest first. The rows are found before anything is joined to them: one page costs one page of joins. */
export const findAlerts = async (
  db: Db,
  by: ListBy & { readonly limit: number },
): Promise<AlertListRow[]> => {
  const behind = by.before
    ? sql`(a.opened_at, a.id) < (${by.before[0]}::bigint, ${by.before[1]}::uuid)`
    : sql`true`
  const { rows } = await sql<AlertListRow>`
    select a.*, e.slug as environment_slug, e.name as environment_name, s.last_seen_at, s.count,
           takers.name as acknowledged_by_name, owners.name as owner_name
    from (select * from alerts a where ${where(by)} and ${behind}
          order by a.opened_at desc, a.id desc limit ${by.limit}::int) a
    join environments e on e.id = a.environment_id
    left join alert_sightings s on s.alert_id = a.id
    left join accounts takers on takers.id = a.acknowledged_by
    left join accounts owners on owners.id = a.owner_id
    order by a.opened_at desc, a.id desc`.execute(db)
  return rows
}

/** At most `most`: whoever wants to know more than that there are many must wait for a number nobody reads. */
export const countAlerts = async (db: Db, by: ListBy, most: number): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select 1 from alerts a where ${where(by)} limit ${most}::int) as counted`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}
