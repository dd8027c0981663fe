/**
 * An alert that Prometheus itself posts carries an end in the future: it is said again until then, or it is over, or Prometheus
 * is gone. Silence is not health: which of the two it is shows only in whether the same Prometheus is still heard of.
 */
import { day, minute } from '../../time/instant.ts'

/** Instants in epoch milliseconds. */
export type Lease = {
  /** The end that was said last. */
  readonly untilAt: number
  /** When the alert was last reported, by whatever way. */
  readonly lastSeenAt: number
  /** Whether it is written on the alert already that nothing is heard of it. */
  readonly isMarked: boolean
}

/** The Prometheus that posted it. `heardSinceAt`: the beginning of the time in which it was heard without a gap. */
export type LeaseSender = { readonly heardSinceAt: number; readonly heardAt: number }

/** Prometheus repeats itself each minute (`--rules.alert.resend-delay`); after a longer silence it counts as new. */
export const SENDER_GAP_MS = 5 * minute
/**
 * A Prometheus that starts anew holds alerts with a `for` back, up to ten minutes (`--rules.alert.for-grace-period`): to
 * close them meanwhile would page again for the same trouble.
 */
export const LEASE_GRACE_MS = 15 * minute
/** An end further ahead is no lease: no Prometheus evaluates its rules so seldom. */
const LONGEST_MS = day

export const isLease = (endsAt: number | null, now: number): endsAt is number =>
  endsAt !== null && endsAt > now && endsAt <= now + LONGEST_MS

/**
 * `over`: its Prometheus was heard of all the while and does not say it any more, as when a rule is deleted.
 * `unheard`: nothing is heard of the alert, nor of who sent it: it stays open, and says so.
 */
export const whatBecameOf = (lease: Lease, sender: LeaseSender, now: number): 'held' | 'unheard' | 'over' => {
  const silentSinceAt = Math.max(lease.untilAt, lease.lastSeenAt)
  if (silentSinceAt + LEASE_GRACE_MS > now) return 'held'
  const isHeard = sender.heardAt + SENDER_GAP_MS > now
  if (isHeard && sender.heardSinceAt + LEASE_GRACE_MS <= now) return 'over'
  return isHeard || lease.isMarked ? 'held' : 'unheard'
}

/** Which Prometheus it is, by the labels that tell them apart where several use one key. */
export const senderName = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify([labels['cluster'] ?? '', labels['prometheus'] ?? ''])
