/** Whom a step means at this instant. */
import type {
  EscalationPolicy,
  EscalationTarget,
} from '../../../domain/operations/paging/escalation-policy.ts'
import type { Tx } from '../../platform/database.ts'
import { loadPolicyFor, whoIsOnCallNow } from '../on-call/index.ts'
import { staffAmong, staffWithRole } from './recipient-store.ts'

/** What pages when nobody has set up a policy yet: every administrator, at once. Never silence. */
export const builtInPolicy: EscalationPolicy = {
  id: '00000000-0000-7000-8000-000000000001',
  name: 'built in: every administrator',
  steps: [{ afterMinutes: 0, targets: [{ kind: 'role', role: 'administrator' }] }],
  repeat: 2,
  fallback: [{ kind: 'role', role: 'administrator' }],
}

export const policyFor = async (db: Tx, environmentId: string): Promise<EscalationPolicy> =>
  (await loadPolicyFor(db, environmentId)) ?? builtInPolicy

const resolveTarget = async (db: Tx, target: EscalationTarget, at: number): Promise<string[]> => {
  switch (target.kind) {
    case 'account':
      return [target.id]
    case 'schedule': {
      const onCall = await whoIsOnCallNow(db, target.id, at)
      return onCall.kind === 'people' ? onCall.people.map(({ accountId }) => accountId) : []
    }
    case 'role':
      return staffWithRole(db, target.role)
  }
}

/** Account ids in the order of the targets; people who left are not among them. */
export const resolveTargets = async (
  db: Tx,
  targets: readonly EscalationTarget[],
  at: number,
): Promise<string[]> => {
  const ids: string[] = []
  for (const target of targets) ids.push(...(await resolveTarget(db, target, at)))
  const present = await staffAmong(db, ids)
  return [...new Set(ids)].filter((id) => present.has(id))
}
