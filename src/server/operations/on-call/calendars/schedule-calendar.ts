/** A rota as a calendar, for who signs in to read it: shifts, and the stretches in which nobody is on call. */
import type { Ctx } from '../../../platform/context.ts'
import { actorId } from '../../../platform/actor.ts'
import type { RawReply } from '../../../platform/http/raw-reply.ts'
import { read } from '../../../platform/record.ts'
import { readerOf } from '../../../people/index.ts'
import { LOOK_BACK_MS, peopleOf } from '../definition.ts'
import { scheduleOrFault } from '../find-schedule.ts'
import { findColleagues } from '../store.ts'
import { BACK_MS, calendarReply, gapEntries, shiftEntries } from './entries.ts'

export const scheduleCalendar = (
  ctx: Ctx,
  asked: { schedule: string; mine?: string | undefined },
): Promise<RawReply> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const stored = await scheduleOrFault(db, asked.schedule, now - BACK_MS - LOOK_BACK_MS)
    const colleagues = await findColleagues(db, peopleOf(stored.rules))
    const reader = await readerOf(db, ctx.actor)
    const isMine = asked.mine === 'true'
    const only = isMine ? new Set([actorId(ctx.actor) ?? '']) : undefined
    const entries = shiftEntries(stored, colleagues, reader, now, only)
    const gaps = isMine ? [] : gapEntries(stored, reader, now)
    return calendarReply(stored.name, stored.slug, [...entries, ...gaps], now)
  })
