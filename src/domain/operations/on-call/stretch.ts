/** The stretch of time around an instant in which one rotation has the same people for the same reason, or has nobody. */
import type { Interval } from '../../time/interval.ts'
import { countedAt } from './restriction.ts'
import { crewOf, type Rotation, type Schedule } from './schedule.ts'
import { turnAt, turnOf } from './turn.ts'

export type DutySource =
  | { readonly kind: 'rotation'; readonly rotationId: string; readonly turn: number }
  | { readonly kind: 'override'; readonly overrideId: string }

/** @property forwardedFrom whose duty it is by the rota */
export type Somebody = { readonly accountId: string; readonly forwardedFrom?: string }

/**
 * Stretches of a rotation, or of a whole schedule, follow one another without gap or overlap from the beginning to the end of time.
 * @property people empty: nobody is on call
 * @property source null: no rotation has anybody; an override with nobody is one on purpose
 * @property from   null: since ever
 * @property until  something changes here; null: never
 * @property relievedAt when the turn is over by the clock: later than the next one's beginning where the clock goes back across the hand-over
 */
export type Stretch = {
  readonly people: readonly Somebody[]
  readonly source: DutySource | null
  readonly from: number | null
  readonly until: number | null
  readonly relievedAt: number | null
}

/** Stretches without gap or overlap, asked by instant. */
export type Track = (at: number) => Stretch

export const latest = (instants: readonly (number | null)[]): number | null => {
  const known = instants.filter((at) => at !== null)
  return known.length === 0 ? null : Math.max(...known)
}

export const earliest = (instants: readonly (number | null)[]): number | null => {
  const known = instants.filter((at) => at !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** The stretch around `at` that overrides, or whatever else has a time, leave alone. */
export const freeOf = (overrides: readonly Interval[], at: number) => ({
  from: latest(overrides.map(({ to }) => (to <= at ? to : null))),
  until: earliest(overrides.map(({ from }) => (from > at ? from : null))),
})

type Teams = Pick<Schedule, 'teams'>

/**
 * A turn of nobody and an hour that does not count take turns for ever in some rotas. After so many the search ends and
 * the answer holds up to there: who asks goes on from that instant.
 */
const mostJumps = 400

/** The first turn after the one with this index in which the rotation has somebody; undefined when it never has. */
const nextStaffedTurn = (rotation: Rotation, teams: Teams, index: number): number | undefined => {
  const { participants } = rotation
  for (let next = index + 1; next <= index + participants.length; next += 1) {
    if (crewOf(teams, participants[next % participants.length] ?? null).length > 0) return next
  }
  return undefined
}

const lastStaffedTurn = (rotation: Rotation, teams: Teams, index: number): number | undefined => {
  const { participants } = rotation
  for (let last = index - 1; last >= Math.max(0, index - participants.length); last -= 1) {
    if (crewOf(teams, participants[last % participants.length] ?? null).length > 0) return last
  }
  return undefined
}

const isStaffed = (rotation: Rotation, teams: Teams, index: number): boolean =>
  nextStaffedTurn(rotation, teams, index - 1) === index

/** @returns when a rotation that has nobody at `at` next has somebody; null when it never will */
const nextStaffedAt = (rotation: Rotation, teams: Teams, at: number): number | null => {
  let instant = at
  for (let jump = 0; jump < mostJumps; jump += 1) {
    const index = turnAt(rotation, instant)?.index ?? -1
    if (index < 0 || !isStaffed(rotation, teams, index)) {
      const next = nextStaffedTurn(rotation, teams, index)
      if (next === undefined) return null
      instant = turnOf(rotation, next).from
      continue
    }
    const counted = countedAt(rotation, instant)
    if (counted.counts) return instant
    // It ended, or its last date is over.
    if (counted.until === null) return null
    instant = counted.until
  }
  return instant
}

/** @returns when a rotation that has nobody at `at` last stopped having somebody; null when it never had */
const lastStaffedUntil = (rotation: Rotation, teams: Teams, at: number): number | null => {
  // Everything just before `instant` is looked at: what ends there had somebody up to there.
  let instant = at + 1
  for (let jump = 0; jump < mostJumps; jump += 1) {
    const turn = turnAt(rotation, instant - 1)
    if (turn === null) return null
    if (!isStaffed(rotation, teams, turn.index)) {
      const last = lastStaffedTurn(rotation, teams, turn.index)
      if (last === undefined) return null
      instant = turnOf(rotation, last).to
      continue
    }
    const counted = countedAt(rotation, instant - 1)
    if (counted.counts) return instant
    if (counted.from === null) return null
    instant = counted.from
  }
  return instant
}

const rotationStretch = (rotation: Rotation, teams: Teams, at: number): Stretch => {
  const turn = turnAt(rotation, at)
  const people = turn === null ? [] : crewOf(teams, turn.participant)
  const counted = countedAt(rotation, at)
  if (turn === null || people.length === 0 || !counted.counts) {
    const [from, until] = [lastStaffedUntil(rotation, teams, at), nextStaffedAt(rotation, teams, at)]
    return { people: [], source: null, from, until, relievedAt: null }
  }
  return {
    people: people.map((accountId) => ({ accountId })),
    source: { kind: 'rotation', rotationId: rotation.id, turn: turn.index },
    from: latest([turn.from, counted.from]),
    until: earliest([turn.to, counted.until]),
    relievedAt: earliest([turn.relievedAt, counted.until]),
  }
}

/** An override of some rotations stands in for whoever they have; a turn's end cuts it, as it cuts what it replaces. */
export const stretchOf = (rotation: Rotation, schedule: Schedule, at: number): Stretch => {
  const own = rotationStretch(rotation, schedule, at)
  const overrides = schedule.overrides.filter(({ rotationIds }) => rotationIds?.includes(rotation.id))
  if (overrides.length === 0 || own.people.length === 0) return own
  const position = overrides.findLastIndex(({ from, to }) => from <= at && at < to)
  const free = freeOf(overrides.slice(position + 1), at)
  const from = latest([own.from, free.from])
  const until = earliest([own.until, free.until])
  const override = overrides[position]
  if (override === undefined) return { ...own, from, until }
  return {
    people: override.accountId === null ? [] : [{ accountId: override.accountId }],
    source: { kind: 'override', overrideId: override.id },
    from: latest([from, override.from]),
    until: earliest([until, override.to]),
    relievedAt: null,
  }
}
