/** Rows of hand-over notes. */
import { bodyOf } from '../../../platform/event-body.ts'
import type { Db, Tx } from '../../../platform/database.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    hand_over_notes: {
      id: string
      schedule_id: string
      hand_over_at: number
      version: number
      written_event_id: string
      written_by: string
      written_at: number
    }
  }
}

export type StoredNote = {
  readonly id: string
  readonly scheduleId: string
  readonly at: number
  readonly version: number
  readonly writtenBy: string
  readonly writtenAt: number
  readonly text: string
}

const selectNotes = (db: Db | Tx) =>
  db
    .selectFrom('hand_over_notes as n')
    .leftJoin('event_bodies as b', 'b.event_id', 'n.written_event_id')
    .select(['n.id', 'n.schedule_id', 'n.hand_over_at', 'n.version', 'n.written_by', 'n.written_at'])
    .select('b.disclosures')

const noteOf = (row: Awaited<ReturnType<ReturnType<typeof selectNotes>['execute']>>[number]): StoredNote => {
  const { text } = bodyOf(row.disclosures ?? [])
  return {
    id: row.id,
    scheduleId: row.schedule_id,
    at: row.hand_over_at,
    version: row.version,
    writtenBy: row.written_by,
    writtenAt: row.written_at,
    // Erased words are gone here, too.
    text: typeof text === 'string' ? text : '',
  }
}

export const findNote = async (
  db: Db | Tx,
  which: { readonly id: string } | { readonly scheduleId: string; readonly at: number },
): Promise<StoredNote | undefined> => {
  const query =
    'id' in which
      ? selectNotes(db).where('n.id', '=', which.id)
      : selectNotes(db).where('n.schedule_id', '=', which.scheduleId).where('n.hand_over_at', '=', which.at)
  const row = await query.executeTakeFirst()
  return row && noteOf(row)
}

const MOST_NOTES = 20

/** The latest first. */
export const latestNotes = async (
  db: Db | Tx,
  asked: {
    readonly scheduleId?: string | undefined
    readonly from?: number | undefined
    readonly to?: number | undefined
  },
): Promise<StoredNote[]> => {
  let query = selectNotes(db).orderBy('n.hand_over_at', 'desc').limit(MOST_NOTES)
  if (asked.scheduleId !== undefined) query = query.where('n.schedule_id', '=', asked.scheduleId)
  if (asked.from !== undefined) query = query.where('n.hand_over_at', '>=', asked.from)
  if (asked.to !== undefined) query = query.where('n.hand_over_at', '<', asked.to)
  return (await query.execute()).map(noteOf)
}

/** Call with the schedule locked. */
export const putNote = async (
  db: Tx,
  note: Omit<StoredNote, 'text'>,
  writtenEventId: string,
): Promise<void> => {
  const words = {
    version: note.version,
    written_event_id: writtenEventId,
    written_by: note.writtenBy,
    written_at: note.writtenAt,
  }
  await db
    .insertInto('hand_over_notes')
    .values({ id: note.id, schedule_id: note.scheduleId, hand_over_at: note.at, ...words })
    .onConflict((conflict) => conflict.columns(['schedule_id', 'hand_over_at']).doUpdateSet(words))
    .execute()
}
