/** Link 1 to 2: an alert that wakes somebody becomes a page in the transaction that stored it; taking or ending one takes or ends the other. */
import type { Reactions } from '../platform/reactions.ts'
import { alertAcknowledged, alertClosed, alertsChanged } from '../operations/alerts/events.ts'
import { acknowledgePagesCarrying } from '../operations/paging/acknowledge-page.ts'
import { requestPages } from '../operations/paging/request-page.ts'
import { resolveFinishedPages } from '../operations/paging/end-page.ts'

export const alertToPage = (reactions: Reactions): void => {
  reactions.on(alertsChanged, async (tx, events) => {
    for (const { customerId, environmentId, body } of events) {
      if (!customerId || !environmentId) continue
      await requestPages(tx, { customerId, environmentId }, body.opened)
      if (body.closed.length > 0) await resolveFinishedPages(tx, body.closed)
    }
  })
  reactions.on(alertAcknowledged, async (tx, events) => {
    for (const { streamId, actorId } of events)
      if (actorId) await acknowledgePagesCarrying(tx, [streamId], actorId)
  })
  reactions.on(alertClosed, async (tx, events) => {
    await resolveFinishedPages(
      tx,
      events.map((event) => event.streamId),
    )
  })
}
