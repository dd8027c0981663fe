/** SQL of redactions after the fact: the spans asked for, and what stands for the chunks that held them. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type CutRow = {
  readonly id: string
  readonly recording_id: string
  readonly customer_id: string
  readonly from_ms: number
  readonly to_ms: number
  readonly asked_by: string
  readonly asked_at: number
  readonly asked_event_id: string
}

declare module '../../platform/database.ts' {
  interface Tables {
    recording_cuts: CutRow
    recording_cut_work: { recording_id: string; asked: number }
    recording_replacements: {
      recording_id: string
      n: number
      version: number
      customer_id: string
      sha256: Buffer
      size: number
      event_id: string
    }
  }
}

export const hasCut = async (
  db: Tx,
  recordingId: string,
  span: { fromMs: number; toMs: number },
): Promise<boolean> => {
  const row = await db
    .selectFrom('recording_cuts')
    .select('id')
    .where('recording_id', '=', recordingId)
    .where('from_ms', '=', span.fromMs)
    .where('to_ms', '=', span.toMs)
    .executeTakeFirst()
  return row !== undefined
}

export const addCut = async (db: Tx, row: CutRow): Promise<void> => {
  await db.insertInto('recording_cuts').values(row).execute()
}

/** The stored chunks are to be looked at (again). */
export const noteCutWork = async (db: Tx, recordingId: string): Promise<void> => {
  await sql`
    insert into recording_cut_work (recording_id, asked) values (${recordingId}::uuid, 1)
    on conflict (recording_id) do update set asked = recording_cut_work.asked + 1`.execute(db)
}

/** How often it was asked; undefined when there is nothing to do. */
export const findCutWork = async (db: Db | Tx, recordingId: string): Promise<number | undefined> =>
  (
    await db
      .selectFrom('recording_cut_work')
      .select('asked')
      .where('recording_id', '=', recordingId)
      .executeTakeFirst()
  )?.asked

/** Unless something was asked since. */
export const endCutWork = async (db: Tx, recordingId: string, asked: number): Promise<void> => {
  await db
    .deleteFrom('recording_cut_work')
    .where('recording_id', '=', recordingId)
    .where('asked', '=', asked)
    .execute()
}

export type CutView = CutRow & { readonly asked_by_name: string; readonly disclosures: string[] }

/** All spans of a recording with who asked and the words of the asking, in order of time. */
export const findCuts = async (db: Db | Tx, recordingId: string): Promise<CutView[]> => {
  const { rows } = await sql<CutView>`
    select c.*, a.name as asked_by_name, coalesce(b.disclosures, '{}') as disclosures from recording_cuts c
    join accounts a on a.id = c.asked_by left join event_bodies b on b.event_id = c.asked_event_id
    where c.recording_id = ${recordingId}::uuid order by c.from_ms, c.to_ms`.execute(db)
  return rows
}

export type StoredChunk = {
  readonly n: number
  /** As it was recorded, and as the ledger names it. */
  readonly sha256: Buffer
  readonly recorded_at: number
  /** Of what stands for it; 0 and null when nothing does. */
  readonly version: number
  readonly replaced_by: Buffer | null
}

const selectStored = sql`
  select c.n, c.sha256, c.recorded_at, coalesce(r.version, 0) as version, r.sha256 as replaced_by from recording_chunks c
  left join lateral (select x.version, x.sha256 from recording_replacements x
                     where x.recording_id = c.recording_id and x.n = c.n order by x.version desc limit 1) r on true`

/** Chunks from number `from` on, in order, with what stands for them. */
export const findStoredChunks = async (
  db: Db | Tx,
  recordingId: string,
  from: number,
  limit: number,
): Promise<StoredChunk[]> => {
  const { rows } = await sql<StoredChunk>`${selectStored}
    where c.recording_id = ${recordingId}::uuid and c.n >= ${from} order by c.n limit ${limit}`.execute(db)
  return rows
}

/** All chunks of a recording that were recorded with one of these digests. */
export const findChunksOfDigests = async (
  db: Tx,
  recordingId: string,
  digests: readonly Buffer[],
): Promise<StoredChunk[]> => {
  const { rows } = await sql<StoredChunk>`${selectStored}
    where c.recording_id = ${recordingId}::uuid
      and c.sha256 in (select decode(h, 'hex') from unnest(${digests.map((h) => h.toString('hex'))}::text[]) h)
    order by c.n`.execute(db)
  return rows
}

export const addReplacement = async (
  db: Tx,
  row: {
    recording_id: string
    n: number
    version: number
    customer_id: string
    sha256: Buffer
    size: number
    event_id: string
  },
): Promise<void> => {
  await db.insertInto('recording_replacements').values(row).execute()
}
