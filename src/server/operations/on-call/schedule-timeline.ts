/** A window of a rota as a timeline draws it: shifts, overrides, and where nobody is on call. */
import { MOST_TIMELINE_DAYS } from '../../../contract/operations/on-call.ts'
import { shiftsBetween } from '../../../domain/operations/on-call/shifts.ts'
import { nobodyBetween } from '../../../domain/operations/on-call/who-is-on-call.ts'
import { day } from '../../../domain/time/instant.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Db } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { LOOK_BACK_MS, peopleOf, type StoredSchedule } from './definition.ts'
import { findingsOf } from './findings.ts'
import { scheduleOrFault } from './find-schedule.ts'
import { canWith, presentOverride, presentShift, scheduleRefOf, zoneOf } from './present.ts'
import { findColleagues, findOverrides, type OverrideRow } from './store.ts'
import { scheduleAsKnown } from './who-is-on-call.ts'

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

type Asked = {
  readonly schedule: string
  readonly from: number
  readonly to: number
  readonly knownAt?: number | undefined
}

/** As it is, or as its events up to an instant tell it. */
const scheduleFor = async (db: Db, { schedule, from, knownAt }: Asked): Promise<StoredSchedule> => {
  const stored = await scheduleOrFault(db, schedule, from - LOOK_BACK_MS)
  if (knownAt === undefined) return stored
  const known = await scheduleAsKnown(db, stored.id, knownAt)
  if (!known) throw notFound('This schedule, at that time,')
  return known
}

/** Overrides end where they were known to end then. */
const overridesFor = async (db: Db, { rules, id }: StoredSchedule, asked: Asked): Promise<OverrideRow[]> => {
  const rows = await findOverrides(db, id, { since: asked.from, before: asked.to })
  if (asked.knownAt === undefined) return rows
  const known = rules.overrides.filter(({ from, to }) => from < asked.to && to > asked.from)
  const all = await Promise.all(known.map((override) => findOverrides(db, id, { id: override.id })))
  return all.flat().map((row) => ({ ...row, to: known.find((one) => one.id === row.id)?.to ?? row.to }))
}

export const scheduleTimeline = (ctx: Ctx, asked: Asked) =>
  read(ctx, async (db) => {
    const { from, to, knownAt } = asked
    checkWindow(from, to)
    const stored = await scheduleFor(db, asked)
    const overrides = await overridesFor(db, stored, asked)
    const colleagues = await findColleagues(db, [
      ...peopleOf(stored.rules),
      ...overrides.map(({ addedBy }) => addedBy),
    ])
    // What was known then is looked at and not changed.
    const can = knownAt === undefined ? canWith(ctx.actor, stored) : { change: false, override: false }
    const now = ctx.platform.clock.now()
    return {
      knownAt: knownAt ?? null,
      schedule: { ...scheduleRefOf(stored), zone: zoneOf(stored), archivedAt: stored.archivedAt },
      from,
      to,
      shifts: shiftsBetween(stored.rules, from, to).map((shift) => presentShift(shift, colleagues)),
      overrides: overrides.map((override) => presentOverride(override, colleagues, can.override, now)),
      gaps: [...nobodyBetween(stored.rules, from, to)],
      findings: knownAt === undefined ? findingsOf(stored.rules, colleagues, { from, to }) : [],
      can,
    }
  })
