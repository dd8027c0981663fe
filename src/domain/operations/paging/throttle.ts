/** How often one destination is told: a person who gets forty messages reads none of them. */
import { hour, minute } from '../../time/instant.ts'
import type { Channel } from './intent.ts'

type Cap = { readonly most: number; readonly withinMs: number }

/** Time between two messages to one destination; a fresh P1 from elsewhere may come sooner, once in CAP_MS. */
export const PACE_MS = minute
const CAP_MS = 5 * minute
const GENERAL: readonly Cap[] = [{ most: 3, withinMs: CAP_MS }]

/** The numbers are GoAlert's, whose users have lived with them; the cap of three in five minutes is ours and holds for all. */
const CAPS: Readonly<Record<Exclude<Channel, 'screen'>, readonly Cap[]>> = {
  email: GENERAL,
  'web-push': GENERAL,
  slack: GENERAL,
  mattermost: GENERAL,
  ntfy: GENERAL,
  webhook: GENERAL,
  sms: [...GENERAL, { most: 5, withinMs: 15 * minute }, { most: 11, withinMs: hour }],
  voice: [...GENERAL, { most: 3, withinMs: 15 * minute }, { most: 7, withinMs: hour }],
}

/** What is older than this never matters. */
export const LONGEST_MEMORY_MS = hour

/** A message that went to the destination, or is on its way; a message of several pages counts once. */
export type ToldMessage = { readonly at: number; readonly environments: readonly string[] }

export type Waiting = { readonly priority: number; readonly environmentId: string }

export type Throttled =
  /** Now, with everything else that waits for this destination. */
  | { readonly kind: 'send' }
  /** Now, by itself: it waits for nothing and nothing is mixed into it. */
  | { readonly kind: 'send-alone' }
  | { readonly kind: 'wait'; readonly until: number }

/** When the caps leave room again: `now` when they do already. */
const roomAt = (caps: readonly Cap[], times: readonly number[], now: number): number =>
  Math.max(
    now,
    ...caps.map(({ most, withinMs }) => {
      // times: newest first. With `most` of them in the window, the oldest of those has to leave it.
      const last = times[most - 1]
      return last === undefined ? now : last + withinMs
    }),
  )

/** Only one in CAP_MS: of three messages one is kept for whatever else the same trouble rings. */
const hasJumped = (times: readonly number[], now: number): boolean =>
  times.some((at, index) => {
    const earlier = times[index + 1]
    return at > now - CAP_MS && earlier !== undefined && at - earlier < PACE_MS
  })

/**
 * @param told what went to the destination in the last LONGEST_MEMORY_MS, in any order
 * @returns `until` is later than `now`
 */
export const throttle = (
  channel: Exclude<Channel, 'screen'>,
  told: readonly ToldMessage[],
  waiting: Waiting,
  now: number,
): Throttled => {
  // A clock that went back must not silence anybody: what seems to lie ahead was just now.
  const times = told.map(({ at }) => Math.min(at, now)).sort((a, b) => b - a)
  const room = roomAt(CAPS[channel], times, now)
  const paced = Math.max(room, (times[0] ?? Number.NEGATIVE_INFINITY) + PACE_MS)
  if (paced <= now) return { kind: 'send' }
  const isFresh = told.every(
    ({ at, environments }) => at <= now - CAP_MS || !environments.includes(waiting.environmentId),
  )
  if (room <= now && waiting.priority === 1 && isFresh && !hasJumped(times, now))
    return { kind: 'send-alone' }
  return { kind: 'wait', until: paced }
}
