/** The question of the night: who is on call at this instant, until when, and who is next. */
import { tracksOf } from './duty.ts'
import { crewOf, type Schedule } from './schedule.ts'
import { earliest, latest, type DutySource, type Somebody, type Stretch } from './stretch.ts'

/** @property until when this person's duty changes, which may be to the same person by another cause */
export type PersonOnCall = Somebody & {
  readonly source: DutySource
  readonly from: number
  readonly until: number
}

/**
 * `until` is when the answer changes, for any of the people.
 * Nobody is a finding to be shown in red and paged around, never a silence: `onPurpose` says that an override asked for it.
 */
export type OnCall =
  | {
      readonly kind: 'people'
      /** In the order in which they are told; nobody twice. */
      readonly people: readonly [PersonOnCall, ...PersonOnCall[]]
      readonly from: number
      readonly until: number
    }
  | { readonly kind: 'nobody'; readonly onPurpose: boolean; readonly until: number | null }

const peopleOf = ({ people, source, from, until }: Stretch): PersonOnCall[] =>
  source === null || from === null || until === null
    ? []
    : people.map((somebody) => ({ ...somebody, source, from, until }))

/**
 * Where the clock goes back across a hand-over, the incoming engineer is the answer from the first occurrence on;
 * `shiftsBetween` shows the outgoing one beside them until the last.
 * @param schedule must have passed `checkSchedule`
 */
export const whoIsOnCall = (schedule: Schedule, at: number): OnCall => {
  const stretches = tracksOf(schedule).map((track) => track(at))
  const from = latest(stretches.map((stretch) => stretch.from))
  const until = earliest(stretches.map((stretch) => stretch.until))
  const found = stretches.flatMap(peopleOf)
  const [first, ...others] = found.filter(
    ({ accountId }, place) => found.findIndex((person) => person.accountId === accountId) === place,
  )
  if (first === undefined || from === null || until === null) {
    return { kind: 'nobody', onPurpose: stretches.some(({ source }) => source !== null), until }
  }
  return { kind: 'people', people: [first, ...others], from, until }
}

/** Far beyond any rota in which the next person is another one; keeps the question bounded where two layers seldom coincide. */
const mostAnswersAhead = 1_000

/** Since when the answer has been what it is, also where it is nobody; null: since ever. */
const sinceOf = (schedule: Schedule, at: number): number | null =>
  latest(tracksOf(schedule).map((track) => track(at).from))

const peopleIn = (onCall: OnCall): readonly PersonOnCall[] => (onCall.kind === 'people' ? onCall.people : [])

/** @returns the next duty of somebody who is not on call at `at`, or null when nobody else ever is. */
export const nextOnCall = (schedule: Schedule, at: number): PersonOnCall | null => {
  const current = whoIsOnCall(schedule, at)
  const present = new Set(peopleIn(current).map(({ accountId }) => accountId))
  const others = [
    ...schedule.layers.flatMap(({ participants }) => participants.flatMap((one) => crewOf(schedule, one))),
    ...schedule.overrides.map(({ accountId, to }) => (to > at ? accountId : null)),
    ...(schedule.forwardings ?? []).map(({ toAccountId, to }) => (to > at ? toAccountId : null)),
  ].filter((accountId) => accountId !== null && !present.has(accountId))
  if (others.length === 0) return null
  let from = current.until
  for (let steps = 0; from !== null && steps < mostAnswersAhead; steps += 1) {
    const onCall = whoIsOnCall(schedule, from)
    const newcomer = peopleIn(onCall).find(({ accountId }) => !present.has(accountId))
    if (newcomer !== undefined) return newcomer
    from = onCall.until
  }
  return null
}

/** @returns the last duty of somebody who is not on call at `at`, or null when there was nobody else within the bounds */
export const previousOnCall = (schedule: Schedule, at: number): PersonOnCall | null => {
  const current = whoIsOnCall(schedule, at)
  const present = new Set(peopleIn(current).map(({ accountId }) => accountId))
  let from = sinceOf(schedule, at)
  for (let steps = 0; from !== null && steps < mostAnswersAhead; steps += 1) {
    const before = from - 1
    const gone = peopleIn(whoIsOnCall(schedule, before)).find(({ accountId }) => !present.has(accountId))
    if (gone !== undefined) return gone
    from = sinceOf(schedule, before)
  }
  return null
}

export type NobodyOnCall = { readonly from: number; readonly to: number; readonly onPurpose: boolean }

/** @returns the stretches of [from, to) in which nobody is on call, in order, each for one cause */
export const nobodyBetween = (schedule: Schedule, from: number, to: number): readonly NobodyOnCall[] => {
  const found: NobodyOnCall[] = []
  for (let at: number = from; at < to;) {
    const onCall = whoIsOnCall(schedule, at)
    const until = Math.min(onCall.until ?? to, to)
    if (onCall.kind === 'nobody') {
      const last = found.at(-1)
      const goesOn = last !== undefined && last.to === at && last.onPurpose === onCall.onPurpose
      if (goesOn) found[found.length - 1] = { ...last, to: until }
      else found.push({ from: at, to: until, onPurpose: onCall.onPurpose })
    }
    at = until
  }
  return found
}
