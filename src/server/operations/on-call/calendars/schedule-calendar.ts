/** A rota in one's own calendar: shifts, and the stretches in which nobody is on call. */
import { shiftsBetween, type Shift } from '../../../domain/operations/on-call/shifts.ts'
import { nobodyBetween } from '../../../domain/operations/on-call/who-is-on-call.ts'
import { day } from '../../../domain/time/instant.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { read } from '../../platform/record.ts'
import type { Reader } from '../../platform/messages/languages.ts'
import { readerOf } from '../../people/index.ts'
import { say } from './messages.ts'
import { LOOK_BACK_MS, peopleOf, type StoredSchedule } from './definition.ts'
import { scheduleOrFault } from './find-schedule.ts'
import { icalendar, type CalendarEntry } from './icalendar.ts'
import { personOf } from './present.ts'
import { findColleagues, type Colleagues } from './store.ts'

const BACK_MS = 28 * day
const AHEAD_MS = 182 * day
const REFRESH_MINUTES = 60

/** A turn that overrides cut into pieces has an entry for each piece. */
const keyOf = (scheduleId: string, { source, from }: Shift): string =>
  source.kind === 'rotation'
    ? `${scheduleId} ${source.rotationId} ${source.turn} ${from}`
    : `${scheduleId} ${source.overrideId} ${from}`

const entriesOf = (
  { id, name, rules }: StoredSchedule,
  colleagues: Colleagues,
  reader: Reader,
  now: number,
  only: string | undefined,
): CalendarEntry[] => {
  const window = { from: now - BACK_MS, to: now + AHEAD_MS }
  const shifts = shiftsBetween(rules, window.from, window.to)
    .filter(({ accountId }) => only === undefined || accountId === only)
    .map((shift) => ({
      key: keyOf(id, shift),
      from: shift.from,
      to: shift.to,
      summary: say(reader, 'on-call', {
        name: personOf(colleagues, shift.accountId).name,
        schedule: name,
      }),
    }))
  if (only !== undefined) return shifts
  const nobody = say(reader, 'nobody', { schedule: name })
  const gaps = nobodyBetween(rules, window.from, window.to).map(({ from, to }) => ({
    key: `${id} nobody ${to}`,
    from,
    to,
    summary: nobody,
  }))
  return [...shifts, ...gaps].sort((a, b) => a.from - b.from)
}

export const scheduleCalendar = (
  ctx: Ctx,
  asked: { schedule: string; mine?: string | undefined },
): Promise<RawReply> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const stored = await scheduleOrFault(db, asked.schedule, now - BACK_MS - LOOK_BACK_MS)
    const colleagues = await findColleagues(db, peopleOf(stored.rules))
    const only = asked.mine === 'true' ? actorId(ctx.actor) : undefined
    const entries = entriesOf(stored, colleagues, await readerOf(db, ctx.actor), now, only)
    return raw((reply) =>
      reply
        .type('text/calendar; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', `inline; filename="${stored.slug}.ics"`)
        .send(icalendar(stored.name, entries, now, REFRESH_MINUTES)),
    )
  })
