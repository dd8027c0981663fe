/** Link 1 to 2: an alert that wakes somebody becomes a page in the transaction that stored it; taking or ending one takes or ends the other. */
import type { Reactions } from '../platform/reactions.ts'
import type { WriteTx } from '../platform/record.ts'
import type { EscalationTarget } from '../../domain/operations/paging/escalation-policy.ts'
import {
  alertAcknowledged,
  alertChanged,
  alertClosed,
  alertEscalated,
  alertResponderAdded,
  alertsChanged,
  alertSnoozed,
  alertSnoozeEnded,
  alertUnacknowledged,
  type OpenedAlert,
} from '../operations/alerts/events.ts'
import { findAlert, type AlertListRow } from '../operations/alerts/index.ts'
import { alertClosedByPolicy } from '../operations/alerts/policies/events.ts'
import { acknowledgePagesCarrying, acknowledgePagesInHand } from '../operations/paging/acknowledge-page.ts'
import { ringDrills } from '../operations/paging/drills/ring-drill.ts'
import { callIn, escalateNext, escalateTo } from '../operations/paging/escalate.ts'
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

type Told = {
  readonly streamId: string
  readonly customerId: string | undefined
  readonly environmentId: string | undefined
}

/** Somebody gave it back, or it slept long enough: as if it opened at this moment. */
const pageAnew = async (tx: WriteTx, events: readonly Told[]): Promise<void> => {
  for (const { streamId, customerId, environmentId } of events) {
    const alert = await findAlert(tx.db, streamId)
    if (alert && customerId && environmentId)
      await requestPages(tx, { customerId, environmentId }, [openedAgain(alert)])
  }
}

/** What pages on somebody's word: the next step or another policy, or one more to call. */
const onAsking = (reactions: Reactions): void => {
  reactions.on(alertEscalated, async (tx, events) => {
    for (const { streamId, customerId, environmentId, body } of events) {
      const alert = await findAlert(tx.db, streamId)
      if (!alert || !customerId || !environmentId) continue
      const where = { customerId, environmentId }
      if (body.policy === null) await escalateNext(tx, where, openedAgain(alert))
      else await escalateTo(tx, where, openedAgain(alert), body.policy)
    }
  })
  reactions.on(alertResponderAdded, async (tx, events) => {
    for (const { streamId, customerId, environmentId, body } of events) {
      const alert = await findAlert(tx.db, streamId)
      if (!alert || !customerId || !environmentId) continue
      await callIn(tx, { customerId, environmentId }, openedAgain(alert), body.target as EscalationTarget)
    }
  })
}

const streamsOf = (events: readonly Told[]): string[] => events.map(({ streamId }) => streamId)

export const alertToPage = (reactions: Reactions): void => {
  reactions.on(alertsChanged, async (tx, events) => {
    for (const { customerId, environmentId, body } of events) {
      if (!customerId || !environmentId) continue
      const where = { customerId, environmentId }
      await requestPages(tx, where, await ringDrills(tx, where, body.opened))
      if (body.closed.length === 0) continue
      await resolveFinishedPages(tx, body.closed)
      await acknowledgePagesInHand(tx, body.closed)
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
    await resolveFinishedPages(tx, streamsOf(events))
    await acknowledgePagesInHand(tx, streamsOf(events))
  })
  reactions.on(alertClosedByPolicy, async (tx, events) => {
    await resolveFinishedPages(tx, streamsOf(events))
    await acknowledgePagesInHand(tx, streamsOf(events))
  })
  reactions.on(alertSnoozed, (tx, events) => acknowledgePagesInHand(tx, streamsOf(events)))
  reactions.on(alertUnacknowledged, pageAnew)
  reactions.on(alertSnoozeEnded, pageAnew)
  onAsking(reactions)
}
