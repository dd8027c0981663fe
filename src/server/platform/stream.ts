/** Reads one stream back: its events in order with their words, for areas that rebuild their state from history. */
import { sql } from 'kysely'
import type { Db, Tx } from './database.ts'
import { bodyOf } from './event-body.ts'

export type StreamEvent = {
  readonly id: string
  readonly type: string
  readonly at: number
  readonly actorId: string | null
  /** A field that was erased is absent. */
  readonly body: Record<string, unknown>
}

type Row = {
  stream_id: string
  id: string
  type: string
  at: number
  actor_id: string | null
  disclosures: string[] | null
}

/** @returns events by stream, each oldest first */
export const loadStreams = async (
  db: Db | Tx,
  streamIds: readonly string[],
): Promise<Map<string, StreamEvent[]>> => {
  const { rows } = await sql<Row>`
    select e.stream_id, e.id, e.type, e.at, e.actor_id, b.disclosures
    from events e left join event_bodies b on b.event_id = e.id
    where e.stream_id = any(${streamIds}::uuid[]) order by e.stream_id, e.version`.execute(db)
  const streams = new Map<string, StreamEvent[]>()
  for (const row of rows) {
    const event = {
      id: row.id,
      type: row.type,
      at: row.at,
      actorId: row.actor_id,
      body: bodyOf(row.disclosures ?? []),
    }
    const known = streams.get(row.stream_id)
    if (known) known.push(event)
    else streams.set(row.stream_id, [event])
  }
  return streams
}

export const loadStream = async (db: Db | Tx, streamId: string): Promise<StreamEvent[]> =>
  (await loadStreams(db, [streamId])).get(streamId) ?? []
