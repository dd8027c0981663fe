/** What happens to a swap later: who was asked is told, with a link; and a question that nobody answered ends when the shift begins. */
import { beginOf } from '../../../../domain/operations/on-call/swap.ts'
import { NOTHING_CHANGED, record } from '../../../platform/record.ts'
import { defineTask } from '../../../platform/tasks/task.ts'
import { lockSchedule } from '../store.ts'
import { findSwap } from './store.ts'
import type { SwapLetter } from './tell-of-swap.ts'

/** Whoever mails is loaded when there is something to mail. */
export const tellOfSwap = defineTask<SwapLetter>('shift-swap.tell', {
  lane: 'mail',
  run: async (ctx, letter) => (await import('./tell-of-swap.ts')).tell(ctx, letter),
})

export const expireSwap = defineTask<{ readonly swapId: string }>('shift-swap.expire', {
  lane: 'ordinary',
  run: async (ctx, { swapId }) => {
    await record(ctx, async (tx) => {
      const found = await findSwap(tx.db, swapId)
      if (!found || beginOf(found.state) > tx.now) return NOTHING_CHANGED
      await lockSchedule(tx.db, found.scheduleId, tx.now)
      const swap = await findSwap(tx.db, swapId)
      const { moveSwap } = await import('./move-swap.ts')
      const changed = swap && (await moveSwap(tx, swap, { kind: 'expire' }))
      return changed ? undefined : NOTHING_CHANGED
    })
  },
})
