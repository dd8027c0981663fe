/** How long an alert holds that a Prometheus posts itself: written down when it is said, looked at every minute. */
import {
  isLease,
  LEASE_GRACE_MS,
  SENDER_GAP_MS,
  senderName,
  whatBecameOf,
} from '../../../domain/operations/alerts/lease.ts'
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { describeDuration, minute } from '../../../domain/time/instant.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import type { Ctx, Platform } from '../../platform/context.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineRecurring } from '../../platform/tasks/recurring.ts'
import { alertNoted, alertsChanged } from './events.ts'
import {
  findEndedLeases,
  forgetEndedLeases,
  lockLeaseOf,
  markUnheard,
  putLeases,
  type EndedLease,
} from './lease-store.ts'
import { closeBySource } from './store.ts'

export type Said = { readonly alert: AlertFromSource; readonly endsAt: number | null }

/** After the commit of the alerts. What cannot be written down is held for ever, which is the safe side. */
export const keepLeases = async (
  platform: Platform,
  key: IntegrationActor,
  said: readonly Said[],
  now: number,
): Promise<void> => {
  const held = said.flatMap(({ alert: { status, fingerprint, labels }, endsAt }) =>
    status === 'firing' && isLease(endsAt, now)
      ? [{ fingerprint, sender: senderName(labels), untilAt: endsAt }]
      : [],
  )
  if (held.length === 0) return
  try {
    await putLeases(platform.database.db, key, held, { at: now, gapMs: SENDER_GAP_MS })
  } catch (error) {
    platform.log.warn({ err: (error as Error).message }, 'how long alerts hold could not be written down')
  }
}

const MOST_AT_ONCE = 500

/** What is recorded, in English for whoever reads it. */
const overNote = (silentMs: number): string =>
  `Its Prometheus is heard of and has not said it for ${describeDuration(silentMs)}, as when a rule is deleted: closed.`
const unheardNote = (silentMs: number): string =>
  `Not heard of for ${describeDuration(silentMs)}, nor of the Prometheus that sent it. Silence is not health: it stays open until its Prometheus or a person says otherwise.`

const endLease = async (tx: WriteTx, lease: EndedLease): Promise<unknown> => {
  const { alertId, name, customerId, environmentId } = lease
  const became = whatBecameOf({ ...lease, isMarked: lease.markedAt !== null }, lease, tx.now)
  if (became === 'held') return NOTHING_CHANGED
  const silentMs = tx.now - lease.lastSeenAt
  const where = { customerId, environmentId }
  if (became === 'over') {
    const closed = await closeBySource(tx.db, [alertId], tx.now)
    tx.append(alertsChanged, { stream: tx.id(), ...where, body: { opened: [], closed } })
  } else await markUnheard(tx.db, lease, tx.now)
  return tx.append(alertNoted, {
    stream: alertId,
    ...where,
    refs: [['alert', alertId]],
    body: { name, note: became === 'over' ? overNote(silentMs) : unheardNote(silentMs), by: '' },
  })
}

/** Since when this process looks: that nothing was heard while nobody listened says nothing. */
const lookingSince = new WeakMap<Platform, number>()
const hasListened = (platform: Platform, now: number): boolean => {
  const since = lookingSince.get(platform) ?? now
  lookingSince.set(platform, since)
  return since + LEASE_GRACE_MS <= now
}

/** One alert a transaction: none waits for another, and each is looked at again with its lock in hand. */
const endLeases = async (ctx: Ctx): Promise<void> => {
  const { database, clock } = ctx.platform
  const now = clock.now()
  if (!hasListened(ctx.platform, now)) return
  const ended = await findEndedLeases(database.db, now - LEASE_GRACE_MS, MOST_AT_ONCE)
  for (const { alertId } of ended)
    await record<unknown>(ctx, async (tx) => {
      const lease = await lockLeaseOf(tx.db, alertId)
      return lease ? endLease(tx, lease) : NOTHING_CHANGED
    })
}

/** In the lane of pages: it stands still while an installation is held, when nobody could have been heard. */
export const endLeasesTask = defineRecurring('alerts.end-leases', {
  lane: 'page',
  everyMs: minute,
  run: endLeases,
})

const SENDERS_KEPT_MS = 7 * 24 * 60 * minute
export const forgetLeases = defineRecurring('alerts.forget-leases', {
  lane: 'ordinary',
  everyMs: 60 * minute,
  run: ({ platform }) => forgetEndedLeases(platform.database.db, platform.clock.now() - SENDERS_KEPT_MS),
})
