/** Asks a colleague to take a shift, or to trade two; until they accept nobody's duty moves. */
import type { SwapReply } from '../../../../contract/operations/swaps.ts'
import type { SwapLeg, SwapState } from '../../../../domain/operations/on-call/swap.ts'
import { swapLegOf } from '../../../../domain/operations/on-call/swap-shift.ts'
import { isRefusal, refuse } from '../../../../domain/refusal.ts'
import type { Interval } from '../../../../domain/time/interval.ts'
import { staffNamed } from '../../../people/index.ts'
import type { Ctx } from '../../../platform/context.ts'
import { Fault, notFound, refused } from '../../../platform/faults.ts'
import { record, type WriteTx } from '../../../platform/record.ts'
import { checkPerson } from '../add-override.ts'
import { canonical, type StoredSchedule } from '../definition.ts'
import { refuseArchived } from '../find-schedule.ts'
import { findColleagues, lockSchedule } from '../store.ts'
import { swapOffered } from './events.ts'
import { eventLegs, expireLater, refsOf, tellSwap } from './move-swap.ts'
import { presentSwap } from './present.ts'
import { countOffers, insertSwap, liveSwaps, type StoredSwap } from './store.ts'

/** A person has about fifty shifts a year; more questions at once are a program gone wrong. */
const MOST_OFFERS = 50

type Wanted = {
  readonly schedule: string
  readonly with: string
  readonly give: Interval
  readonly take?: Interval | undefined
  readonly note?: string | undefined
}

const legFor = (
  { rules }: StoredSchedule,
  stretch: Interval,
  field: 'give' | 'take',
  who: { readonly giverId: string; readonly takerId: string },
  now: number,
): SwapLeg => {
  if (stretch.to <= stretch.from)
    throw refused(refuse('stretch-empty', 'It must end after it begins.'), `body.${field}.to`)
  if (stretch.from <= now)
    throw refused(
      refuse('swap-begun', 'A swap is about hours that have not begun. Choose a later beginning.'),
      `body.${field}.from`,
    )
  const leg = swapLegOf(rules, { ...stretch, ...who })
  if (isRefusal(leg)) throw refused(leg, `body.${field}`)
  return leg
}

const askerOf = ({ actor }: Ctx): string => {
  if (actor.kind === 'person') return actor.accountId
  throw new Fault('not-allowed', 'A swap is asked for by the person whose shift it is.')
}

/** The same question twice would be two mails and two overrides. */
const refuseRepeat = async (
  tx: WriteTx,
  scheduleId: string,
  { askedBy, askedOf, legs }: Omit<SwapState, 'status'>,
): Promise<void> => {
  const isSame = ({ state }: StoredSwap): boolean =>
    state.status === 'offered' &&
    state.askedBy === askedBy &&
    state.askedOf === askedOf &&
    canonical(state.legs) === canonical(legs)
  if ((await liveSwaps(tx.db, scheduleId, tx.now)).some(isSame))
    throw refused(refuse('swap-asked-already', 'You asked this already; it waits for an answer.'))
}

const offer = async (tx: WriteTx, wanted: Wanted): Promise<SwapReply> => {
  const askedBy = askerOf(tx.ctx)
  const stored = await lockSchedule(tx.db, wanted.schedule, tx.now)
  if (!stored) throw notFound('This schedule')
  refuseArchived(stored)
  const { id: askedOf } = await staffNamed(tx.db, wanted.with)
  if (askedOf === askedBy)
    throw refused(refuse('swap-with-oneself', 'A swap is asked of somebody else.'), 'body.with')
  const colleagues = await findColleagues(tx.db, [askedBy, askedOf])
  checkPerson(colleagues.get(askedOf), 'body.with')
  const mine = { giverId: askedBy, takerId: askedOf }
  const theirs = { giverId: askedOf, takerId: askedBy }
  const legs = [
    legFor(stored, wanted.give, 'give', mine, tx.now),
    ...(wanted.take ? [legFor(stored, wanted.take, 'take', theirs, tx.now)] : []),
  ]
  if ((await countOffers(tx.db, askedBy)) >= MOST_OFFERS)
    throw refused(
      refuse('too-many-swaps', `At most ${MOST_OFFERS} questions wait for an answer. Take some back.`),
    )
  await refuseRepeat(tx, stored.id, { askedBy, askedOf, legs })
  const id = tx.id()
  const state: SwapState = { status: 'offered', askedBy, askedOf, legs }
  const { note } = wanted
  const offeredEventId = tx.append(swapOffered, {
    stream: id,
    refs: refsOf({ scheduleId: stored.id, state }),
    body: {
      scheduleId: stored.id,
      askedBy,
      askedOf,
      legs: eventLegs(legs),
      ...(note === undefined ? {} : { note }),
    },
  })
  await insertSwap(tx.db, { id, scheduleId: stored.id, state }, { offeredEventId, at: tx.now })
  tellSwap(tx, id, askedOf, 'offered')
  expireLater(tx, id, state)
  const swap = { id, scheduleId: stored.id, why: null, createdAt: tx.now, changedAt: tx.now, state }
  return presentSwap(tx.db, { ...swap, note: note ?? null }, stored, tx.ctx.actor, tx.now)
}

export const offerSwap = (ctx: Ctx, wanted: Wanted): Promise<SwapReply> =>
  record(ctx, (tx) => offer(tx, wanted))
