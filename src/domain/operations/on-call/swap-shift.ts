/** Which hours of a rota somebody can give away, and where those hours are after the rota was changed. */
import { refuse, type Refusal } from '../../refusal.ts'
import { day, hour } from '../../time/instant.ts'
import { intersect, intervalSet, measure, type Interval, type IntervalSet } from '../../time/interval.ts'
import type { Rotation, Schedule } from './schedule.ts'
import { shiftsBetween } from './shifts.ts'
import type { SwapLeg } from './swap.ts'
import { rotationStart, turnAt, turnOf, type Turn } from './turn.ts'

/** Two months: longer is a change of the rota. */
const mostMs = 62 * day
/** A turn across a clock change is an hour longer or shorter than its like, and is still its like. */
const clockChangeMs = 2 * hour

export type SwapShiftRefusal = Refusal<'swap-too-long' | 'swap-not-theirs' | 'swap-covered-already'>

const turnsIn = (rotation: Rotation, { from, to }: Interval): readonly Turn[] => {
  const start = Math.max(from, rotationStart(rotation))
  const turns: Turn[] = []
  for (let turn = turnAt(rotation, start); turn !== null && turn.from < to;) {
    turns.push(turn)
    turn = turnOf(rotation, turn.index + 1)
  }
  return turns
}

/** A team's turn is nobody's own to give. */
const ownTurns = (rotation: Rotation, giverId: string, stretch: Interval): readonly Turn[] =>
  turnsIn(rotation, stretch).filter(({ participant }) => participant === giverId)

/** The hours of the stretch in which the rota has this person by this rotation. */
const hoursBy = (
  schedule: Schedule,
  rotationId: string,
  accountId: string,
  stretch: Interval,
): IntervalSet => {
  const shifts = shiftsBetween({ ...schedule, forwardings: [] }, stretch.from, stretch.to)
  const own = shifts.filter(
    ({ source, ...shift }) =>
      source.kind === 'rotation' && source.rotationId === rotationId && shift.accountId === accountId,
  )
  return intersect(intervalSet(own), [stretch])
}

/** @returns null when every hour that the giver has in it is still theirs to give */
export const checkSwapLeg = (schedule: Schedule, leg: SwapLeg): SwapShiftRefusal | null => {
  const rotation = schedule.layers.find(({ id }) => id === leg.rotationId)
  const own = rotation ? intervalSet(ownTurns(rotation, leg.giverId, leg)) : []
  const planned = hoursBy({ ...schedule, overrides: [] }, leg.rotationId, leg.giverId, leg)
  if (measure(intersect(own, [leg])) < leg.to - leg.from || planned.length === 0)
    return refuse(
      'swap-not-theirs',
      'Not all of these hours are their own shift. Choose hours within their turns; a team’s shift needs an override.',
    )
  const left = hoursBy(schedule, leg.rotationId, leg.giverId, leg)
  if (measure(left) < measure(planned))
    return refuse(
      'swap-covered-already',
      'An override says already who has a part of these hours. Choose the rest, or take it away.',
    )
  return null
}

/** @returns the leg by which the giver would hand over these hours; or why they cannot */
export const swapLegOf = (
  schedule: Schedule,
  wanted: Interval & { readonly giverId: string; readonly takerId: string },
): SwapLeg | SwapShiftRefusal => {
  const { from, to, giverId } = wanted
  if (to - from > mostMs)
    return refuse('swap-too-long', 'A swap lasts at most 62 days. Change the rota instead.')
  const legs = schedule.layers
    .map((rotation) => {
      const isTurn = ownTurns(rotation, giverId, wanted).some((turn) => turn.from === from && turn.to === to)
      return { ...wanted, rotationId: rotation.id, whole: isTurn }
    })
    .map((leg) => ({ leg, refusal: checkSwapLeg(schedule, leg) }))
  const found = legs.find(({ refusal }) => refusal === null)
  if (found) return found.leg
  // Of several reasons the one that the person can do something about.
  const near = legs.find(({ refusal }) => refusal?.code === 'swap-covered-already') ?? legs[0]
  return (
    near?.refusal ??
    refuse('swap-not-theirs', 'This rota has no shifts of anybody yet, so there is nothing to swap.')
  )
}

const overlap = (one: Interval, other: Interval): number =>
  Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from))

const longest = (stretches: readonly Interval[], by: (stretch: Interval) => number): Interval | undefined =>
  stretches.toSorted((a, b) => by(b) - by(a))[0]

/**
 * Where the hours of a leg are in the rota as it is now. A whole turn moves along with its turn while that is as long;
 * otherwise what is left to the giver of the hours agreed to stays. Either way at least half of those hours must be among
 * them: nobody agreed to another week, or to the last day of one.
 * @returns undefined when there is nothing to follow
 */
export const followShift = (layers: readonly Rotation[], leg: SwapLeg): SwapLeg | undefined => {
  const rotation = layers.find(({ id }) => id === leg.rotationId)
  if (!rotation) return undefined
  const length = leg.to - leg.from
  const own = ownTurns(rotation, leg.giverId, leg)
  const isAgreed = (found: Interval | undefined): found is Interval =>
    found !== undefined && overlap(found, leg) * 2 >= length
  const moved = longest(own, (turn) => overlap(turn, leg))
  const counts = (found: Interval): boolean =>
    hoursBy({ id: leg.rotationId, layers: [rotation], overrides: [] }, rotation.id, leg.giverId, found)
      .length > 0
  if (leg.whole && isAgreed(moved) && Math.abs(moved.to - moved.from - length) <= clockChangeMs)
    return counts(moved) ? { ...leg, from: moved.from, to: moved.to } : undefined
  const kept = longest(intersect(intervalSet(own), [leg]), (stretch) => overlap(stretch, leg))
  return isAgreed(kept) && counts(kept)
    ? { ...leg, ...kept, whole: leg.whole && kept.to - kept.from === length }
    : undefined
}
