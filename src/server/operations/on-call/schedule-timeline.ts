/** A window of a rota as a timeline draws it: shifts, overrides, and where nobody is on call. */
import { MOST_TIMELINE_DAYS } from '../../../contract/operations/on-call.ts'
import { shiftsBetween } from '../../../domain/operations/on-call/shifts.ts'
import { nobodyBetween } from '../../../domain/operations/on-call/who-is-on-call.ts'
import { day } from '../../../domain/time/instant.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { LOOK_BACK_MS, peopleOf } from './definition.ts'
import { findingsOf } from './findings.ts'
import { scheduleOrFault } from './find-schedule.ts'
import { canWith, presentOverride, presentShift, scheduleRefOf, zoneOf } from './present.ts'
import { findColleagues, findOverrides } from './store.ts'

export const checkWindow = (from: number, to: number): void => {
  const detail =
    to <= from
      ? 'must be later than `from`'
      : to - from > MOST_TIMELINE_DAYS * day
        ? `must be at most ${MOST_TIMELINE_DAYS} days after \`from\`; ask for the rest apart`
        : undefined
  if (detail)
    throw new Fault('invalid-input', `query.to: ${detail}.`, { errors: [{ path: 'query.to', detail }] })
}

export const scheduleTimeline = (ctx: Ctx, asked: { schedule: string; from: number; to: number }) =>
  read(ctx, async (db) => {
    const { from, to } = asked
    checkWindow(from, to)
    const stored = await scheduleOrFault(db, asked.schedule, from - LOOK_BACK_MS)
    const overrides = await findOverrides(db, stored.id, { since: from, before: to })
    const colleagues = await findColleagues(db, [
      ...peopleOf(stored.rules),
      ...overrides.map(({ addedBy }) => addedBy),
    ])
    const can = canWith(ctx.actor, stored)
    const findings = findingsOf(stored.rules, colleagues, { from, to })
    const now = ctx.platform.clock.now()
    return {
      schedule: { ...scheduleRefOf(stored), zone: zoneOf(stored), archivedAt: stored.archivedAt },
      from,
      to,
      shifts: shiftsBetween(stored.rules, from, to).map((shift) => presentShift(shift, colleagues)),
      overrides: overrides.map((override) => presentOverride(override, colleagues, can.override, now)),
      gaps: [...nobodyBetween(stored.rules, from, to)],
      findings,
      can,
    }
  })
