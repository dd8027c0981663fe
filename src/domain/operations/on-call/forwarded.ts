/** Duty that somebody forwarded for a time: the rota says whose it is, and another person answers. */
import type { Forwarding } from './schedule.ts'
import { earliest, freeOf, latest, type Somebody, type Stretch, type Track } from './stretch.ts'

/** Who answers for one person at the instant, and in which stretch around it that stays so. */
const answering = (somebody: Somebody, forwardings: readonly Forwarding[], at: number) => {
  const own = forwardings.filter(({ accountId }) => accountId === somebody.accountId)
  const position = own.findLastIndex(({ from, to }) => from <= at && at < to)
  const free = freeOf(own.slice(position + 1), at)
  const inForce = own[position]
  if (inForce === undefined) return { somebody, ...free }
  return {
    somebody: { accountId: inForce.toAccountId, forwardedFrom: somebody.accountId },
    from: latest([inForce.from, free.from]),
    until: earliest([inForce.to, free.until]),
  }
}

const forwardedStretch = (stretch: Stretch, forwardings: readonly Forwarding[], at: number): Stretch => {
  const answers = stretch.people.map((somebody) => answering(somebody, forwardings, at))
  const from = latest([stretch.from, ...answers.map((answer) => answer.from)])
  const until = earliest([stretch.until, ...answers.map((answer) => answer.until)])
  // The overlap of a hand-over is that of a turn's end; a forwarding ends sharply.
  const relievedAt = until === stretch.until ? stretch.relievedAt : null
  return { ...stretch, people: answers.map(({ somebody }) => somebody), from, until, relievedAt }
}

export const forwarded =
  (track: Track, forwardings: readonly Forwarding[]): Track =>
  (at) =>
    forwardedStretch(track(at), forwardings, at)
