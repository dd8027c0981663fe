/** What the ledger does again and again: sealing. Sequencing is no task: it belongs to the one process that is elected. */
import { defineRecurring } from '../../platform/tasks/recurring.ts'
import { sealObservations } from './seal-observations.ts'

/** With at most a minute's SEAL_SECONDS, what was received is in the ledger within 120 seconds. */
const SEAL_EVERY_MS = 5_000

export const sealing = defineRecurring('observations.seal', {
  lane: 'evidence',
  everyMs: SEAL_EVERY_MS,
  leaseMs: 60_000,
  run: async (ctx) => {
    await sealObservations(ctx)
  },
})
