/** Closes alerts that were not said again for as long as a policy waits, and lets those page that were said often enough. */
import type { Ctx, Platform } from '../../../platform/context.ts'
import { systemCtx } from '../../../platform/context.ts'
import { NOTHING_CHANGED, record } from '../../../platform/record.ts'
import { defineRecurring } from '../../../platform/tasks/recurring.ts'
import { alertsChanged } from '../events.ts'
import { findSilent, lockSilent, releaseOften } from './auto-close-store.ts'
import { alertClosedByPolicy } from './events.ts'
import { forgetMembers } from './merge-store.ts'
import { forgetEnds, LONGEST_FLAP_MS } from './policy-store.ts'

const MINUTE_MS = 60_000
const MOST_AT_ONCE = 500
/** That nothing was heard while nobody listened says nothing. Longer than this nobody needs to have listened. */
const MOST_LISTENED_MS = 15 * MINUTE_MS

const lookingSince = new WeakMap<Platform, number>()

/** One alert a transaction: none waits for another, and each is looked at again with its lock in hand. */
export const closeSilent = async (ctx: Ctx): Promise<void> => {
  const { platform } = ctx
  const now = platform.clock.now()
  const since = lookingSince.get(platform) ?? now
  lookingSince.set(platform, since)
  const listenedMs = now - since
  for (const alertId of await findSilent(platform.database.db, now, MOST_AT_ONCE))
    await record<unknown>(ctx, async (tx) => {
      const alert = await lockSilent(tx.db, alertId, tx.now)
      if (!alert || listenedMs < Math.min(alert.closeAfterMs, MOST_LISTENED_MS)) return NOTHING_CHANGED
      await alert.close()
      return tx.append(alertClosedByPolicy, {
        stream: alertId,
        customerId: alert.customerId,
        environmentId: alert.environmentId,
        refs: [['alert', alertId]],
        body: {
          name: alert.name,
          policy: alert.policy,
          silentMinutes: Math.floor((tx.now - alert.lastSeenAt) / MINUTE_MS),
        },
      })
    })
}

/** In the lane of pages: it stands still while an installation is held, when nobody could have been heard. */
export const closeSilentTask = defineRecurring('alerts.close-silent', {
  lane: 'page',
  everyMs: MINUTE_MS,
  run: closeSilent,
})

export const forgetMerged = defineRecurring('alerts.forget-merged', {
  lane: 'ordinary',
  everyMs: 60 * MINUTE_MS,
  run: async ({ platform }) => {
    await forgetMembers(platform.database.db)
    await forgetEnds(platform.database.db, platform.clock.now() - LONGEST_FLAP_MS)
  },
})

/** @param alertIds whose counters were just written: of them, those that waited to be said so often page now, as if they opened */
export const pageOften = async (platform: Platform, alertIds: readonly string[]): Promise<void> => {
  await record<unknown>(systemCtx(platform, 'alerts.page-often'), async (tx) => {
    const released = await releaseOften(tx.db, alertIds)
    if (released.length === 0) return NOTHING_CHANGED
    const places = Map.groupBy(released, ({ environmentId }) => environmentId)
    for (const [environmentId, opened] of places)
      tx.append(alertsChanged, {
        stream: tx.id(),
        customerId: opened[0]?.customerId,
        environmentId,
        body: { opened, closed: [] },
      })
    tx.observed()
    return true
  })
}
