/** An alert that fires and ends again and again pages once; afterwards only when it stays. */
import type { Flap } from '../alerts/policies/alert-policy.ts'
import type { Priority } from '../alerts/priority.ts'
import { minute } from '../../time/instant.ts'

/** Of those for which no policy says another. */
export const USUAL_FLAP: Flap = { times: 3, withinMinutes: 15, stayMinutes: 5 }

/** @param said what a policy says of this alert; undefined: nothing. P1 is damped only where a policy says so. */
export const flapFor = (priority: Priority, said: Flap | null | undefined): Flap | null => {
  if (said !== undefined) return said
  return priority === 1 ? null : USUAL_FLAP
}

/**
 * @param endedAt  when earlier occurrences of this alert ended by themselves, epoch milliseconds, in any order
 * @param openedAt when this one began here
 * @param at       now
 * @returns the instant until which it must stay to page; null: it pages
 */
export const dampedUntil = (
  flap: Flap | null,
  endedAt: readonly number[],
  openedAt: number,
  at: number,
): number | null => {
  if (flap === null) return null
  // This firing is one of the times; each before it has ended.
  const since = openedAt - flap.withinMinutes * minute
  const times = endedAt.filter((ended) => ended >= since && ended <= openedAt).length + 1
  const until = openedAt + flap.stayMinutes * minute
  return times >= flap.times && at < until ? until : null
}
