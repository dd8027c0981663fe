/** All SQL of alerts, their sightings and receipts. */
import { sql, type GeneratedAlways, type Selectable } from 'kysely'
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import type { Treatment } from '../../../domain/operations/alerts/policies/treat-alert.ts'
import type { StandingAlert } from '../../../domain/operations/alerts/alert-act.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { prepared } from '../../platform/prepared.ts'

export type AlertStatus = 'open' | 'acknowledged' | 'closed'

type AlertTable = {
  id: string
  customer_id: string
  environment_id: string
  fingerprint: string
  status: AlertStatus
  priority: number
  severity: string
  name: string
  summary: string
  group_key: string
  labels: Record<string, string>
  annotations: Record<string, string>
  generator_url: string | null
  leniencies: string[]
  starts_at: number
  opened_at: number
  acknowledged_at: number | null
  acknowledged_by: string | null
  closed_at: number | null
  closed_by: 'source' | 'person' | 'policy' | null
  owner_id: string | null
  snoozed_until_at: number | null
  snoozed_by: string | null
  /** Read from the text among the annotations by the database itself: never written. */
  tags: GeneratedAlways<string[]>
  /** The same in small letters, to be found by. */
  tag_keys: GeneratedAlways<string[]>
  /** The integration key it came with; null for our own, and for those from before keys were kept. */
  key_id: string | null
  /** What policies made of it; null for most. */
  treatment: Treatment | null
  close_after_ms: number | null
}

/** As it is read. */
export type AlertRow = Selectable<AlertTable>

export type ReceiptRow = {
  process_id: string
  number: number
  received_at: number
  customer_id: string
  environment_id: string
  key_id: string
  alert_count: number
  fingerprints: Buffer
  digest: Buffer
}

declare module '../../platform/database.ts' {
  interface Tables {
    alerts: AlertTable
    alert_sightings: { alert_id: string; last_seen_at: number; count: number }
    alert_receipts: ReceiptRow
  }
}

export type Receipt = {
  readonly number: number
  readonly receivedAt: number
  readonly alertCount: number
  readonly fingerprints: Buffer
  readonly digest: Buffer
}

type Where = {
  readonly processId: string
  readonly customerId: string
  readonly environmentId: string
  readonly keyId: string
}

/** The number of the last receipt that this process committed for an environment; 0 before the first. */
export const lastReceiptNumber = async (
  db: Db,
  processId: string,
  environmentId: string,
): Promise<number> => {
  const { rows } = await sql<{ number: number }>`
    select coalesce(max(number), 0) as number from alert_receipts
    where environment_id = ${environmentId}::uuid and process_id = ${processId}::uuid`.execute(db)
  return rows[0]?.number ?? 0
}

export type KnownAlert = { readonly id: string; readonly fingerprint: string; readonly startsAt: number }

export type Received = { readonly policiesVersion: number; readonly known: KnownAlert[] }

/**
 * Stores the receipts of a batch and finds, of the alerts that it names, those that are open or acknowledged, and the
 * version of the policies by which they are treated. One statement, because every batch needs all of it.
 */
export const receive = async (
  db: Tx,
  where: Where,
  receipts: readonly Receipt[],
  fingerprints: readonly string[],
): Promise<Received> => {
  const { rows } = await sql<{ version: number; id: string | null; fingerprint: string; startsAt: number }>`
    ${prepared('receive-alerts')} with stored as (
      insert into alert_receipts (process_id, number, received_at, customer_id, environment_id, key_id, alert_count, fingerprints, digest)
      select ${where.processId}::uuid, r.number, r.received_at, ${where.customerId}::uuid, ${where.environmentId}::uuid,
             ${where.keyId}::uuid, r.alert_count, r.fingerprints, r.digest
      from unnest(${receipts.map((row) => row.number)}::bigint[], ${receipts.map((row) => row.receivedAt)}::bigint[],
                  ${receipts.map((row) => row.alertCount)}::int[], ${receipts.map((row) => row.fingerprints)}::bytea[],
                  ${receipts.map((row) => row.digest)}::bytea[])
        as r (number, received_at, alert_count, fingerprints, digest)
    )
    select (select version from alert_policies where id = 1) as version, a.id, a.fingerprint, a.starts_at as "startsAt"
    from (values (1)) as one left join alerts a
      on a.environment_id = ${where.environmentId}::uuid and a.fingerprint = any(${fingerprints}::text[]) and a.status <> 'closed'`.execute(
    db,
  )
  return {
    policiesVersion: rows[0]?.version ?? 0,
    known: rows.flatMap(({ id, fingerprint, startsAt }) =>
      id === null ? [] : [{ id, fingerprint, startsAt }],
    ),
  }
}

export type NewAlert = {
  readonly id: string
  readonly alert: AlertFromSource
  readonly openedAt: number
  readonly treatment?: Treatment | null
}

const MINUTE_MS = 60_000

/**
 * Opens alerts; one that another process opened at this very moment is left alone and not returned. Travels as one
 * jsonb parameter: half the CPU of a parameter per column, measured at 500 rows a statement.
 */
export const insertAlerts = async (
  db: Tx,
  where: Where,
  alerts: readonly NewAlert[],
): Promise<Set<string>> => {
  const rows = alerts.map(({ id, alert, openedAt, treatment }) => ({
    id,
    fingerprint: alert.fingerprint,
    priority: alert.priority,
    severity: alert.severity,
    name: alert.name,
    summary: alert.summary,
    group_key: alert.groupKey,
    labels: alert.labels,
    annotations: alert.annotations,
    generator_url: alert.generatorUrl ?? null,
    leniencies: alert.leniencies,
    starts_at: alert.startsAt,
    opened_at: openedAt,
    // Absent for most, and then nothing of it travels.
    ...(treatment ? { treatment } : {}),
    ...(treatment?.closes ? { close_after_ms: treatment.closes.afterMinutes * MINUTE_MS } : {}),
  }))
  const { rows: inserted } = await sql<{ id: string }>`
    ${prepared('insert-alerts')} insert into alerts (id, customer_id, environment_id, fingerprint, status, priority, severity, name, summary, group_key,
                        labels, annotations, generator_url, leniencies, starts_at, opened_at, key_id, treatment, close_after_ms)
    select a.id, ${where.customerId}::uuid, ${where.environmentId}::uuid, a.fingerprint, 'open', a.priority, a.severity, a.name,
           a.summary, a.group_key, a.labels, a.annotations, a.generator_url, a.leniencies, a.starts_at, a.opened_at,
           nullif(${where.keyId}::text, '')::uuid, a.treatment, a.close_after_ms
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as a (
      id uuid, fingerprint text, priority smallint, severity text, name text, summary text, group_key text, labels jsonb,
      annotations jsonb, generator_url text, leniencies text[], starts_at bigint, opened_at bigint, treatment jsonb, close_after_ms bigint)
    on conflict (environment_id, fingerprint) where status <> 'closed' do nothing
    returning id`.execute(db)
  return new Set(inserted.map((row) => row.id))
}

/** Closes alerts because their source says so; returns those that were not closed before. Locked in the order of their ids. */
export const closeBySource = async (db: Tx, ids: readonly string[], at: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    with locked as (
      select id from alerts where id = any(${ids}::uuid[]) and status <> 'closed' order by id for update
    )
    update alerts set status = 'closed', closed_at = ${at}::bigint, closed_by = 'source'
    from locked where alerts.id = locked.id returning alerts.id`.execute(db)
  return rows.map((row) => row.id)
}

export type Sighting = { readonly alertId: string; readonly at: number; readonly count: number }

/**
 * Adds repeats to the counters; an alert that was never repeated has none and counts as seen once. Sorted by id so that
 * two processes cannot deadlock.
 */
export const addSightings = async (db: Db | Tx, sightings: readonly Sighting[]): Promise<void> => {
  const sorted = [...sightings].sort((a, b) => (a.alertId < b.alertId ? -1 : 1))
  await sql`
    ${prepared('add-sightings')} insert into alert_sightings (alert_id, last_seen_at, count)
    select alert_id, at, repeats + 1 from unnest(${sorted.map((row) => row.alertId)}::uuid[], ${sorted.map((row) => row.at)}::bigint[], ${sorted.map((row) => row.count)}::bigint[])
      as s (alert_id, at, repeats)
    on conflict (alert_id) do update
      set last_seen_at = greatest(alert_sightings.last_seen_at, excluded.last_seen_at), count = alert_sightings.count + excluded.count - 1
  `.execute(db)
}

export type AlertListRow = AlertRow & {
  environment_slug: string
  environment_name: string
  last_seen_at: number | null
  count: number | null
  acknowledged_by_name: string | null
  owner_name: string | null
}

const selectAlerts = (db: Db | Tx) =>
  db
    .selectFrom('alerts')
    .innerJoin('environments', 'environments.id', 'alerts.environment_id')
    .leftJoin('alert_sightings', 'alert_sightings.alert_id', 'alerts.id')
    .leftJoin('accounts as takers', 'takers.id', 'alerts.acknowledged_by')
    .leftJoin('accounts as owners', 'owners.id', 'alerts.owner_id')
    .selectAll('alerts')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'alert_sightings.last_seen_at',
      'alert_sightings.count',
      'takers.name as acknowledged_by_name',
      'owners.name as owner_name',
    ])

export const findAlert = (db: Db | Tx, id: string): Promise<AlertListRow | undefined> =>
  selectAlerts(db).where('alerts.id', '=', id).executeTakeFirst()

export const countNotClosed = async (db: Db): Promise<{ open: number; acknowledged: number }> => {
  const { rows } = await sql<{ open: number; acknowledged: number }>`
    select count(*) filter (where status = 'open') as open, count(*) filter (where status = 'acknowledged') as acknowledged
    from alerts where status <> 'closed'`.execute(db)
  return rows[0] ?? { open: 0, acknowledged: 0 }
}

/** Pages that carried this alert, newest first. */
export const findPagesOf = async (
  db: Db,
  alertId: string,
): Promise<{ id: string; status: 'open' | 'acknowledged' | 'resolved'; requestedAt: number }[]> => {
  const { rows } = await sql<{
    id: string
    status: 'open' | 'acknowledged' | 'resolved'
    requestedAt: number
  }>`
    select p.id, p.status, p.requested_at as "requestedAt" from page_alerts pa join pages p on p.id = pa.page_id
    where pa.alert_id = ${alertId}::uuid order by p.requested_at desc limit 20`.execute(db)
  return rows
}

export type SuppressionRow = {
  readonly windowId: string
  readonly decisionId: string
  readonly number: number
  readonly until: number
}

/** The window that keeps this alert from paging at an instant; the one that lasts longest where there are several. */
export const findSuppressionOf = async (
  db: Db,
  alertId: string,
  at: number,
): Promise<SuppressionRow | undefined> => {
  const { rows } = await sql<SuppressionRow>`
    select w.id as "windowId", d.id as "decisionId", d.number, w.ends_at as until
    from suppressed_alerts s join maintenance_windows w on w.id = s.window_id join decisions d on d.id = w.decision_id
    where s.alert_id = ${alertId}::uuid and s.released_at is null and w.ended_at is null and w.ends_at > ${at}::bigint
    order by w.ends_at desc limit 1`.execute(db)
  return rows[0]
}

export type ActivityRow = {
  type: string
  at: number
  actor_kind: string
  actor_id: string | null
  disclosures: string[] | null
}

/** Acts that name this alert, and who took a page that carried it, oldest first. */
export const findActivity = async (db: Db, alertId: string): Promise<ActivityRow[]> => {
  const { rows } = await sql<ActivityRow>`
    select e.type, e.at, e.actor_kind, e.actor_id, b.disclosures from events e
    left join event_bodies b on b.event_id = e.id
    where e.refs @> ${JSON.stringify([['alert', alertId]])}::jsonb
       or (e.type = 'page.acknowledged'
           and e.stream_id in (select page_id from page_alerts where alert_id = ${alertId}::uuid))
    order by e.at, e.id limit 200`.execute(db)
  return rows
}

/**
 * Locks the alert and those that ring with it, in the order of their ids: everybody locks alerts in that order and before
 * pages, or two would wait for each other until the database breaks the knot.
 */
export const lockWithCompanions = async (db: Tx, alertId: string): Promise<void> => {
  await sql`
    select id from alerts where id = ${alertId}::uuid or id in (
      select theirs.alert_id from page_alerts ours join pages p on p.id = ours.page_id and p.status = 'open'
      join page_alerts theirs on theirs.page_id = p.id where ours.alert_id = ${alertId}::uuid)
    order by id for update`.execute(db)
}

/** Of these alerts, those that nobody had taken are now this person's; returns them. */
export const putAcknowledgement = async (
  db: Tx,
  ids: readonly string[],
  { at, by }: { readonly at: number; readonly by: string },
): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    update alerts set status = 'acknowledged', acknowledged_at = ${at}::bigint, acknowledged_by = ${by}::uuid
    where id = any(${ids}::uuid[]) and status = 'open' returning id`.execute(db)
  return rows.map((row) => row.id)
}

export const lockAlert = (db: Tx, id: string): Promise<AlertRow | undefined> =>
  db.selectFrom('alerts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

/** Everything but closing, which has a statement of its own. */
export const putStanding = async (db: Tx, id: string, standing: StandingAlert): Promise<void> => {
  await db
    .updateTable('alerts')
    .set({
      status: standing.status,
      acknowledged_at: standing.acknowledgement?.at ?? null,
      acknowledged_by: standing.acknowledgement?.by ?? null,
      owner_id: standing.ownerId,
      snoozed_until_at: standing.snoozedUntilAt,
      snoozed_by: standing.snoozedBy,
    })
    .where('id', '=', id)
    .execute()
}

export const closeByPerson = async (db: Tx, id: string, at: number): Promise<boolean> => {
  const row = await db
    .updateTable('alerts')
    .set({ status: 'closed', closed_at: at, closed_by: 'person' })
    .where('id', '=', id)
    .where('status', '<>', 'closed')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
