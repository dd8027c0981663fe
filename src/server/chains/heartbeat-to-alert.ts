/** Before link 1: silence is an alert, and its end closes it, in the transaction that noticed either. */
import { createHash } from 'node:crypto'
import type { Priority } from '../../domain/operations/alerts/priority.ts'
import { alertOfSilence } from '../../domain/operations/heartbeats/heartbeat.ts'
import { closeOwnAlert, openOwnAlert } from '../operations/alerts/own-alert.ts'
import { heartbeatExpired, heartbeatReturned } from '../operations/heartbeats/events.ts'
import type { Reactions } from '../platform/reactions.ts'

/** 128 bits, which no webhook can send. */
const fingerprintOf = (heartbeatId: string): string =>
  createHash('sha256').update(`heartbeat ${heartbeatId}`).digest('hex').slice(0, 32)

export const heartbeatToAlert = (reactions: Reactions): void => {
  reactions.on(heartbeatExpired, async (tx, events) => {
    for (const { streamId, customerId, environmentId, body } of events) {
      if (!customerId || !environmentId) continue
      const heartbeat = { ...body, priority: body.priority as Priority }
      const about = { fingerprint: fingerprintOf(streamId), now: tx.now }
      await openOwnAlert(tx, { customerId, environmentId }, alertOfSilence(heartbeat, about))
    }
  })
  reactions.on(heartbeatReturned, async (tx, events) => {
    for (const { streamId, customerId, environmentId } of events)
      if (customerId && environmentId)
        await closeOwnAlert(tx, { customerId, environmentId }, fingerprintOf(streamId))
  })
}
