/** Link 1 to 2: an alert that wakes somebody becomes a page in the transaction that stored it; when its alerts are gone the page ends. */
import type { Reactions } from '../platform/reactions.ts'
import { alertClosed, alertsChanged } from '../operations/alerts/events.ts'
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
  reactions.on(alertClosed, async (tx, events) => {
    await resolveFinishedPages(
      tx,
      events.map((event) => event.streamId),
    )
  })
}
