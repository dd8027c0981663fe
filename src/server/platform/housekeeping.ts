/** Forgets what the platform keeps for a while only: stored replies, processes that are gone. */
import { forgetKeys } from './http/idempotency-store.ts'
import { forgetProcesses } from './processes.ts'
import { defineRecurring } from './tasks/recurring.ts'

const EVERY_MS = 3_600_000

export const tidyPlatform = defineRecurring('platform.tidy', {
  lane: 'ordinary',
  everyMs: EVERY_MS,
  run: async ({ platform, log }) => {
    const { db } = platform.database
    const now = platform.clock.now()
    const replies = await forgetKeys(db, now)
    const processes = await forgetProcesses(db, now)
    log.debug({ replies, processes }, 'old replies and processes were forgotten')
  },
})
