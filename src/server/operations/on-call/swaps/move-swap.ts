/** What became of a swap, put to work: its row, its overrides, its events, and who is told. Whoever calls holds the schedule. */
import {
  applySwap,
  beginOf,
  decideSwap,
  type SwapCommand,
  type SwapEvent,
  type SwapLeg,
  type SwapState,
  type VoidReason,
} from '../../../../domain/operations/on-call/swap.ts'
import { isRefusal } from '../../../../domain/refusal.ts'
import { refused } from '../../../platform/faults.ts'
import type { WriteTx } from '../../../platform/record.ts'
import { findOverrides } from '../store.ts'
import { storeOverride, takeOverrideAway } from '../store-override.ts'
import { swapAccepted, swapDeclined, swapExpired, swapMoved, swapVoided, swapWithdrawn } from './events.ts'
import { findSwap, updateSwap, type StoredSwap } from './store.ts'
import { expireSwap, tellOfSwap } from './tasks.ts'
import type { SwapNews } from './tell-of-swap.ts'

/** Bodies take plain lists. */
export const eventLegs = (legs: readonly SwapLeg[]): SwapLeg[] => legs.map((leg) => ({ ...leg }))

export const refsOf = ({ scheduleId, state }: Pick<StoredSwap, 'scheduleId' | 'state'>) => [
  ['schedule', scheduleId] as const,
  ['account', state.askedBy] as const,
  ['account', state.askedOf] as const,
]

/** What is over was so; what is under way changes hands from now on. */
const putOverrides = async (tx: WriteTx, swap: StoredSwap, legs: readonly SwapLeg[]): Promise<void> => {
  for (const { rotationId, takerId, ...leg } of legs) {
    const from = Math.max(leg.from, tx.now)
    if (from >= leg.to) continue
    const override = { id: tx.id(), accountId: takerId, from, to: leg.to, rotationIds: [rotationId] }
    await storeOverride(tx, swap.scheduleId, override, { swapId: swap.id })
  }
}

const takeOverridesAway = async (tx: WriteTx, swap: StoredSwap): Promise<void> => {
  for (const override of await findOverrides(tx.db, swap.scheduleId, { swapId: swap.id }))
    if (override.removedAt === null && override.to > tx.now)
      await takeOverrideAway(tx, swap.scheduleId, override)
}

/** Only the legs that are not over: an override that was, stays. */
const replaceOverrides = async (tx: WriteTx, swap: StoredSwap, legs: readonly SwapLeg[]): Promise<void> => {
  await takeOverridesAway(tx, swap)
  await putOverrides(tx, swap, legs)
}

const other = ({ askedBy, askedOf }: SwapState, accountId: string): string =>
  accountId === askedBy ? askedOf : askedBy

/** Who hears of it: whoever did not do it. */
const toldOf = ({ kind }: SwapEvent, state: SwapState): readonly string[] => {
  switch (kind) {
    case 'accepted':
    case 'declined':
    case 'expired':
      return [state.askedBy]
    case 'withdrawn':
      return [other(state, state.askedBy)]
    case 'moved':
    case 'voided':
      return [state.askedBy, state.askedOf]
  }
}

const appendEvent = (tx: WriteTx, swap: StoredSwap, event: SwapEvent, legs: readonly SwapLeg[]): void => {
  const about = { stream: swap.id, refs: refsOf(swap) }
  const { scheduleId } = swap
  switch (event.kind) {
    case 'accepted':
      tx.append(swapAccepted, { ...about, body: { scheduleId, legs: eventLegs(legs) } })
      return
    case 'declined':
      tx.append(swapDeclined, { ...about, body: { scheduleId } })
      return
    case 'withdrawn':
      tx.append(swapWithdrawn, { ...about, body: { scheduleId } })
      return
    case 'expired':
      tx.append(swapExpired, { ...about, body: { scheduleId } })
      return
    case 'moved':
      tx.append(swapMoved, { ...about, body: { scheduleId, legs: eventLegs(event.legs) } })
      return
    case 'voided':
      tx.append(swapVoided, { ...about, body: { scheduleId, why: event.why } })
  }
}

const moveDuty = async (tx: WriteTx, swap: StoredSwap, state: SwapState, event: SwapEvent): Promise<void> => {
  if (event.kind === 'accepted') await putOverrides(tx, swap, state.legs)
  if (state.status !== 'accepted') return
  if (event.kind === 'moved') await replaceOverrides(tx, swap, event.legs)
  if (event.kind === 'voided') await takeOverridesAway(tx, swap)
}

/** Asked by mail, or reminded that it ended: the task reads how things stand when it runs. */
export const tellSwap = (tx: WriteTx, swapId: string, accountId: string, news: SwapNews): void =>
  tx.later(tellOfSwap, { payload: { swapId, accountId, news, letterId: tx.id() } })

export const expireLater = (tx: WriteTx, swapId: string, state: SwapState): void =>
  tx.later(expireSwap, { payload: { swapId }, dueAt: beginOf(state), key: swapId })

/** @throws Fault when the rules say no. @returns undefined when it was so already */
export const moveSwap = async (
  tx: WriteTx,
  swap: StoredSwap,
  command: SwapCommand,
): Promise<SwapState | undefined> => {
  const events = decideSwap(swap.state, command, tx.now)
  if (isRefusal(events)) throw refused(events)
  if (events.length === 0) return undefined
  let { state } = swap
  let { why } = swap
  for (const event of events) {
    appendEvent(tx, swap, event, state.legs)
    await moveDuty(tx, swap, state, event)
    state = applySwap(state, event)
    if (event.kind === 'voided') why = event.why
    for (const accountId of toldOf(event, state)) tellSwap(tx, swap.id, accountId, event.kind)
  }
  await updateSwap(tx.db, swap.id, state, { why, at: tx.now })
  if (state.status === 'offered') expireLater(tx, swap.id, state)
  else tx.cancelTask(expireSwap, swap.id)
  return state
}

export const voidSwap = async (tx: WriteTx, swapId: string, why: VoidReason): Promise<void> => {
  const swap = await findSwap(tx.db, swapId)
  if (swap) await moveSwap(tx, swap, { kind: 'void', why })
}
