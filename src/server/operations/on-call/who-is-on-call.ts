/** Who is on call for every schedule: now, at an instant, or as it was known at an instant. Nobody is said openly. */
import type { Ctx } from '../../platform/context.ts'
import type { Db } from '../../platform/database.ts'
import { teamMembersAsKnown } from '../../people/index.ts'
import { read } from '../../platform/record.ts'
import { forwardingsAsKnown } from './away/forwardings-as-known.ts'
import { scheduleFrom } from './as-known.ts'
import { LOOK_BACK_MS, peopleOf, type StoredSchedule } from './definition.ts'
import { presentDuties, scheduleRefOf } from './present.ts'
import { findColleagues, findPastEvents, loadSchedules, ofLayers } from './store.ts'

/** Every schedule, or one, as its events up to `knownAt` tell it, by slug. */
export const schedulesAsKnown = async (
  db: Db,
  knownAt: number,
  scheduleId?: string,
): Promise<StoredSchedule[]> => {
  const events = await findPastEvents(db, knownAt, scheduleId)
  const members = await teamMembersAsKnown(db, knownAt)
  const forwardings = await forwardingsAsKnown(db, knownAt)
  return [...Map.groupBy(events, ({ scheduleId }) => scheduleId).values()]
    .flatMap((own) => scheduleFrom(own) ?? [])
    .map((stored) => ({
      ...stored,
      rules: { ...stored.rules, forwardings, teams: ofLayers(members, stored.rules.layers) },
    }))
    .sort((a, b) => (a.slug < b.slug ? -1 : 1))
}

/** @returns undefined for what was not made by then */
export const scheduleAsKnown = async (
  db: Db,
  scheduleId: string,
  knownAt: number,
): Promise<StoredSchedule | undefined> => (await schedulesAsKnown(db, knownAt, scheduleId))[0]

export const whoIsOnCall = (ctx: Ctx, asked: { at?: number | undefined; knownAt?: number | undefined }) =>
  read(ctx, async (db) => {
    const at = asked.at ?? ctx.platform.clock.now()
    const known =
      asked.knownAt === undefined
        ? await loadSchedules(db, undefined, at - LOOK_BACK_MS)
        : await schedulesAsKnown(db, asked.knownAt)
    const schedules = known.filter(({ archivedAt }) => archivedAt === null || archivedAt > at)
    const colleagues = await findColleagues(
      db,
      schedules.flatMap(({ rules }) => peopleOf(rules)),
    )
    return {
      at,
      knownAt: asked.knownAt ?? null,
      rows: schedules.map((stored) => ({
        schedule: scheduleRefOf(stored),
        ...presentDuties(stored, colleagues, at),
      })),
    }
  })
