/** Puts a policy away; refused while an environment follows it. */
import { refuse } from '../../../../domain/refusal.ts'
import type { Ctx } from '../../../platform/context.ts'
import { notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../../platform/record.ts'
import { DEFAULT_POLICY } from '../definition.ts'
import { policyArchived, policyRestored } from '../events.ts'
import { environmentsThatFollow, lockPolicy, markPolicyArchived } from './store.ts'

/** Within a transaction of somebody else. @returns false when it was archived already */
export const putPolicyAway = async (tx: WriteTx, name: string): Promise<boolean> => {
  const policy = await lockPolicy(tx.db, name)
  if (!policy) throw notFound('This escalation policy')
  if (policy.archivedAt !== null) return false
  const followers = await environmentsThatFollow(tx.db, [policy.id])
  if (policy.slug === DEFAULT_POLICY || followers.length > 0) {
    const who =
      followers.length > 0
        ? followers.map(({ slug }) => slug).join(', ')
        : 'every environment that names none'
    throw refused(refuse('policy-in-use', `${policy.name} is followed by ${who}. Change that first.`))
  }
  await markPolicyArchived(tx.db, policy.id, tx.now)
  tx.append(policyArchived, {
    stream: policy.id,
    refs: [['escalation-policy', policy.id]],
    body: { slug: policy.slug },
  })
  return true
}

/** Within a transaction of somebody else: a team's file names it again. @returns false when it was in use already */
export const takePolicyBack = async (tx: WriteTx, name: string): Promise<boolean> => {
  const policy = await lockPolicy(tx.db, name)
  if (!policy) throw notFound('This escalation policy')
  if (policy.archivedAt === null) return false
  await markPolicyArchived(tx.db, policy.id, null)
  tx.append(policyRestored, {
    stream: policy.id,
    refs: [['escalation-policy', policy.id]],
    body: { slug: policy.slug },
  })
  return true
}

export const archiveEscalationPolicy = async (
  ctx: Ctx,
  input: { policy: string },
): Promise<{ done: true }> => {
  await record(ctx, async (tx) => ((await putPolicyAway(tx, input.policy)) ? undefined : NOTHING_CHANGED))
  return { done: true }
}
