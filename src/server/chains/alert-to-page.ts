/** Link 1 to 2: an alert that wakes somebody becomes a page in the transaction that stored it; taking or ending one takes or ends the other. */
import type { Reactions } from '../platform/reactions.ts'
import {
  alertAcknowledged,
  alertChanged,
  alertClosed,
  alertsChanged,
  type OpenedAlert,
} from '../operations/alerts/events.ts'
import { findAlert, type AlertListRow } from '../operations/alerts/index.ts'
import { acknowledgePagesCarrying } from '../operations/paging/acknowledge-page.ts'
import { requestPages } from '../operations/paging/request-page.ts'
import { resolveFinishedPages } from '../operations/paging/end-page.ts'

/** As if it opened now. No receipt caused this page but the change, which is an act of its own. */
const openedAgain = (alert: AlertListRow): OpenedAlert => ({
  id: alert.id,
  fingerprint: alert.fingerprint,
  priority: alert.priority,
  groupKey: alert.group_key,
  name: alert.name,
  summary: alert.summary,
  startsAt: alert.starts_at,
  digest: '',
})

export const alertToPage = (reactions: Reactions): void => {
  reactions.on(alertsChanged, async (tx, events) => {
    for (const { customerId, environmentId, body } of events) {
      if (!customerId || !environmentId) continue
      await requestPages(tx, { customerId, environmentId }, body.opened)
      if (body.closed.length > 0) await resolveFinishedPages(tx, body.closed)
    }
  })
  reactions.on(alertAcknowledged, async (tx, events) => {
    for (const { streamId, actorId, body } of events) {
      const by = body.by ?? actorId
      if (by) await acknowledgePagesCarrying(tx, [streamId], by)
    }
  })
  // What its source calls urgent only later would otherwise never wake anybody.
  reactions.on(alertChanged, async (tx, events) => {
    for (const { streamId, customerId, environmentId, body } of events) {
      const alert = body.pagesNow ? await findAlert(tx.db, streamId) : undefined
      if (!alert || !customerId || !environmentId) continue
      await requestPages(tx, { customerId, environmentId }, [openedAgain(alert)])
    }
  })
  reactions.on(alertClosed, async (tx, events) => {
    await resolveFinishedPages(
      tx,
      events.map((event) => event.streamId),
    )
  })
}
