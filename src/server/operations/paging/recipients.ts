/** Whom a step means at this instant, and by which channels each can be told. */
import type {
  EscalationPolicy,
  EscalationTarget,
} from '../../../domain/operations/paging/escalation-policy.ts'
import { channelsFor, type Channel } from '../../../domain/operations/paging/intent.ts'
import { canMail } from '../../platform/mail.ts'
import type { Platform } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { loadPolicyFor, whoIsOnCallNow } from '../on-call/index.ts'
import { withPush } from './push-store.ts'
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
      return onCall?.kind === 'person' ? [onCall.accountId] : []
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

export type ChannelsOf = ReadonlyMap<string, readonly Channel[]>

export const channelsOf = async (
  platform: Platform,
  db: Tx,
  accountIds: readonly string[],
): Promise<ChannelsOf> => {
  const pushed = await withPush(db, accountIds)
  return new Map(
    accountIds.map((id) => [id, channelsFor({ hasPush: pushed.has(id), canMail: canMail(platform) })]),
  )
}
