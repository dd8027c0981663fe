/** What a person should see before a rota is saved: the stretches in which a page would reach nobody, and what usually goes wrong. */
import { describeDuration, hour } from '../../time/instant.ts'
import { intersect, intervalSet, measure, type Interval } from '../../time/interval.ts'
import { instantOfWallTime, wallTimeAt } from '../../time/zone.ts'
import { shortRests, usualRestMs } from './lint-rest.ts'
import type { Override, Schedule } from './schedule.ts'
import { shiftsBetween, type Shift } from './shifts.ts'
import { turnAt } from './turn.ts'
import { nobodyBetween } from './who-is-on-call.ts'

/**
 * `gap`: nobody is on call and nobody said so. `nobody-on-purpose`: an override took everybody off.
 * `overlapping-overrides`: the later in the list wins, which may not be what was meant.
 * `short-rest`: less than `restHours` between two stretches of one person, the first of how many.
 * `on-call-while-away`: somebody said that they are not there then; who covers is for people to find.
 * `one-person`: the rota never changes hands. `hand-over-in-clock-change`: this hand-over time happens twice, or never, on that day.
 */
export type ScheduleFinding = {
  readonly code:
    | 'gap'
    | 'nobody-on-purpose'
    | 'overlapping-overrides'
    | 'one-person'
    | 'hand-over-in-clock-change'
    | 'on-call-while-away'
    | 'short-rest'
  readonly from: number
  readonly to: number
  readonly detail: string
  /** Whom it is about, when about one person. */
  readonly accountId?: string
}

/** More are said as one: a rota for office hours alone has two a day. */
const mostGaps = 40

const findGaps = (schedule: Schedule, { from, to }: Interval): ScheduleFinding[] => {
  const gaps = nobodyBetween(schedule, from, to)
  const rest = gaps.slice(mostGaps)
  const found = gaps.slice(0, mostGaps).map(({ onPurpose, ...gap }) =>
    onPurpose
      ? {
          code: 'nobody-on-purpose' as const,
          ...gap,
          detail: 'An override leaves nobody on call; pages go to the fallback.',
        }
      : { code: 'gap' as const, ...gap, detail: 'Nobody is on call.' },
  )
  const [first, last] = [rest[0], rest.at(-1)]
  if (first === undefined || last === undefined) return found
  const detail = `Nobody is on call in ${rest.length} more stretches, ${describeDuration(measure(rest))} in all.`
  return [...found, { code: 'gap', from: first.from, to: last.to, detail }]
}

/** Two for different rotations do not meet. */
const whoWins = (earlier: Override, later: Override): string | null => {
  if ((earlier.rotationIds === undefined) !== (later.rotationIds === undefined))
    return 'Two overrides overlap; the one for the whole rota wins.'
  const meet =
    earlier.rotationIds === undefined || earlier.rotationIds.some((id) => later.rotationIds?.includes(id))
  return meet ? 'Two overrides overlap; the one added later wins.' : null
}

const findOverlaps = ({ overrides }: Schedule, window: Interval): ScheduleFinding[] =>
  overrides.flatMap((override, i) =>
    overrides.slice(i + 1).flatMap((later) => {
      const detail = whoWins(override, later)
      if (detail === null) return []
      return intersect(intersect([override], [later]), [window]).map((shared) => ({
        code: 'overlapping-overrides' as const,
        ...shared,
        detail,
      }))
    }),
  )

/** What the clock does to the hand-over that begins this shift, if anything. */
const findClockChange = ({ layers }: Schedule, { from, source }: Shift): ScheduleFinding[] => {
  const rotation = layers.find(({ id }) => source.kind === 'rotation' && id === source.rotationId)
  const turn = rotation === undefined ? null : turnAt(rotation, from)
  const beginsByHandOver = turn !== null && turn.index > 0 && turn.from === from
  if (rotation === undefined || !beginsByHandOver) return []
  // Hourly turns follow the clock through its change; that is their rule, and no surprise.
  if (rotation.kind === 'hourly') return []
  const { handOver, zone } = rotation
  const code = 'hand-over-in-clock-change' as const
  const clock = wallTimeAt(from, zone)
  const time = clock.slice(11, 16)
  if (time !== handOver.time) {
    const detail = `The clock skips ${handOver.time} on this day; duty is handed over at ${time}.`
    return [{ code, from, to: from, detail }]
  }
  const to = instantOfWallTime(clock, zone, 'end')
  if (to === from) return []
  const detail = `The clock goes back and shows ${time} twice; both engineers are on call in between.`
  return [{ code, from, to, detail }]
}

const findAbsences = (
  { absences = [] }: Schedule,
  shifts: readonly Shift[],
  window: Interval,
): ScheduleFinding[] =>
  absences.flatMap(({ accountId, ...away }) => {
    const own = intervalSet(shifts.filter((shift) => shift.accountId === accountId))
    return intersect(intersect(own, [away]), [window]).map((shared) => ({
      code: 'on-call-while-away' as const,
      ...shared,
      detail: 'On call while away.',
      accountId,
    }))
  })

/** One finding for each person: a rota of short turns has hundreds of pauses, for one reason. */
const findShortRests = (
  { restHours = usualRestMs / hour }: Schedule,
  shifts: readonly Shift[],
  window: Interval,
): ScheduleFinding[] => {
  const found = shortRests(shifts, window, restHours * hour)
  return [...Map.groupBy(found, ({ accountId }) => accountId)].flatMap(([accountId, own]) => {
    const [first] = own
    if (first === undefined) return []
    const times = own.length === 1 ? 'once' : `${own.length} times`
    const detail = `Less than ${restHours} h of rest between two shifts, ${times}; here ${describeDuration(first.to - first.from)}.`
    return [{ code: 'short-rest' as const, from: first.from, to: first.to, detail, accountId }]
  })
}

/**
 * @param schedule must have passed `checkSchedule`
 * @returns findings within [from, to), earliest first; an empty list is a clean rota
 */
export const lintSchedule = (schedule: Schedule, from: number, to: number): readonly ScheduleFinding[] => {
  const window = { from, to }
  const shifts = shiftsBetween(schedule, from, to)
  const people = new Set(shifts.map(({ accountId }) => accountId))
  const alone =
    people.size === 1
      ? [{ code: 'one-person' as const, ...window, detail: 'One person is on call all the time.' }]
      : []
  return [
    ...findGaps(schedule, window),
    ...findOverlaps(schedule, window),
    ...shifts.flatMap((shift) => findClockChange(schedule, shift)),
    ...findAbsences(schedule, shifts, window),
    ...findShortRests(schedule, shifts, window),
    ...alone,
  ].sort((a, b) => a.from - b.from)
}
