/** Says what a definition would mean while it is still being written. */
import type { ScheduleOutcomeReply } from '../../../contract/operations/on-call.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { checkedLayers } from './checked-layers.ts'
import { rulesOf, type ScheduleDefinition } from './definition.ts'
import { outcomeOf } from './outcome.ts'

export const previewSchedule = (ctx: Ctx, input: ScheduleDefinition): Promise<ScheduleOutcomeReply> =>
  read(ctx, async (db) => {
    const now = ctx.platform.clock.now()
    const { layers, colleagues, around } = await checkedLayers(db, input.layers, [], [], now)
    const rules = rulesOf('', { ...input, layers }, [], around)
    return outcomeOf(rules, colleagues, now, { stored: false, schedule: null })
  })
