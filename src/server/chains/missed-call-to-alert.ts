/** Before link 1: a call that nobody took is an alert, in the transaction that noticed it. */
import { createHash } from 'node:crypto'
import type { Priority } from '../../domain/operations/alerts/priority.ts'
import { alertOfMissedCall } from '../../domain/operations/phone-lines/phone-call.ts'
import { openOwnAlert } from '../operations/alerts/own-alert.ts'
import { phoneCallMissed } from '../operations/phone-lines/events.ts'
import type { Reactions } from '../platform/reactions.ts'

/** 128 bits, which no webhook can send. */
const fingerprintOf = (callId: string): string =>
  createHash('sha256').update(`phone call ${callId}`).digest('hex').slice(0, 32)

export const missedCallToAlert = (reactions: Reactions): void => {
  reactions.on(phoneCallMissed, async (tx, events) => {
    for (const { streamId, customerId, environmentId, body } of events) {
      if (!customerId || !environmentId) continue
      const line = { name: body.line, priority: body.priority as Priority }
      const about = { fingerprint: fingerprintOf(streamId), from: body.from, now: tx.now }
      await openOwnAlert(tx, { customerId, environmentId }, alertOfMissedCall(line, about))
    }
  })
}
