/** Forgets what became of old requests: clients ask within seconds. */
import { defineRecurring } from '../../platform/tasks/recurring.ts'
import { forgetRequests } from './request-store.ts'

const HOUR_MS = 3_600_000
export const KEEP_MS = 24 * HOUR_MS

export const forgetOldRequests = defineRecurring('opsgenie.forget-requests', {
  lane: 'ordinary',
  everyMs: HOUR_MS,
  run: async ({ platform }) => {
    await forgetRequests(platform.database.db, platform.clock.now() - KEEP_MS)
  },
})
