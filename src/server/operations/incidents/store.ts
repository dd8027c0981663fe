/** All SQL of incidents. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type IncidentRow = {
  id: string
  customer_id: string
  environment_id: string
  number: number
  status: 'open' | 'mitigated' | 'resolved'
  phase: 'observe' | 'orient' | 'decide' | 'act'
  severity: number
  loop: number
  title_event_id: string
  impact_started_at: number
  impact_ended_at: number | null
  opened_at: number
  opened_by: string
  mitigated_at: number | null
  resolved_at: number | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    incidents: IncidentRow
    incident_alerts: { incident_id: string; alert_id: string; customer_id: string }
  }
}

export const lockEnvironment = async (db: Tx, environmentId: string): Promise<void> => {
  await db.selectFrom('environments').select('id').where('id', '=', environmentId).forUpdate().execute()
}

export const takeIncidentNumber = async (db: Tx, environmentId: string): Promise<number> => {
  const row = await db
    .updateTable('environments')
    .set((set) => ({ next_incident_number: sql`${set.ref('next_incident_number')} + 1` }))
    .where('id', '=', environmentId)
    .returning(sql<number>`next_incident_number - 1`.as('number'))
    .executeTakeFirstOrThrow()
  return row.number
}

export const lockIncident = (db: Tx, incidentId: string): Promise<IncidentRow | undefined> =>
  db.selectFrom('incidents').selectAll().where('id', '=', incidentId).forUpdate().executeTakeFirst()

export type IncidentListRow = IncidentRow & {
  environment_slug: string
  environment_name: string
  opened_by_name: string
  disclosures: string[] | null
}

const selectIncidents = (db: Db | Tx) =>
  db
    .selectFrom('incidents')
    .innerJoin('environments', 'environments.id', 'incidents.environment_id')
    .innerJoin('accounts', 'accounts.id', 'incidents.opened_by')
    .leftJoin('event_bodies', 'event_bodies.event_id', 'incidents.title_event_id')
    .selectAll('incidents')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'accounts.name as opened_by_name',
      'event_bodies.disclosures',
    ])

type FindBy = {
  readonly status?: IncidentRow['status'] | 'unresolved'
  readonly environment?: string
  readonly before?: readonly [number, string]
  readonly limit: number
}

export const findIncidents = (db: Db | Tx, by: FindBy): Promise<IncidentListRow[]> => {
  let query = selectIncidents(db)
    .orderBy('incidents.opened_at', 'desc')
    .orderBy('incidents.id', 'desc')
    .limit(by.limit)
  if (by.status === 'unresolved') query = query.where('incidents.status', '<>', 'resolved')
  else if (by.status) query = query.where('incidents.status', '=', by.status)
  if (by.environment) query = query.where('environments.slug', '=', by.environment)
  if (by.before)
    query = query.where(
      sql<boolean>`(incidents.opened_at, incidents.id) < (${by.before[0]}::bigint, ${by.before[1]}::uuid)`,
    )
  return query.execute()
}

export const findIncident = (db: Db | Tx, incidentId: string): Promise<IncidentListRow | undefined> =>
  selectIncidents(db).where('incidents.id', '=', incidentId).executeTakeFirst()

export const findIncidentsOfAlert = (db: Db | Tx, alertId: string): Promise<IncidentListRow[]> =>
  selectIncidents(db)
    .where('incidents.id', 'in', (select) =>
      select.selectFrom('incident_alerts').select('incident_id').where('alert_id', '=', alertId),
    )
    .orderBy('incidents.opened_at', 'desc')
    .limit(20)
    .execute()

export const addIncidentAlerts = async (
  db: Tx,
  incident: Pick<IncidentRow, 'id' | 'customer_id'>,
  alertIds: readonly string[],
): Promise<void> => {
  if (alertIds.length === 0) return
  const rows = alertIds.map((alert_id) => ({
    incident_id: incident.id,
    alert_id,
    customer_id: incident.customer_id,
  }))
  await db
    .insertInto('incident_alerts')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export const removeIncidentAlerts = async (
  db: Tx,
  incidentId: string,
  alertIds: readonly string[],
): Promise<void> => {
  if (alertIds.length === 0) return
  await sql`
    delete from incident_alerts where incident_id = ${incidentId}::uuid and alert_id = any(${alertIds}::uuid[])`.execute(
    db,
  )
}

/** Each of them, and none twice counted. */
export const areAlertsOf = async (
  db: Tx,
  environmentId: string,
  alertIds: readonly string[],
): Promise<boolean> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from alerts where id = any(${alertIds}::uuid[]) and environment_id = ${environmentId}::uuid`.execute(
    db,
  )
  return rows[0]?.count === new Set(alertIds).size
}

/** The most urgent of them, and since when the first of them fires. */
export const worstOf = async (
  db: Tx,
  alertIds: readonly string[],
): Promise<{ readonly severity: number; readonly startedAt: number }> => {
  const { rows } = await sql<{ severity: number; startedAt: number }>`
    select min(priority) as severity, min(starts_at) as "startedAt" from alerts where id = any(${alertIds}::uuid[])`.execute(
    db,
  )
  return rows[0] ?? { severity: 3, startedAt: 0 }
}

/** Colleagues whose browser was heard from lately; not the reader. */
export const findAwake = async (db: Db, since: number, not: string) =>
  db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .select(['accounts.id', 'accounts.name'])
    .select((select) => select.fn.max('sessions.seen_at').as('seen_at'))
    .where('sessions.seen_at', '>=', since)
    .where('sessions.revoked_at', 'is', null)
    .where('accounts.kind', '=', 'staff')
    .where('accounts.id', '<>', not)
    .groupBy(['accounts.id', 'accounts.name'])
    .orderBy('accounts.name')
    .limit(20)
    .execute()

/** When the pages of these alerts were requested and first taken. */
export const findPageTimes = async (db: Db, alertIds: readonly string[]) => {
  const { rows } = await sql<{ detected: number | null; paged: number | null; acknowledged: number | null }>`
    select (select min(opened_at) from alerts where id = any(${alertIds}::uuid[])) as detected,
           min(p.requested_at) as paged, min(p.acknowledged_at) as acknowledged
    from page_alerts pa join pages p on p.id = pa.page_id where pa.alert_id = any(${alertIds}::uuid[])`.execute(
    db,
  )
  return {
    detectedAt: rows[0]?.detected ?? null,
    pagedAt: rows[0]?.paged ?? null,
    acknowledgedAt: rows[0]?.acknowledged ?? null,
  }
}

export const findAlertsByIds = (db: Db, ids: readonly string[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('alerts')
        .select(['id', 'name', 'summary', 'priority', 'status', 'starts_at'])
        .where('id', 'in', [...ids])
        .orderBy('priority')
        .orderBy('starts_at')
        .limit(200)
        .execute()

export const findSessionsByIds = (db: Db, ids: readonly string[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('recordings')
        .innerJoin('accounts', 'accounts.id', 'recordings.operator_id')
        .select([
          'recordings.id',
          'recordings.kind',
          'recordings.status',
          'recordings.started_at',
          'accounts.name as operator',
        ])
        .where('recordings.id', 'in', [...ids])
        .orderBy('recordings.started_at')
        .execute()

export const putIncident = async (db: Tx, row: IncidentRow): Promise<void> => {
  await db
    .insertInto('incidents')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

export const isColleague = async (db: Tx, accountId: string): Promise<boolean> => {
  const row = await db
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', accountId)
    .where('kind', '=', 'staff')
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

export const isAlertOfItsEnvironment = async (
  db: Tx,
  incidentId: string,
  alertId: string,
): Promise<boolean> => {
  const row = await db
    .selectFrom('alerts')
    .innerJoin('incidents', 'incidents.environment_id', 'alerts.environment_id')
    .select('alerts.id')
    .where('alerts.id', '=', alertId)
    .where('incidents.id', '=', incidentId)
    .executeTakeFirst()
  return row !== undefined
}

/** An alert, or anything that has a history: a decision, a log entry, a recording, a page. */
export const isRecordOfItsEnvironment = async (
  db: Tx,
  incidentId: string,
  recordId: string,
): Promise<boolean> => {
  if (await isAlertOfItsEnvironment(db, incidentId, recordId)) return true
  const row = await db
    .selectFrom('events')
    .innerJoin('incidents', 'incidents.environment_id', 'events.environment_id')
    .select('events.id')
    .where('events.stream_id', '=', recordId)
    .where('incidents.id', '=', incidentId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** What this person opened for the environment, without an alert, since then and that goes on. */
export const findJustOpened = (
  db: Tx,
  by: { readonly environmentId: string; readonly openedBy: string; readonly since: number },
): Promise<IncidentListRow[]> =>
  selectIncidents(db)
    .where('incidents.environment_id', '=', by.environmentId)
    .where('incidents.opened_by', '=', by.openedBy)
    .where('incidents.opened_at', '>', by.since)
    .where('incidents.status', '<>', 'resolved')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('incident_alerts').select('alert_id').whereRef('incident_id', '=', 'incidents.id')),
      ),
    )
    .execute()

export const findEnvironment = (db: Tx, slug: string) =>
  db
    .selectFrom('environments')
    .select(['id', 'customer_id', 'name'])
    .where('slug', '=', slug)
    .where('archived_at', 'is', null)
    .executeTakeFirst()

export const findColleagueNames = async (db: Db): Promise<Map<string, string>> => {
  const rows = await db.selectFrom('accounts').select(['id', 'name']).where('kind', '=', 'staff').execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}
