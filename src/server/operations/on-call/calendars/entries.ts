/** What a calendar shows of rotas: shifts of some people or of everybody, and the stretches in which nobody is on call. */
import { shiftsBetween, type Shift } from '../../../../domain/operations/on-call/shifts.ts'
import { nobodyBetween } from '../../../../domain/operations/on-call/who-is-on-call.ts'
import { day } from '../../../../domain/time/instant.ts'
import type { RawReply } from '../../../platform/http/raw-reply.ts'
import { raw } from '../../../platform/http/raw-reply.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import { say } from '../messages.ts'
import type { StoredSchedule } from '../definition.ts'
import { personOf } from '../present.ts'
import type { Colleagues } from '../store.ts'
import { icalendar, type CalendarEntry } from './icalendar.ts'

export const BACK_MS = 28 * day
const AHEAD_MS = 182 * day
const REFRESH_MINUTES = 60

const windowAt = (now: number) => ({ from: now - BACK_MS, to: now + AHEAD_MS })

/** A turn that overrides cut into pieces has an entry for each piece; of people on call together each has their own. */
const keyOf = (scheduleId: string, { source, from, accountId }: Shift, isCrew: boolean): string => {
  const person = isCrew ? ` ${accountId}` : ''
  return source.kind === 'rotation'
    ? `${scheduleId} ${source.rotationId} ${source.turn} ${from}${person}`
    : `${scheduleId} ${source.overrideId} ${from}${person}`
}

/** @param of those people's alone; everybody's when left out */
export const shiftEntries = (
  { id, name, rules }: StoredSchedule,
  colleagues: Colleagues,
  reader: Reader,
  now: number,
  of?: ReadonlySet<string>,
): CalendarEntry[] => {
  const { from, to } = windowAt(now)
  const all = shiftsBetween(rules, from, to)
  const together = new Set(
    [...Map.groupBy(all, (shift) => keyOf(id, shift, false))]
      .filter(([, shifts]) => shifts.length > 1)
      .map(([key]) => key),
  )
  return all
    .filter(({ accountId }) => of === undefined || of.has(accountId))
    .map((shift) => ({
      key: keyOf(id, shift, together.has(keyOf(id, shift, false))),
      from: shift.from,
      to: shift.to,
      summary: say(reader, 'on-call', {
        name: personOf(colleagues, shift.accountId).name,
        schedule: name,
      }),
    }))
}

export const gapEntries = (
  { id, name, rules }: StoredSchedule,
  reader: Reader,
  now: number,
): CalendarEntry[] => {
  const window = windowAt(now)
  const nobody = say(reader, 'nobody', { schedule: name })
  return nobodyBetween(rules, window.from, window.to).map(({ from, to }) => ({
    key: `${id} nobody ${to}`,
    from,
    to,
    summary: nobody,
  }))
}

/** @param slug names the file */
export const calendarReply = (
  name: string,
  slug: string,
  entries: readonly CalendarEntry[],
  now: number,
): RawReply =>
  raw((reply) =>
    reply
      .type('text/calendar; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-disposition', `inline; filename="${slug}.ics"`)
      .send(
        icalendar(
          name,
          entries.toSorted((a, b) => a.from - b.from),
          now,
          REFRESH_MINUTES,
        ),
      ),
  )
