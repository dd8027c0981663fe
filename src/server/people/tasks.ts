/** Housekeeping of people: links, tries and sessions that ended long ago are forgotten. */
import { defineRecurring } from '../platform/tasks/recurring.ts'
import { sweepSignIn } from './sign-in/store.ts'

const DAY_MS = 24 * 3600 * 1000
const KEEP_MS = 30 * DAY_MS

export const sweepPeople = defineRecurring('people.sweep', {
  lane: 'ordinary',
  everyMs: DAY_MS,
  run: async ({ platform: { database, clock }, log }) => {
    const gone = await sweepSignIn(database.db, clock.now(), KEEP_MS)
    log.debug({ gone }, 'old links, tries and sessions were forgotten')
  },
})
