/** Hand-overs and their notes as replies: who leaves and who comes by the rota as it is known now. */
import type { HandOverNoteReply } from '../../../../contract/operations/hand-over.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { peopleOf, type StoredSchedule } from '../definition.ts'
import { handOversOf, type HandOver } from '../hand-overs.ts'
import { personOf, scheduleRefOf } from '../present.ts'
import { findColleagues } from '../store.ts'
import type { StoredNote } from './store.ts'

/** The hand-over at the instant, or nobody on either side where the rota has none there any more. */
export const handOverAt = ({ id, rules }: StoredSchedule, at: number): HandOver =>
  handOversOf(rules, at - 1, at).find((handOver) => handOver.at === at) ?? {
    scheduleId: id,
    at,
    outgoing: [],
    incoming: [],
  }

export const presentHandOver = async (db: Db | Tx, stored: StoredSchedule, handOver: HandOver) => {
  const colleagues = await findColleagues(db, peopleOf(stored.rules))
  const named = (ids: readonly string[]) => ids.map((id) => personOf(colleagues, id))
  return {
    schedule: scheduleRefOf(stored),
    at: handOver.at,
    outgoing: named(handOver.outgoing),
    incoming: named(handOver.incoming),
  }
}

export const presentNote = async (
  db: Db | Tx,
  stored: StoredSchedule,
  note: StoredNote,
): Promise<HandOverNoteReply> => {
  const colleagues = await findColleagues(db, [note.writtenBy])
  return {
    id: note.id,
    ...(await presentHandOver(db, stored, handOverAt(stored, note.at))),
    version: note.version,
    text: note.text,
    writtenBy: personOf(colleagues, note.writtenBy),
    writtenAt: note.writtenAt,
  }
}
