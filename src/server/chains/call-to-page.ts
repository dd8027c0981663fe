/** Beside link 1: somebody pages by hand. What they say is an alert, and it pages exactly whom they named. */
import { createHash } from 'node:crypto'
import { alertOfCall } from '../../domain/operations/paging/call.ts'
import type { Priority } from '../../domain/operations/alerts/priority.ts'
import type { EscalationTarget } from '../../domain/operations/paging/escalation-policy.ts'
import { storeOwnAlert } from '../operations/alerts/own-alert.ts'
import { calledOut } from '../operations/paging/events.ts'
import { callIn, escalateTo } from '../operations/paging/escalate.ts'
import type { Reactions } from '../platform/reactions.ts'

export const callToPage = (reactions: Reactions): void =>
  reactions.on(calledOut, async (tx, events) => {
    for (const { streamId, customerId, environmentId, body } of events) {
      if (!customerId || !environmentId) continue
      const where = { customerId, environmentId }
      const fingerprint = createHash('sha256').update(`call ${streamId}`).digest('hex').slice(0, 32)
      const call = { text: body.text, priority: body.priority as Priority }
      const opened = await storeOwnAlert(tx, where, alertOfCall(call, { fingerprint, now: tx.now }), streamId)
      if (body.policy === null) await callIn(tx, where, opened, body.target as EscalationTarget)
      else await escalateTo(tx, where, opened, body.policy)
    }
  })
