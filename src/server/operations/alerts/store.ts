/** All SQL of alerts, their sightings and receipts. */
import { sql } from 'kysely'
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import type { Db, Tx } from '../../platform/database.ts'

export type AlertStatus = 'open' | 'acknowledged' | 'closed'

export type AlertRow = {
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
  closed_at: number | null
  closed_by: 'source' | 'person' | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    alerts: AlertRow
    alert_sightings: { alert_id: string; last_seen_at: number; count: number }
    alert_receipts: {
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

export const insertReceipts = async (db: Tx, where: Where, receipts: readonly Receipt[]): Promise<void> => {
  await sql`
    insert into alert_receipts (process_id, number, received_at, customer_id, environment_id, key_id, alert_count, fingerprints, digest)
    select ${where.processId}::uuid, r.number, r.received_at, ${where.customerId}::uuid, ${where.environmentId}::uuid,
           ${where.keyId}::uuid, r.alert_count, r.fingerprints, r.digest
    from unnest(${receipts.map((row) => row.number)}::bigint[], ${receipts.map((row) => row.receivedAt)}::bigint[],
                ${receipts.map((row) => row.alertCount)}::int[], ${receipts.map((row) => row.fingerprints)}::bytea[],
                ${receipts.map((row) => row.digest)}::bytea[])
      as r (number, received_at, alert_count, fingerprints, digest)`.execute(db)
}

export type KnownAlert = { readonly id: string; readonly fingerprint: string }

/** The open and acknowledged alerts of an environment among these fingerprints. */
export const findNotClosed = async (
  db: Tx,
  environmentId: string,
  fingerprints: readonly string[],
): Promise<KnownAlert[]> => {
  const { rows } = await sql<KnownAlert>`
    select id, fingerprint from alerts
    where environment_id = ${environmentId}::uuid and fingerprint = any(${fingerprints}::text[]) and status <> 'closed'`.execute(
    db,
  )
  return rows
}

export type NewAlert = { readonly id: string; readonly alert: AlertFromSource; readonly openedAt: number }

/**
 * Opens alerts; one that another process opened at this very moment is left alone and not returned. Travels as one
 * jsonb parameter: half the CPU of a parameter per column, measured at 500 rows a statement.
 */
export const insertAlerts = async (
  db: Tx,
  where: Where,
  alerts: readonly NewAlert[],
): Promise<Set<string>> => {
  const rows = alerts.map(({ id, alert, openedAt }) => ({
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
  }))
  const { rows: inserted } = await sql<{ id: string }>`
    insert into alerts (id, customer_id, environment_id, fingerprint, status, priority, severity, name, summary, group_key,
                        labels, annotations, generator_url, leniencies, starts_at, opened_at)
    select a.id, ${where.customerId}::uuid, ${where.environmentId}::uuid, a.fingerprint, 'open', a.priority, a.severity, a.name,
           a.summary, a.group_key, a.labels, a.annotations, a.generator_url, a.leniencies, a.starts_at, a.opened_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as a (
      id uuid, fingerprint text, priority smallint, severity text, name text, summary text, group_key text, labels jsonb,
      annotations jsonb, generator_url text, leniencies text[], starts_at bigint, opened_at bigint)
    on conflict (environment_id, fingerprint) where status <> 'closed' do nothing
    returning id`.execute(db)
  return new Set(inserted.map((row) => row.id))
}

/** Closes alerts because their source says so; returns those that were not closed before. */
export const closeBySource = async (db: Tx, ids: readonly string[], at: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    update alerts set status = 'closed', closed_at = ${at}::bigint, closed_by = 'source'
    where id = any(${ids}::uuid[]) and status <> 'closed' returning id`.execute(db)
  return rows.map((row) => row.id)
}

export type Sighting = { readonly alertId: string; readonly at: number; readonly count: number }

/** Adds to the counters. Sorted by id so that two processes cannot deadlock. */
export const addSightings = async (db: Db | Tx, sightings: readonly Sighting[]): Promise<void> => {
  const sorted = [...sightings].sort((a, b) => (a.alertId < b.alertId ? -1 : 1))
  await sql`
    insert into alert_sightings (alert_id, last_seen_at, count)
    select * from unnest(${sorted.map((row) => row.alertId)}::uuid[], ${sorted.map((row) => row.at)}::bigint[], ${sorted.map((row) => row.count)}::bigint[])
    on conflict (alert_id) do update
      set last_seen_at = greatest(alert_sightings.last_seen_at, excluded.last_seen_at), count = alert_sightings.count + excluded.count
  `.execute(db)
}
