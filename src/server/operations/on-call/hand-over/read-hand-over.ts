/** The next hand-over with its note and a draft for it; and the notes of the last ones. */
import type { HandOverNoteReply } from '../../../../contract/operations/hand-over.ts'
import { whoIsOnCall } from '../../../../domain/operations/on-call/who-is-on-call.ts'
import { day, hour } from '../../../../domain/time/instant.ts'
import { readerOf } from '../../../people/index.ts'
import { actorId } from '../../../platform/actor.ts'
import type { Ctx } from '../../../platform/context.ts'
import { read } from '../../../platform/record.ts'
import { LOOK_BACK_MS } from '../definition.ts'
import { scheduleOrFault } from '../find-schedule.ts'
import { handOversOf } from '../hand-overs.ts'
import { canWith } from '../present.ts'
import { loadSchedules } from '../store.ts'
import { draftOf, type HandOverNeighbours } from './draft.ts'
import { presentHandOver, presentNote } from './present.ts'
import { findNote, latestNotes } from './store.ts'
import { AHEAD_MS } from './write-hand-over.ts'

/** A shift is looked back over, but not for ever. */
const LONGEST_SHIFT_MS = 14 * day

export const draftHandOver = (
  ctx: Ctx,
  { schedule }: { schedule: string },
  { handOverFacts }: HandOverNeighbours,
) =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const stored = await scheduleOrFault(db, schedule, now - LOOK_BACK_MS)
    const can = { write: canWith(ctx.actor, stored).override && ctx.actor.kind === 'person' }
    const [handOver] = stored.archivedAt === null ? handOversOf(stored.rules, now, now + AHEAD_MS) : []
    if (!handOver) return { next: null, can }
    const duty = whoIsOnCall(stored.rules, now)
    const from = Math.max(duty.kind === 'people' ? duty.from : now, now - LONGEST_SHIFT_MS)
    const note = await findNote(db, { scheduleId: stored.id, at: handOver.at })
    const draft = draftOf(await readerOf(db, ctx.actor), await handOverFacts(ctx, { from }))
    const next = {
      ...(await presentHandOver(db, stored, handOver)),
      note: note ? await presentNote(db, stored, note) : null,
      draft,
    }
    return { next, can }
  })

export const listHandOvers = (
  ctx: Ctx,
  asked: { schedule?: string | undefined; mine?: 'true' | undefined },
): Promise<{ rows: HandOverNoteReply[] }> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const scheduleId = asked.schedule && (await scheduleOrFault(db, asked.schedule, now)).id
    const isMine = asked.mine === 'true'
    const window = isMine ? { from: now - 3 * day, to: now + 12 * hour } : {}
    const notes = await latestNotes(db, { scheduleId, ...window })
    const ids = [...new Set(notes.map((note) => note.scheduleId))]
    const earliest = Math.min(now, ...notes.map(({ at }) => at))
    const schedules = await loadSchedules(db, ids, earliest - day)
    const rows: HandOverNoteReply[] = []
    for (const note of notes) {
      const stored = schedules.find(({ id }) => id === note.scheduleId)
      if (stored) rows.push(await presentNote(db, stored, note))
    }
    const me = actorId(ctx.actor)
    return { rows: isMine ? rows.filter(({ incoming }) => incoming.some(({ id }) => id === me)) : rows }
  })
