/** Swaps as replies, with what accepting one would mean for the rest and the leave of the two. */
import type { SwapReply } from '../../../../contract/operations/swaps.ts'
import type { Override } from '../../../../domain/operations/on-call/schedule.ts'
import { beginOf, endOf } from '../../../../domain/operations/on-call/swap.ts'
import { may } from '../../../../domain/people/permissions.ts'
import { day } from '../../../../domain/time/instant.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { withAbsences } from '../away/with-absences.ts'
import { peopleOf, type StoredSchedule } from '../definition.ts'
import { findingsOf } from '../findings.ts'
import { personOf, scheduleRefOf } from '../present.ts'
import { findColleagues, type Colleagues } from '../store.ts'
import type { StoredSwap } from './store.ts'

/** What lies next to a shift decides whether there is rest before and after it. */
const AROUND_MS = 3 * day
const OF_PEOPLE = ['short-rest', 'on-call-while-away', 'cannot-acknowledge']

/** How an offer would look once accepted: as overrides that nobody stored. */
const asOverrides = ({ id, state }: StoredSwap): Override[] =>
  state.legs.map(({ takerId, from, to, rotationId }, place) => ({
    id: `${id} ${place}`,
    accountId: takerId,
    from,
    to,
    rotationIds: [rotationId],
  }))

const warningsOf = (swap: StoredSwap, { rules }: StoredSchedule, colleagues: Colleagues): string[] => {
  if (swap.state.status !== 'offered') return []
  const window = { from: beginOf(swap.state) - AROUND_MS, to: endOf(swap.state) + AROUND_MS }
  const sentences = (overrides: readonly Override[]): string[] =>
    findingsOf({ ...rules, overrides }, colleagues, window)
      .filter(({ code, person }) => OF_PEOPLE.includes(code) && person !== null)
      .filter(({ person }) => [swap.state.askedBy, swap.state.askedOf].includes(person?.id ?? ''))
      .map(({ detail }) => detail)
  const already = new Set(sentences(rules.overrides))
  return [...new Set(sentences([...rules.overrides, ...asOverrides(swap)]))].filter(
    (sentence) => !already.has(sentence),
  )
}

/** @param stored with the overrides from the beginning of the swap on */
export const presentSwap = async (
  db: Db | Tx,
  swap: StoredSwap,
  stored: StoredSchedule,
  actor: Actor,
  now: number,
): Promise<SwapReply> => {
  const [whole = stored] = await withAbsences(db, [stored], now)
  const { askedBy, askedOf, status, legs } = swap.state
  const colleagues = await findColleagues(db, [askedBy, askedOf, ...peopleOf(stored.rules)])
  const mayAnswer = may(actor, 'on-call.override') && actor.kind === 'person'
  const isWaiting = status === 'offered' && beginOf(swap.state) > now
  const isMine = mayAnswer && actor.accountId === askedBy
  return {
    id: swap.id,
    schedule: scheduleRefOf(stored),
    status,
    why: swap.why,
    askedBy: personOf(colleagues, askedBy),
    askedOf: personOf(colleagues, askedOf),
    legs: legs.map(({ rotationId, giverId, takerId, from, to }) => ({
      rotationId,
      giver: personOf(colleagues, giverId),
      taker: personOf(colleagues, takerId),
      from,
      to,
    })),
    note: swap.note,
    createdAt: swap.createdAt,
    changedAt: swap.changedAt,
    warnings: warningsOf(swap, whole, colleagues),
    can: {
      answer: isWaiting && mayAnswer && actor.accountId === askedOf,
      withdraw: status === 'offered' && (isMine || may(actor, 'on-call.change')),
    },
  }
}
