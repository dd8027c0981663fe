/** Whom a step means at this instant. */
import type {
  EscalationPolicy,
  EscalationTarget,
  OfSchedule,
} from '../../../domain/operations/paging/escalation-policy.ts'
import type { Tx } from '../../platform/database.ts'
import { nextOnCall, previousOnCall } from '../../../domain/operations/on-call/who-is-on-call.ts'
import { rolesInTeam } from '../../people/index.ts'
import { loadPolicyFor, loadSchedules, peopleOf, whoIsOnCallNow } from '../on-call/index.ts'
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

/** Of an archived schedule nobody, whoever is meant: a page under way follows the policy it began with. */
const peopleOfSchedule = async (db: Tx, id: string, who: OfSchedule, at: number): Promise<string[]> => {
  if (who === 'now') {
    const onCall = await whoIsOnCallNow(db, id, at)
    return onCall.kind === 'people' ? onCall.people.map(({ accountId }) => accountId) : []
  }
  const [schedule] = await loadSchedules(db, [id], at)
  if (!schedule || schedule.archivedAt !== null) return []
  if (who === 'everybody') return peopleOf(schedule.rules)
  const one = who === 'next' ? nextOnCall(schedule.rules, at) : previousOnCall(schedule.rules, at)
  return one ? [one.accountId] : []
}

const resolveTarget = async (db: Tx, target: EscalationTarget, at: number): Promise<string[]> => {
  switch (target.kind) {
    case 'account':
      return [target.id]
    case 'schedule':
      return peopleOfSchedule(db, target.id, target.who ?? 'now', at)
    case 'team': {
      const members = await rolesInTeam(db, target.id)
      return members
        .filter(({ role }) => target.who !== 'admins' || role === 'admin')
        .map(({ accountId }) => accountId)
    }
    case 'role':
      return staffWithRole(db, target.role)
  }
}

/** For each list of targets the account ids in their order; people who left are not among them. Each target is asked once. */
export const resolveAll = async (
  db: Tx,
  lists: readonly (readonly EscalationTarget[])[],
  at: number,
): Promise<string[][]> => {
  const known = new Map<string, string[]>()
  for (const target of lists.flat()) {
    const name = JSON.stringify(target)
    if (!known.has(name)) known.set(name, await resolveTarget(db, target, at))
  }
  const present = await staffAmong(db, [...new Set([...known.values()].flat())])
  return lists.map((targets) => [
    ...new Set(
      targets.flatMap((target) => known.get(JSON.stringify(target)) ?? []).filter((id) => present.has(id)),
    ),
  ])
}

export const resolveTargets = async (
  db: Tx,
  targets: readonly EscalationTarget[],
  at: number,
): Promise<string[]> => (await resolveAll(db, [targets], at))[0] ?? []
