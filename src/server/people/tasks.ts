/** Housekeeping of people: links, tries and sessions that ended long ago are forgotten. */
import { record } from '../platform/record.ts'
import { defineTask, type TaskKind } from '../platform/tasks/task.ts'
import { sweepSignIn } from './sign-in/store.ts'

const EVERY_MS = 24 * 3600 * 1000
const KEEP_MS = 30 * 24 * 3600 * 1000

export const sweepPeople: TaskKind<Record<string, never>> = defineTask('people.sweep', {
  lane: 'ordinary',
  run: async (ctx) => {
    const { database, clock } = ctx.platform
    await sweepSignIn(database.db, clock.now(), KEEP_MS)
    await record(ctx, async (tx) =>
      tx.later(sweepPeople, { payload: {}, key: 'sweep', dueAt: tx.now + EVERY_MS }),
    )
  },
})
