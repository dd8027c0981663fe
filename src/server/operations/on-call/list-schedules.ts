/** Schedules as people look at them: who is on call now, who is next, what is wrong ahead; and one of them whole. */
import type { ScheduleDetailReply } from '../../../contract/operations/on-call.ts'
import { may } from '../../../domain/people/permissions.ts'
import { teamNames } from '../../people/index.ts'
import { pageThrough } from '../../people/page-through.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { withAbsences } from './away/with-absences.ts'
import { LOOK_BACK_MS, peopleOf, teamsOf } from './definition.ts'
import { scheduleOrFault } from './find-schedule.ts'
import { presentSchedule, presentScheduleDetail } from './present.ts'
import { findColleagues, findOverrides, pageOfSchedules } from './store.ts'

type Asked = { limit?: number | undefined; after?: string | undefined; archived?: string | undefined }

export const listSchedules = (ctx: Ctx, { limit, after, archived }: Asked) =>
  read(ctx, async (db) => {
    const at = ctx.platform.clock.now()
    const page = await pageThrough(
      limit,
      (most) => pageOfSchedules(db, { limit: most, after, archived: archived === 'true' }, at - LOOK_BACK_MS),
      ({ slug }) => slug,
      (stored) => stored,
    )
    const rows = await withAbsences(db, page.rows, at)
    const colleagues = await findColleagues(
      db,
      rows.flatMap(({ rules }) => peopleOf(rules)),
    )
    return {
      rows: rows.map((stored) => presentSchedule(stored, colleagues, ctx.actor, at)),
      next: page.next,
      at,
      can: { create: may(ctx.actor, 'on-call.change') },
    }
  })

export const getSchedule = (
  ctx: Ctx,
  { schedule: name }: { schedule: string },
): Promise<ScheduleDetailReply> =>
  read(ctx, async (db) => {
    const at = ctx.platform.clock.now()
    const stored = await scheduleOrFault(db, name, at - LOOK_BACK_MS)
    const overrides = await findOverrides(db, stored.id, { since: at })
    const colleagues = await findColleagues(db, [
      ...peopleOf(stored.rules),
      ...overrides.map(({ addedBy }) => addedBy),
    ])
    const named = new Set(teamsOf(stored.rules.layers))
    const teams = (named.size > 0 ? await teamNames(db) : [])
      .filter(({ id }) => named.has(id))
      .map(({ id, slug, name: called, archivedAt }) => ({
        id,
        slug,
        name: called,
        archived: archivedAt !== null,
      }))
    return presentScheduleDetail(stored, overrides, teams, colleagues, ctx.actor, at)
  })
