/** Swaps as people look at them: what waits for an answer, what was agreed to, and what came of the last. */
import type { SwapReply } from '../../../../contract/operations/swaps.ts'
import { day } from '../../../../domain/time/instant.ts'
import type { Ctx } from '../../../platform/context.ts'
import { read } from '../../../platform/record.ts'
import { scheduleOrFault } from '../find-schedule.ts'
import { loadSchedules } from '../store.ts'
import { presentSwap } from './present.ts'
import { listedSwaps } from './store.ts'

const ENDED_FOR_MS = 14 * day

export const listSwaps = (
  ctx: Ctx,
  asked: { readonly schedule?: string | undefined },
): Promise<{ rows: SwapReply[] }> =>
  read(ctx, async (db) => {
    const at = ctx.platform.clock.now()
    const scheduleId = asked.schedule && (await scheduleOrFault(db, asked.schedule, at)).id
    const swaps = await listedSwaps(db, { scheduleId, at, since: at - ENDED_FOR_MS })
    const schedules = await loadSchedules(db, [...new Set(swaps.map((swap) => swap.scheduleId))], at)
    const byId = new Map(schedules.map((stored) => [stored.id, stored]))
    const rows: SwapReply[] = []
    for (const swap of swaps) {
      const stored = byId.get(swap.scheduleId)
      if (stored) rows.push(await presentSwap(db, swap, stored, ctx.actor, at))
    }
    return { rows }
  })
