/** A rota was changed: swaps go where their shifts went, or end where these are gone, and both people are told. */
import type { SwapLeg } from '../../../../domain/operations/on-call/swap.ts'
import { followShift } from '../../../../domain/operations/on-call/swap-shift.ts'
import type { WriteTx } from '../../../platform/record.ts'
import type { Layers } from '../definition.ts'
import { moveSwap } from './move-swap.ts'
import { liveSwaps } from './store.ts'

/** Within the transaction that changes the rota and holds it. What is over was so, and follows nothing. */
export const followSwaps = async (tx: WriteTx, scheduleId: string, layers: Layers): Promise<void> => {
  for (const swap of await liveSwaps(tx.db, scheduleId, tx.now)) {
    const legs = swap.state.legs.map((leg): SwapLeg | undefined =>
      leg.to <= tx.now ? leg : followShift(layers, leg),
    )
    const found = legs.filter((leg) => leg !== undefined)
    await moveSwap(
      tx,
      swap,
      found.length === legs.length ? { kind: 'follow', legs: found } : { kind: 'void', why: 'shift-gone' },
    )
  }
}
