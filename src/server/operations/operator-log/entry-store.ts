/** SQL of the entries of the Operator Log: what was written, what of it a customer is shown, what is attached. */
import { sql, type RawBuilder } from 'kysely'
import type { Db, Tables, Tx } from '../../platform/database.ts'
import type { LogCategory, LogEntryRow, SessionKind } from './store.ts'

export const takeLogNumber = async (db: Tx, environmentId: string): Promise<number> => {
  const row = await db
    .updateTable('environments')
    .set((set) => ({ next_log_number: sql`${set.ref('next_log_number')} + 1` }))
    .where('id', '=', environmentId)
    .returning(sql<number>`next_log_number - 1`.as('number'))
    .executeTakeFirstOrThrow()
  return row.number
}

export type LogEntryListRow = LogEntryRow & {
  environment_slug: string
  environment_name: string
  author_name: string
  disclosures: string[] | null
  /** Of the newest release: all that a contact is shown. */
  released_disclosures: string[] | null
  decision_number: number | null
  decision_decided_at: number | null
  recording_kind: SessionKind | null
  duration_ms: number | null
  commands: number | null
  changed_without_decision: boolean | null
}

/** The words of the newest release of an entry. */
const releasedWords = sql<string[] | null>`(
  select b.disclosures from events e join event_bodies b on b.event_id = e.id
  where e.stream_id = log_entries.id and e.type = 'log-entry.released'
  order by e.version desc limit 1)`

const selectEntries = (db: Db | Tx) =>
  db
    .selectFrom('log_entries')
    .innerJoin('environments', 'environments.id', 'log_entries.environment_id')
    .innerJoin('accounts', 'accounts.id', 'log_entries.author_id')
    .leftJoin('event_bodies', 'event_bodies.event_id', 'log_entries.content_event_id')
    .leftJoin('decisions', 'decisions.id', 'log_entries.decision_id')
    .leftJoin('recordings', 'recordings.id', 'log_entries.recording_id')
    .leftJoin('recording_progress', 'recording_progress.recording_id', 'recordings.id')
    .selectAll('log_entries')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'accounts.name as author_name',
      'event_bodies.disclosures',
      releasedWords.as('released_disclosures'),
      'decisions.number as decision_number',
      'decisions.decided_at as decision_decided_at',
      'recordings.kind as recording_kind',
      'recording_progress.duration_ms',
      'recording_progress.commands',
      'recordings.changed_without_decision',
    ])

export const findLogEntry = (db: Db | Tx, entryId: string): Promise<LogEntryListRow | undefined> =>
  selectEntries(db).where('log_entries.id', '=', entryId).executeTakeFirst()

type EntriesBy = {
  readonly environment?: string
  readonly category?: LogCategory
  readonly search?: string
  /** Entries that were released, and nothing but the released words is looked into. */
  readonly releasedOnly?: boolean
  readonly before?: readonly [number, string]
  readonly limit: number
}

/** Over what was said, never over the salts and names of fields that stand around it. */
const saysSomewhere = (disclosures: RawBuilder<unknown>, search: string) => {
  const like = `%${search.replace(/[\\%_]/g, (found) => `\\${found}`)}%`
  return sql<boolean>`exists (
    select 1 from unnest(${disclosures}) as said (disclosure) where disclosure::jsonb ->> 2 ilike ${like})`
}

export const findLogEntries = (db: Db | Tx, by: EntriesBy): Promise<LogEntryListRow[]> => {
  let query = selectEntries(db)
    .orderBy('log_entries.at', 'desc')
    .orderBy('log_entries.id', 'desc')
    .limit(by.limit)
  if (by.environment) query = query.where('environments.slug', '=', by.environment)
  if (by.category) query = query.where('log_entries.category', '=', by.category)
  if (by.releasedOnly) query = query.where('log_entries.released_at', 'is not', null)
  if (by.search)
    query = query.where(
      saysSomewhere(by.releasedOnly ? releasedWords : sql`event_bodies.disclosures`, by.search),
    )
  if (by.before)
    query = query.where(
      sql<boolean>`(log_entries.at, log_entries.id) < (${by.before[0]}::bigint, ${by.before[1]}::uuid)`,
    )
  return query.execute()
}

export const findAttachments = (db: Db | Tx, entryId: string) =>
  db
    .selectFrom('log_attachments')
    .selectAll()
    .where('log_entry_id', '=', entryId)
    .orderBy('attached_at')
    .orderBy('id')
    .execute()

export const addEntry = async (db: Tx, entry: LogEntryRow): Promise<void> => {
  await db.insertInto('log_entries').values(entry).execute()
}

export const markReleased = async (db: Tx, entryId: string, at: number): Promise<void> => {
  await db.updateTable('log_entries').set({ released_at: at }).where('id', '=', entryId).execute()
}

export const addAttachment = async (db: Tx, attachment: Tables['log_attachments']): Promise<void> => {
  await db.insertInto('log_attachments').values(attachment).execute()
}
