/** What a window kept quiet and still fires pages when it ends, in the transaction that ends it: nothing waits for a second step. */
import { windowEnded } from '../operations/maintenance/events.ts'
import { pageSuppressed } from '../operations/paging/request-page.ts'
import type { Reactions } from '../platform/reactions.ts'

export const windowToPage = (reactions: Reactions): void => {
  reactions.on(windowEnded, async (tx, events) => {
    for (const { streamId, customerId, environmentId } of events)
      if (customerId && environmentId) await pageSuppressed(tx, { customerId, environmentId }, streamId)
  })
}
