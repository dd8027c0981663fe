/** Takes an override away, and with it the swap it came of: who is on call changes from now on, and that it was there stays on record. */
import { refuse } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { notFound, refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { refuseArchived } from './find-schedule.ts'
import { findOverrides, lockSchedule } from './store.ts'
import { takeOverrideAway } from './store-override.ts'
import { voidSwap } from './swaps/move-swap.ts'

export const removeOverride = async (
  ctx: Ctx,
  input: { schedule: string; override: string },
): Promise<{ done: true }> => {
  await record(ctx, async (tx) => {
    const stored = await lockSchedule(tx.db, input.schedule)
    if (!stored) throw notFound('This schedule')
    const [override] = await findOverrides(tx.db, stored.id, { id: input.override })
    if (!override) throw notFound('This override')
    if (override.removedAt !== null) return NOTHING_CHANGED
    refuseArchived(stored)
    if (override.to <= tx.now) {
      throw refused(refuse('override-over', 'This override is over: it decided who was on call, and stays.'))
    }
    await takeOverrideAway(tx, stored.id, override)
    if (override.swapId !== null) await voidSwap(tx, override.swapId, 'override-removed')
    return undefined
  })
  return { done: true }
}
