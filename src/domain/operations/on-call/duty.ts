/** The stretch of time around an instant in which one cause, an override or a turn or nothing, decides who is on call. */
import type { Override, Schedule } from './schedule.ts'
import { lastStaffedUntil, nextStaffedAt, turnAt } from './turn.ts'

export type DutySource =
  | { readonly kind: 'rotation'; readonly rotationId: string; readonly turn: number }
  | { readonly kind: 'override'; readonly overrideId: string }

/**
 * Duties of a schedule follow one another without gap or overlap from the beginning to the end of time.
 * @property accountId null: nobody is on call
 * @property source    null: no rotation has anybody
 * @property from      null: since ever
 * @property until     the answer changes here; null: never
 * @property relievedAt when the turn is over by the clock: later than the next one's beginning where the clock goes back across the hand-over
 */
export type Duty = {
  readonly accountId: string | null
  readonly source: DutySource | null
  readonly from: number | null
  readonly until: number | null
  readonly relievedAt: number | null
}

const latest = (instants: readonly (number | null)[]): number | null => {
  const known = instants.filter((at) => at !== null)
  return known.length === 0 ? null : Math.max(...known)
}

const earliest = (instants: readonly (number | null)[]): number | null => {
  const known = instants.filter((at) => at !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** The stretch around `at` that overrides leave alone. */
const freeOf = (overrides: readonly Override[], at: number) => ({
  from: latest(overrides.map(({ to }) => (to <= at ? to : null))),
  until: earliest(overrides.map(({ from }) => (from > at ? from : null))),
})

const overrideDuty = (overrides: readonly Override[], position: number, at: number): Duty => {
  const override = overrides[position]!
  const free = freeOf(overrides.slice(position + 1), at)
  return {
    accountId: override.accountId,
    source: { kind: 'override', overrideId: override.id },
    from: latest([override.from, free.from]),
    until: earliest([override.to, free.until]),
    relievedAt: null,
  }
}

/** @param schedule must have passed `checkSchedule` */
export const dutyAt = (schedule: Schedule, at: number): Duty => {
  const { layers, overrides } = schedule
  const position = overrides.findLastIndex(({ from, to }) => from <= at && at < to)
  if (position >= 0) return overrideDuty(overrides, position, at)
  let { from, until } = freeOf(overrides, at)
  for (const rotation of layers.toReversed()) {
    const turn = turnAt(rotation, at)
    if (turn !== null && turn.participant !== null) {
      return {
        accountId: turn.participant,
        source: { kind: 'rotation', rotationId: rotation.id, turn: turn.index },
        from: latest([from, turn.from]),
        until: earliest([until, turn.to]),
        relievedAt: turn.relievedAt,
      }
    }
    // This layer lets the ones below show through until it has somebody again.
    from = latest([from, lastStaffedUntil(rotation, at)])
    until = earliest([until, nextStaffedAt(rotation, at)])
  }
  return { accountId: null, source: null, from, until, relievedAt: null }
}
