/** All SQL of recordings and log entries. */
import { sql } from 'kysely'
import type { Db, Tables, Tx } from '../../platform/database.ts'

export type SessionKind = 'look' | 'decided' | 'break-glass'
export type RecordingRow = {
  id: string
  customer_id: string
  environment_id: string
  local_id: string
  operator_id: string
  kind: SessionKind
  status: 'open' | 'abandoned' | 'closed'
  decision_id: string | null
  alert_id: string | null
  incident_id: string | null
  host: string
  shell: string
  ruleset: string
  cols: number
  rows: number
  started_at: number
  opened_at: number
  opened_offline: boolean
  closed_at: number | null
  close_hash: Buffer | null
  changed_without_decision: boolean
  log_entry_id: string | null
  key_id: string
}
export type ProgressRow = {
  recording_id: string
  next_chunk: number
  head: Buffer
  anchored_chunks: number
  duration_ms: number
  commands: number
  heard_at: number
}
export type LogCategory = 'change' | 'incident' | 'maintenance' | 'look'
export type LogEntryRow = {
  id: string
  customer_id: string
  environment_id: string
  number: number
  category: LogCategory
  recording_id: string | null
  decision_id: string | null
  incident_id: string | null
  author_id: string
  content_event_id: string
  at: number
  released_at: number | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    recordings: RecordingRow
    recording_progress: ProgressRow
    recording_chunks: {
      recording_id: string
      n: number
      customer_id: string
      sha256: Buffer
      size: number
      recorded_at: number
      received_at: number
    }
    log_entries: LogEntryRow
    log_attachments: {
      id: string
      log_entry_id: string
      customer_id: string
      blob_name: string
      file_name: string
      media_type: string
      size: number
      attached_at: number
    }
  }
}

export const lockRecording = (db: Tx, recordingId: string): Promise<RecordingRow | undefined> =>
  db.selectFrom('recordings').selectAll().where('id', '=', recordingId).forUpdate().executeTakeFirst()

export const findByLocalId = (
  db: Db | Tx,
  operatorId: string,
  localId: string,
): Promise<RecordingRow | undefined> =>
  db
    .selectFrom('recordings')
    .selectAll()
    .where('operator_id', '=', operatorId)
    .where('local_id', '=', localId)
    .executeTakeFirst()

export const findProgress = (db: Db | Tx, recordingId: string): Promise<ProgressRow> =>
  db
    .selectFrom('recording_progress')
    .selectAll()
    .where('recording_id', '=', recordingId)
    .executeTakeFirstOrThrow()

export const putProgress = async (
  db: Tx,
  recordingId: string,
  change: Partial<ProgressRow>,
): Promise<void> => {
  await db.updateTable('recording_progress').set(change).where('recording_id', '=', recordingId).execute()
}

export const chunkName = (recordingId: string, n: number): string =>
  `recordings/${recordingId}/${String(n).padStart(6, '0')}`

/** Chunks [from, to) with hash and size, in order. */
export const findChunks = (db: Db | Tx, recordingId: string, from: number, to: number) =>
  db
    .selectFrom('recording_chunks')
    .select(['n', 'sha256', 'size', 'recorded_at', 'received_at'])
    .where('recording_id', '=', recordingId)
    .where('n', '>=', from)
    .where('n', '<', to)
    .orderBy('n')
    .execute()

export type RecordingListRow = RecordingRow & {
  environment_slug: string
  environment_name: string
  operator_name: string
  decision_number: number | null
  entry_number: number | null
  duration_ms: number
  commands: number
}

const selectRecordings = (db: Db | Tx) =>
  db
    .selectFrom('recordings')
    .innerJoin('environments', 'environments.id', 'recordings.environment_id')
    .innerJoin('accounts', 'accounts.id', 'recordings.operator_id')
    .innerJoin('recording_progress', 'recording_progress.recording_id', 'recordings.id')
    .leftJoin('decisions', 'decisions.id', 'recordings.decision_id')
    .leftJoin('log_entries', 'log_entries.id', 'recordings.log_entry_id')
    .selectAll('recordings')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'accounts.name as operator_name',
      'decisions.number as decision_number',
      'log_entries.number as entry_number',
      'recording_progress.duration_ms',
      'recording_progress.commands',
    ])

export const findRecording = (db: Db | Tx, recordingId: string): Promise<RecordingListRow | undefined> =>
  selectRecordings(db).where('recordings.id', '=', recordingId).executeTakeFirst()

type ListBy = {
  readonly environment?: string
  readonly kind?: SessionKind
  readonly withoutDecision?: boolean
  readonly before?: readonly [number, string]
  readonly limit: number
}

export const findRecordings = (db: Db | Tx, by: ListBy): Promise<RecordingListRow[]> => {
  let query = selectRecordings(db)
    .orderBy('recordings.opened_at', 'desc')
    .orderBy('recordings.id', 'desc')
    .limit(by.limit)
  if (by.environment) query = query.where('environments.slug', '=', by.environment)
  if (by.kind) query = query.where('recordings.kind', '=', by.kind)
  if (by.withoutDecision) query = query.where('recordings.changed_without_decision', '=', true)
  if (by.before)
    query = query.where(
      sql<boolean>`(recordings.opened_at, recordings.id) < (${by.before[0]}::bigint, ${by.before[1]}::uuid)`,
    )
  return query.execute()
}

export type Shares = {
  total: number
  look: number
  decided: number
  breakGlass: number
  changesWithoutDecision: number
  undeclared: number
}

export const countShares = async (db: Db | Tx, environment: string | undefined): Promise<Shares> => {
  const { rows } = await sql<Shares>`
    select count(*) as total, count(*) filter (where kind = 'look') as look, count(*) filter (where kind = 'decided') as decided,
      count(*) filter (where kind = 'break-glass') as "breakGlass",
      count(*) filter (where changed_without_decision) as "changesWithoutDecision",
      -- Ended without anybody saying whether something was changed: fallen silent, or the question left unanswered.
      count(*) filter (where status = 'abandoned' or (kind = 'look' and status = 'closed' and exists (
        select 1 from events c join event_bodies b on b.event_id = c.id, unnest(b.disclosures) as said (disclosure)
        where c.stream_id = r.id and c.type = 'session.closed'
          and disclosure::jsonb ->> 1 = 'declared' and disclosure::jsonb ->> 2 = 'false'))) as undeclared
    from recordings r join environments e on e.id = r.environment_id
    where ${environment ?? null}::text is null or e.slug = ${environment ?? null}`.execute(db)
  return rows[0] as Shares
}

/** Decisions, log entries and what machines announced, of an environment, newest first; looking around is no change. */
export const findChangeEvents = async (db: Db, environmentId: string, since: number) => {
  const { rows } = await sql<{
    type: string
    at: number
    actor_name: string | null
    disclosures: string[] | null
  }>`
    select e.type, e.at, a.name as actor_name, b.disclosures from events e
    left join accounts a on a.id = e.actor_id left join event_bodies b on b.event_id = e.id
    where e.environment_id = ${environmentId}::uuid and e.at >= ${since}::bigint
      and (e.type in ('decision.decided', 'decision.glass-broken', 'change.announced')
        or (e.type = 'log-entry.recorded' and exists (
          select 1 from log_entries l left join recordings r on r.id = l.recording_id
          where l.id = e.stream_id and (r.id is null or r.kind <> 'look' or r.changed_without_decision))))
    order by e.at desc, e.id desc limit 10`.execute(db)
  return rows
}

export const findEnvironment = (db: Tx, slug: string) =>
  db
    .selectFrom('environments')
    .select(['id', 'slug', 'customer_id'])
    .where('slug', '=', slug)
    .where('archived_at', 'is', null)
    .executeTakeFirst()

export const environmentOf = (db: Tx, environmentId: string) =>
  db
    .selectFrom('environments')
    .select(['id', 'slug', 'customer_id'])
    .where('id', '=', environmentId)
    .executeTakeFirstOrThrow()

export const addRecording = async (db: Tx, row: RecordingRow): Promise<void> => {
  await db.insertInto('recordings').values(row).execute()
  const none = { next_chunk: 0, head: Buffer.alloc(32), anchored_chunks: 0, duration_ms: 0, commands: 0 }
  await db
    .insertInto('recording_progress')
    .values({ recording_id: row.id, ...none, heard_at: row.opened_at })
    .execute()
}

export const changeRecording = async (db: Tx, id: string, change: Partial<RecordingRow>): Promise<void> => {
  await db.updateTable('recordings').set(change).where('id', '=', id).execute()
}

type ChunkRow = Tables['recording_chunks']

export const findChunk = (db: Tx, recordingId: string, n: number) =>
  db
    .selectFrom('recording_chunks')
    .select('sha256')
    .where('recording_id', '=', recordingId)
    .where('n', '=', n)
    .executeTakeFirst()

export const addChunk = async (db: Tx, chunk: ChunkRow): Promise<void> => {
  await db.insertInto('recording_chunks').values(chunk).execute()
}

export const wasViewedSince = async (
  db: Tx,
  recordingId: string,
  viewer: string,
  since: number,
): Promise<boolean> => {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('stream_id', '=', recordingId)
    .where('type', '=', 'session.viewed')
    .where('actor_id', '=', viewer)
    .where('at', '>', since)
    .executeTakeFirst()
  return row !== undefined
}
