/** Keeps what somebody writes for whoever takes over; it is sent when their shift begins. */
import type { HandOverNoteReply } from '../../../../contract/operations/hand-over.ts'
import { refuse } from '../../../../domain/refusal.ts'
import { day } from '../../../../domain/time/instant.ts'
import type { Ctx } from '../../../platform/context.ts'
import { Fault, notFound, refused } from '../../../platform/faults.ts'
import { record } from '../../../platform/record.ts'
import { refuseArchived } from '../find-schedule.ts'
import { handOversOf } from '../hand-overs.ts'
import { lockSchedule } from '../store.ts'
import { handOverWritten } from './events.ts'
import { presentNote } from './present.ts'
import { findNote, putNote, type StoredNote } from './store.ts'
import { tellHandOver } from './tasks.ts'

/** A note may come late, and is planned no further than the rota is looked at. */
export const LATE_MS = day
export const AHEAD_MS = 62 * day

type Wanted = {
  readonly schedule: string
  readonly at: number
  readonly text: string
  readonly ifVersion?: number | undefined
}

const refuseOvertaken = (before: StoredNote | undefined, ifVersion: number | undefined): void => {
  if (ifVersion === undefined || ifVersion === (before?.version ?? 0)) return
  throw new Fault(
    'conflict',
    'Somebody else wrote this note meanwhile. Load it again, and add what is yours.',
  )
}

export const writeHandOver = (ctx: Ctx, wanted: Wanted): Promise<HandOverNoteReply> =>
  record(ctx, async (tx) => {
    const { at, text } = wanted
    if (ctx.actor.kind !== 'person')
      throw new Fault('not-allowed', 'A hand-over note is written by a person.')
    const stored = await lockSchedule(tx.db, wanted.schedule, Math.min(at, tx.now) - LATE_MS)
    if (!stored) throw notFound('This schedule')
    refuseArchived(stored)
    const isNear = at > tx.now - LATE_MS && at <= tx.now + AHEAD_MS
    if (!isNear || handOversOf(stored.rules, at - 1, at).length === 0)
      throw refused(
        refuse('no-hand-over-then', 'Duty does not change hands then. Load the rota again.'),
        'body.at',
      )
    const before = await findNote(tx.db, { scheduleId: stored.id, at })
    refuseOvertaken(before, wanted.ifVersion)
    const note = {
      id: before?.id ?? tx.id(),
      scheduleId: stored.id,
      at,
      version: (before?.version ?? 0) + 1,
      writtenBy: ctx.actor.accountId,
      writtenAt: tx.now,
    }
    const writtenEventId = tx.append(handOverWritten, {
      stream: note.id,
      refs: [['schedule', stored.id]],
      body: { scheduleId: stored.id, handOverAt: at, text },
    })
    await putNote(tx.db, note, writtenEventId)
    const payload = { noteId: note.id, version: note.version }
    tx.later(tellHandOver, { payload, dueAt: Math.max(at, tx.now), key: note.id })
    return presentNote(tx.db, stored, { ...note, text })
  })
