/** The question of the night: who is on call at this instant, until when, and who is next. */
import { dutyAt, type DutySource } from './duty.ts'
import type { Schedule } from './schedule.ts'

/**
 * `until` is when the answer changes, which may be to the same person by another cause.
 * Nobody is a finding to be shown in red and paged around, never a silence: `onPurpose` says that an override asked for it.
 */
export type OnCall =
  | {
      readonly kind: 'person'
      readonly accountId: string
      readonly source: DutySource
      readonly from: number
      readonly until: number
    }
  | { readonly kind: 'nobody'; readonly onPurpose: boolean; readonly until: number | null }

export type PersonOnCall = Extract<OnCall, { kind: 'person' }>

/**
 * Where the clock goes back across a hand-over, the incoming engineer is the answer from the first occurrence on;
 * `shiftsBetween` shows the outgoing one beside them until the last.
 * @param schedule must have passed `checkSchedule`
 */
export const whoIsOnCall = (schedule: Schedule, at: number): OnCall => {
  const { accountId, source, from, until } = dutyAt(schedule, at)
  if (accountId === null || source === null || from === null || until === null) {
    return { kind: 'nobody', onPurpose: source !== null, until }
  }
  return { kind: 'person', accountId, source, from, until }
}

/** Far beyond any rota in which the next person is another one; keeps the question bounded where two layers seldom coincide. */
const mostDutiesAhead = 1_000

/** @returns the next duty of somebody else than is on call at `at`, or null when nobody else ever is. */
export const nextOnCall = (schedule: Schedule, at: number): PersonOnCall | null => {
  const current = whoIsOnCall(schedule, at)
  const currentId = current.kind === 'person' ? current.accountId : null
  const others = [
    ...schedule.layers.flatMap(({ participants }) => participants),
    ...schedule.overrides.map(({ accountId, to }) => (to > at ? accountId : null)),
  ].filter((accountId) => accountId !== null && accountId !== currentId)
  if (others.length === 0) return null
  let from = current.until
  for (let steps = 0; from !== null && steps < mostDutiesAhead; steps += 1) {
    const duty = whoIsOnCall(schedule, from)
    if (duty.kind === 'person' && duty.accountId !== currentId) return duty
    from = duty.until
  }
  return null
}
