/** Link 3 to 2: help asked in an incident pages the role or the person at once, and the call ends with the incident. */
import { isRole } from '../../domain/people/permissions.ts'
import type { EscalationTarget } from '../../domain/operations/paging/escalation-policy.ts'
import { incidentEvents } from '../operations/incidents/index.ts'
import { askForHelp } from '../operations/paging/ask-for-help.ts'
import { resolvePagesOfIncident } from '../operations/paging/end-page.ts'
import type { Reactions } from '../platform/reactions.ts'

type Asked = { to: { kind: 'role'; role: string } | { kind: 'account'; accountId: string }; reason: string }

const targetOf = ({ to }: Asked): EscalationTarget | undefined => {
  if (to.kind === 'account') return { kind: 'account', id: to.accountId }
  return isRole(to.role) ? { kind: 'role', role: to.role } : undefined
}

export const incidentToPage = (reactions: Reactions): void => {
  reactions.on(incidentEvents['help-asked'], async (tx, events) => {
    for (const { streamId, customerId, environmentId, body } of events) {
      const asked = body as unknown as Asked
      const target = targetOf(asked)
      if (!target || !customerId || !environmentId) continue
      await askForHelp(tx, { incidentId: streamId, customerId, environmentId, target, title: asked.reason })
    }
  })
  reactions.on(incidentEvents['incident-resolved'], async (tx, events) => {
    for (const { streamId } of events) await resolvePagesOfIncident(tx, streamId)
  })
}
