/** Whether people get their rest: what lies between two stretches of being on call is long enough to sleep and live in, or it is said. */
import { gapsIn, intersect, intervalSet, type Interval } from '../../time/interval.ts'
import type { Shift } from './shifts.ts'

/** Directive 2003/88/EC, article 3: eleven hours of rest in a row in each day. */
export const usualRestMs = 11 * 3_600_000

export type ShortRest = Interval & { readonly accountId: string }

const turnsAt = (shifts: readonly Shift[], edge: 'from' | 'to', at: number): readonly string[] =>
  shifts.flatMap(({ source, ...shift }) =>
    shift[edge] === at && source.kind === 'rotation' ? [`${source.turn} ${source.rotationId}`] : [],
  )

/** Hours that one's turn does not count, or that somebody took over, are time off and no second shift. */
const isWithinOneTurn = (own: readonly Shift[], { from, to }: Interval): boolean => {
  const before = turnsAt(own, 'to', from)
  return turnsAt(own, 'from', to).some((turn) => before.includes(turn))
}

/**
 * Only what lies between two stretches is judged: how long a stretch may be is for the team's agreement, for being on
 * call is not work until something happens.
 * @param restMs 0 looks for nothing
 * @returns the pauses of [from, to) that are shorter, by person and then by time
 */
export const shortRests = (
  shifts: readonly Shift[],
  window: Interval,
  restMs: number,
): readonly ShortRest[] =>
  [...Map.groupBy(shifts, ({ accountId }) => accountId)].flatMap(([accountId, own]) => {
    const onCall = intervalSet(own)
    const [first, last] = [onCall[0], onCall.at(-1)]
    if (first === undefined || last === undefined) return []
    return gapsIn(onCall, { from: first.from, to: last.to })
      .filter(({ from, to }) => to - from < restMs)
      .filter((pause) => !isWithinOneTurn(own, pause))
      .filter((pause) => intersect([pause], [window]).length > 0)
      .map((pause) => ({ ...pause, accountId }))
  })

export type TwiceOnCall = Interval & { readonly accountId: string }

/** @returns where one person is on call in both of two rotas: when they do not answer, nobody else is asked */
export const twiceOnCall = (one: readonly Shift[], other: readonly Shift[]): readonly TwiceOnCall[] =>
  [...Map.groupBy(one, ({ accountId }) => accountId)].flatMap(([accountId, own]) => {
    const theirs = other.filter((shift) => shift.accountId === accountId)
    return intersect(intervalSet(own), intervalSet(theirs)).map((both) => ({ ...both, accountId }))
  })
