/** Pages a role or a person because somebody in an incident asked for help. */
import { storable } from '../../../domain/operations/alerts/storable-text.ts'
import type {
  EscalationPolicy,
  EscalationTarget,
} from '../../../domain/operations/paging/escalation-policy.ts'
import { apply, decide, noPage } from '../../../domain/operations/paging/page.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { WriteTx } from '../../platform/record.ts'
import { beginDueSteps } from './begin-step.ts'
import { pageRequested } from './events.ts'
import { insertPage } from './store.ts'

const LONGEST_TITLE = 300

type Help = {
  readonly incidentId: string
  readonly customerId: string
  readonly environmentId: string
  readonly target: EscalationTarget
  readonly title: string
}

/** Told again after ten minutes, once; then the administrators. Whoever asked has not stopped needing help. */
const policyOf = (target: EscalationTarget): EscalationPolicy => ({
  id: '00000000-0000-7000-8000-000000000002',
  name: 'help in an incident',
  steps: [{ afterMinutes: 0, targets: [target] }],
  repeat: 1,
  fallback: [{ kind: 'role', role: 'administrator' }],
})

export const askForHelp = async (tx: WriteTx, help: Help): Promise<string> => {
  const policy = policyOf(help.target)
  const groupKey = `help:${help.incidentId}`
  const before = noPage(policy)
  const decided = decide(before, { kind: 'request', priority: 1, groupKey, policy }, tx.now)
  if (isRefusal(decided)) throw new Error(decided.detail)
  const state = decided.reduce(apply, before)
  const title = storable(`Help asked: ${help.title}`, LONGEST_TITLE)
  const row = {
    id: tx.id(),
    customer_id: help.customerId,
    environment_id: help.environmentId,
    priority: 1,
    group_key: groupKey,
    title,
    incident_id: help.incidentId,
    requested_at: tx.now,
    joinable: false,
    routed_policy_id: null,
  }
  await insertPage(tx.db, row, state)
  tx.append(pageRequested, {
    stream: row.id,
    customerId: help.customerId,
    environmentId: help.environmentId,
    refs: [
      ['page', row.id],
      ['incident', help.incidentId],
    ],
    body: { priority: 1, title, groupKey, policy, alertCount: 0, causedBy: [] },
  })
  await beginDueSteps(tx, [{ page: row, state }])
  return row.id
}
