/** Schedules as people look at them: who is on call now, who is next, what is wrong ahead; and one of them whole. */
import type { ScheduleDetailReply } from '../../../contract/operations/on-call.ts'
import { may } from '../../../domain/people/permissions.ts'
import { pageThrough } from '../../people/page-through.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { LOOK_BACK_MS, peopleOf } from './definition.ts'
import { scheduleOrFault } from './find-schedule.ts'
import { presentSchedule, presentScheduleDetail } from './present.ts'
import { findColleagues, findOverrides, pageOfSchedules } from './store.ts'

type Asked = { limit?: number | undefined; after?: string | undefined; archived?: string | undefined }

export const listSchedules = (ctx: Ctx, { limit, after, archived }: Asked) =>
  read(ctx, async (db) => {
    const at = ctx.platform.clock.now()
    const { rows, next } = await pageThrough(
      limit,
      (most) => pageOfSchedules(db, { limit: most, after, archived: archived === 'true' }, at - LOOK_BACK_MS),
      ({ slug }) => slug,
      (stored) => stored,
    )
    const colleagues = await findColleagues(
      db,
      rows.flatMap(({ rules }) => peopleOf(rules)),
    )
    return {
      rows: rows.map((stored) => presentSchedule(stored, colleagues, ctx.actor, at)),
      next,
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
    return presentScheduleDetail(stored, overrides, colleagues, ctx.actor, at)
  })
