/** Link 2 to 1: whoever takes a page has taken every alert it carries at that moment, in the same transaction. */
import { acknowledgeAlertsOfPage } from '../operations/alerts/acknowledge-alert.ts'
import { acknowledgePagesInHand } from '../operations/paging/acknowledge-page.ts'
import { pageAcknowledged } from '../operations/paging/events.ts'
import { alertIdsOf } from '../operations/paging/store.ts'
import type { Reactions } from '../platform/reactions.ts'

export const pageToAlert = (reactions: Reactions): void => {
  reactions.on(pageAcknowledged, async (tx, events) => {
    for (const { streamId, customerId, environmentId, body } of events) {
      if (!customerId || !environmentId) continue
      const alertIds = await alertIdsOf(tx.db, streamId)
      await acknowledgeAlertsOfPage(tx, {
        pageId: streamId,
        alertIds,
        by: body.by,
        customerId,
        environmentId,
      })
      // Of an alert that two pages carry, whoever takes one has taken the other as far as it carries nothing else.
      await acknowledgePagesInHand(tx, alertIds)
    }
  })
}
