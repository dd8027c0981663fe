/** GET /v2/schedules/{id}/timeline: who is on call over a while, by rotation, with and without overrides. */
import { shiftsBetween, type Shift } from '../../../../domain/operations/on-call/shifts.ts'
import { day } from '../../../../domain/time/instant.ts'
import type { StoredSchedule } from '../../../operations/on-call/index.ts'
import { unusable } from '../answer.ts'
import { instantAsked, isExpanded, iso, scheduleAsked, type Asked } from './asked.ts'
import { scheduleMeta } from './present-schedule.ts'
import type { Sight } from './sight.ts'

const MOST_DAYS = 400
const units: Readonly<Record<string, number>> = { days: 1, weeks: 7, months: 31 }

const daysAsked = ({ query }: Asked): number => {
  const name = (query['intervalUnit'] || 'weeks').toLowerCase()
  const unit = units[name]
  if (unit === undefined || !Object.hasOwn(units, name))
    throw unusable('intervalUnit', 'intervalUnit is days, weeks or months.')
  const given = query['interval'] || '1'
  const count = /^[0-9]{1,4}$/.test(given) ? Number(given) : 0
  if (count < 1 || count * unit > MOST_DAYS)
    throw unusable('interval', `interval is a whole number from 1 on, and at most ${MOST_DAYS} days.`)
  return count * unit
}

type Window = { readonly from: number; readonly to: number }

const presentShift = ({ from, to }: Window, sight: Sight, shift: Shift) => ({
  startDate: iso(Math.max(from, shift.from)),
  endDate: iso(Math.min(to, shift.to)),
  type:
    shift.forwardedFrom !== undefined
      ? 'forwarding'
      : shift.source.kind === 'override'
        ? 'override'
        : 'default',
  recipient: { id: shift.accountId, name: sight.usernameOf(shift.accountId), type: 'user' as const },
})

/** Rotations in their order; overrides stand in those they are meant for, or in the highest. */
const byRotation = ({ rules }: StoredSchedule, shifts: readonly Shift[], window: Window, sight: Sight) => {
  const placeOf = ({ source }: Shift): readonly string[] => {
    if (source.kind === 'rotation') return [source.rotationId]
    const meant = rules.overrides.find(({ id }) => id === source.overrideId)?.rotationIds
    return meant ?? rules.layers.slice(-1).map(({ id }) => id)
  }
  return {
    rotations: rules.layers.map(({ id }, order) => ({
      id,
      name: id,
      order: order + 1,
      periods: shifts
        .filter((shift) => placeOf(shift).includes(id))
        .map((shift) => presentShift(window, sight, shift)),
    })),
  }
}

export const getTimeline = async (asked: Asked, sight: Sight) => {
  const schedule = scheduleAsked(asked, sight)
  const from = instantAsked(asked)
  const window = { from, to: from + daysAsked(asked) * day }
  const final = shiftsBetween(schedule.rules, window.from, window.to)
  const asPlanned = { ...schedule.rules, overrides: [], forwardings: [] }
  const drawn = (shifts: readonly Shift[]) => byRotation(schedule, shifts, window, sight)
  return {
    data: {
      _parent: scheduleMeta(schedule),
      startDate: iso(window.from),
      endDate: iso(window.to),
      finalTimeline: drawn(final),
      ...(isExpanded(asked, 'base')
        ? {
            baseTimeline: drawn(shiftsBetween(asPlanned, window.from, window.to)),
          }
        : {}),
      ...(isExpanded(asked, 'override')
        ? { overrideTimeline: drawn(final.filter(({ source }) => source.kind === 'override')) }
        : {}),
      ...(isExpanded(asked, 'forwarding')
        ? { forwardingTimeline: drawn(final.filter(({ forwardedFrom }) => forwardedFrom !== undefined)) }
        : {}),
    },
    expandable: ['base', 'forwarding', 'override'],
  }
}
