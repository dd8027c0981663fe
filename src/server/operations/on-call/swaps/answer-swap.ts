/** The answer to a swap, by whoever was asked; and the question taken back. Duty moves with the acceptance and not before. */
import type { ScheduleFindingReply } from '../../../../contract/operations/on-call.ts'
import type { SwapReply } from '../../../../contract/operations/swaps.ts'
import { beginOf, endOf, type SwapCommand } from '../../../../domain/operations/on-call/swap.ts'
import { checkSwapLeg } from '../../../../domain/operations/on-call/swap-shift.ts'
import { may } from '../../../../domain/people/permissions.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db } from '../../../platform/database.ts'
import { notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../../platform/record.ts'
import { checkPerson } from '../add-override.ts'
import { peopleOf } from '../definition.ts'
import { findingsOf } from '../findings.ts'
import { scheduleOrFault } from '../find-schedule.ts'
import { findColleagues, lockSchedule } from '../store.ts'
import { moveSwap } from './move-swap.ts'
import { presentSwap } from './present.ts'
import { findSwap } from './store.ts'

/** Between question and answer an override may have come, or somebody may have lost the right to take pages. */
const refuseUnlessPossible = async (tx: WriteTx, swapId: string): Promise<void> => {
  const swap = await findSwap(tx.db, swapId)
  if (swap?.state.status !== 'offered') return
  const { askedBy, askedOf, legs } = swap.state
  const [stored] = [await lockSchedule(tx.db, swap.scheduleId, tx.now)]
  const refusal = legs.map((leg) => stored && checkSwapLeg(stored.rules, leg)).find((one) => one)
  if (refusal) throw refused(refusal)
  const colleagues = await findColleagues(tx.db, [askedBy, askedOf])
  for (const { takerId } of legs) checkPerson(colleagues.get(takerId), 'path.swap')
}

/** Within a transaction of somebody else: the link in a mail spends its token in it. @returns false when it was so already */
export const answerSwapIn = async (tx: WriteTx, swapId: string, command: SwapCommand): Promise<boolean> => {
  const found = await findSwap(tx.db, swapId)
  if (!found) throw notFound('This swap')
  // Whatever changes a swap holds its schedule first; only then is it read for good.
  await lockSchedule(tx.db, found.scheduleId, tx.now)
  if (command.kind === 'accept' && command.by === found.state.askedOf) await refuseUnlessPossible(tx, swapId)
  const swap = await findSwap(tx.db, swapId)
  return swap !== undefined && (await moveSwap(tx, swap, command)) !== undefined
}

const answer = async (ctx: Ctx, swapId: string, command: SwapCommand): Promise<void> => {
  await record(ctx, async (tx) => ((await answerSwapIn(tx, swapId, command)) ? undefined : NOTHING_CHANGED))
}

const whoAnswers = ({ actor }: Ctx): string => (actor.kind === 'person' ? actor.accountId : '')

const presentNow = async (db: Db, ctx: Ctx, swapId: string) => {
  const swap = await findSwap(db, swapId)
  if (!swap) throw notFound('This swap')
  const now = ctx.platform.clock.now()
  const stored = await scheduleOrFault(db, swap.scheduleId, Math.min(beginOf(swap.state), now))
  return { swap: await presentSwap(db, swap, stored, ctx.actor, now), stored, state: swap.state }
}

export const acceptSwap = async (
  ctx: Ctx,
  { swap: swapId }: { swap: string },
): Promise<{ swap: SwapReply; findings: ScheduleFindingReply[] }> => {
  await answer(ctx, swapId, { kind: 'accept', by: whoAnswers(ctx) })
  return read(ctx, async (db) => {
    const { swap, stored, state } = await presentNow(db, ctx, swapId)
    const colleagues = await findColleagues(db, peopleOf(stored.rules))
    const window = { from: beginOf(state), to: endOf(state) }
    return { swap, findings: findingsOf(stored.rules, colleagues, window) }
  })
}

const answered = async (ctx: Ctx, swapId: string, command: SwapCommand): Promise<SwapReply> => {
  await answer(ctx, swapId, command)
  return read(ctx, async (db) => (await presentNow(db, ctx, swapId)).swap)
}

export const declineSwap = (ctx: Ctx, { swap }: { swap: string }): Promise<SwapReply> =>
  answered(ctx, swap, { kind: 'decline', by: whoAnswers(ctx) })

export const withdrawSwap = (ctx: Ctx, { swap }: { swap: string }): Promise<SwapReply> =>
  answered(ctx, swap, {
    kind: 'withdraw',
    by: whoAnswers(ctx),
    isSteward: may(ctx.actor, 'on-call.change'),
  })
