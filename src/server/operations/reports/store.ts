/** All SQL of reports: each question reads one period of alerts or pages once. */
import { sql } from 'kysely'
import type { Db } from '../../platform/database.ts'

export type Period = {
  readonly from: number
  readonly to: number
  readonly customerId: string | null
  readonly environmentId: string | null
}

/** Over a table with `customer_id` and `environment_id`; no index of either is asked for, the period has one. */
const placed = (alias: 'a' | 'p' | 'i', { customerId, environmentId }: Period) => {
  const t = sql.ref(alias)
  return sql`(${customerId}::uuid is null or ${t}.customer_id = ${customerId}::uuid)
    and (${environmentId}::uuid is null or ${t}.environment_id = ${environmentId}::uuid)`
}

const alertsOf = (period: Period) => sql`
  from alerts a
  where a.opened_at >= ${period.from}::bigint and a.opened_at < ${period.to}::bigint and ${placed('a', period)}
    and not exists (select 1 from drills d where d.environment_id = a.environment_id and d.fingerprint = a.fingerprint)`

const pagesOf = (period: Period) => sql`
  from pages p
  where p.requested_at >= ${period.from}::bigint and p.requested_at < ${period.to}::bigint and ${placed('p', period)}
    and not p.is_drill`

export type AlertFigures = {
  readonly customer_id: string | null
  readonly alerts: number
  readonly urgent: number
  readonly closed: number
  readonly mean: number | null
  readonly median: number | null
}

/** Of each customer, and (`customer_id` null) of all. */
export const alertFigures = async (db: Db, period: Period): Promise<AlertFigures[]> => {
  const { rows } = await sql<AlertFigures>`
    select a.customer_id, count(*) as alerts, count(*) filter (where a.priority <= 2) as urgent,
           count(a.closed_at) as closed, (avg(a.closed_at - a.opened_at))::float8 as mean,
           percentile_cont(0.5) within group (order by a.closed_at - a.opened_at) as median
    ${alertsOf(period)} group by grouping sets ((a.customer_id), ())`.execute(db)
  return rows
}

export type PageFigures = {
  readonly customer_id: string | null
  readonly pages: number
  readonly taken: number
  readonly untaken: number
  readonly nobody: number
  readonly mean: number | null
  readonly median: number | null
}

export const pageFigures = async (db: Db, period: Period): Promise<PageFigures[]> => {
  const { rows } = await sql<PageFigures>`
    select p.customer_id, count(*) as pages, count(p.acknowledged_at) as taken,
           count(*) filter (where p.status = 'resolved' and p.acknowledged_at is null) as untaken,
           count(*) filter (where p.nobody_on_call) as nobody,
           (avg(p.acknowledged_at - p.requested_at))::float8 as mean,
           percentile_cont(0.5) within group (order by p.acknowledged_at - p.requested_at) as median
    ${pagesOf(period)} group by grouping sets ((p.customer_id), ())`.execute(db)
  return rows
}

export const pagesByHour = async (
  db: Db,
  period: Period,
  zone: string,
): Promise<{ weekday: number; hour: number; pages: number }[]> => {
  const { rows } = await sql<{ weekday: number; hour: number; pages: number }>`
    select extract(isodow from t.at)::int as weekday, extract(hour from t.at)::int as hour, count(*) as pages
    from (select to_timestamp(p.requested_at / 1000.0) at time zone ${zone}::text as at ${pagesOf(period)}) t
    group by 1, 2 order by 1, 2`.execute(db)
  return rows
}

export type Load = { id: string; name: string; pages: number; off_hours: number; nights: number }

/** A page counts once for each person it was meant to tell, at the instant of the first message; screens tell nobody who sleeps. */
export const loadOfPeople = async (db: Db, period: Period): Promise<Load[]> => {
  const { rows } = await sql<Load>`
    with told as (
      select i.account_id, i.page_id, min(i.intended_at) as at
      from page_intents i join pages p on p.id = i.page_id
      where p.requested_at >= ${period.from}::bigint and p.requested_at < ${period.to}::bigint and ${placed('p', period)}
        and not p.is_drill and i.channel <> 'screen' and i.status <> 'cancelled'
      group by i.account_id, i.page_id),
    local as (
      select c.id, c.name, to_timestamp(told.at / 1000.0) at time zone c.zone as at
      from told join accounts c on c.id = told.account_id)
    select id, name, count(*) as pages,
           count(*) filter (where extract(isodow from at) > 5 or extract(hour from at) not between 8 and 16) as off_hours,
           count(*) filter (where extract(hour from at) >= 22 or extract(hour from at) < 6) as nights
    from local group by id, name order by name, id`.execute(db)
  return rows
}

export type Noisy = {
  name: string
  alerts: number
  environments: number
  urgent: number
  untouched: number
  mean: number | null
}

export const noisyNames = async (db: Db, period: Period, most: number): Promise<Noisy[]> => {
  const { rows } = await sql<Noisy>`
    select a.name, count(*) as alerts, count(distinct a.environment_id) as environments,
           count(*) filter (where a.priority <= 2) as urgent,
           count(*) filter (where a.acknowledged_at is null and a.closed_by is distinct from 'person') as untouched,
           (avg(a.closed_at - a.opened_at))::float8 as mean
    ${alertsOf(period)} group by a.name order by alerts desc, a.name limit ${most}::int`.execute(db)
  return rows
}

export type IncidentFigures = {
  customer_id: string | null
  opened: number
  by_alert: number
  by_ticket: number
}

export const incidentFigures = async (db: Db, period: Period): Promise<IncidentFigures[]> => {
  const { rows } = await sql<IncidentFigures>`
    with found as (
      select i.customer_id,
             exists (select 1 from incident_alerts ia join alerts a on a.id = ia.alert_id
                     where ia.incident_id = i.id and a.opened_at <= i.opened_at) as by_alert,
             exists (select 1 from events e where e.stream_id = i.id and e.type = 'incident.ticket-linked') as has_ticket
      from incidents i
      where i.opened_at >= ${period.from}::bigint and i.opened_at < ${period.to}::bigint and ${placed('i', period)})
    select customer_id, count(*) as opened, count(*) filter (where by_alert) as by_alert,
           count(*) filter (where has_ticket and not by_alert) as by_ticket
    from found group by grouping sets ((customer_id), ())`.execute(db)
  return rows
}

export const customerNames = (db: Db) =>
  db.selectFrom('customers').select(['id', 'slug', 'name']).orderBy('slug').execute()
