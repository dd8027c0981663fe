/** Replaces a policy's name, steps and fallback; pages under way keep the policy they began with. */
import type { PolicyReply } from '../../../../contract/operations/on-call.ts'
import { refuse } from '../../../../domain/refusal.ts'
import type { Ctx } from '../../../platform/context.ts'
import { Fault, notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../../platform/record.ts'
import { canonical, type PolicyDefinition } from '../definition.ts'
import { eventPolicy, policyChanged } from '../events.ts'
import { checkPolicy } from './checked-policy.ts'
import { getEscalationPolicy } from './list-escalation-policies.ts'
import { lockPolicy, updatePolicy } from './store.ts'

type Wanted = PolicyDefinition & { readonly name: string; readonly ifVersion?: number | undefined }

const meaningOf = ({ name, steps, repeat, fallback }: Wanted): string =>
  canonical({ name, steps, repeat, fallback })

/** Within a transaction of somebody else. @returns false when it was so already */
export const changePolicy = async (tx: WriteTx, name: string, wanted: Wanted): Promise<boolean> => {
  const policy = await lockPolicy(tx.db, name)
  if (!policy) throw notFound('This escalation policy')
  if (policy.archivedAt !== null)
    throw refused(refuse('policy-archived', `${policy.name} is archived; nobody changes it any more.`))
  if (wanted.ifVersion !== undefined && wanted.ifVersion !== policy.version)
    throw new Fault(
      'conflict',
      `${policy.name} was changed by somebody else: you looked at version ${wanted.ifVersion}, it is at ${policy.version}. Load it again.`,
    )
  await checkPolicy(tx.db, wanted, policy)
  if (meaningOf(policy) === meaningOf(wanted)) return false
  await updatePolicy(tx.db, policy.id, { ...wanted, version: policy.version + 1 })
  tx.append(policyChanged, {
    stream: policy.id,
    refs: [['escalation-policy', policy.id]],
    body: { slug: policy.slug, name: wanted.name, ...eventPolicy(wanted) },
  })
  return true
}

export const replaceEscalationPolicy = async (
  ctx: Ctx,
  input: Omit<Wanted, 'repeat'> & { repeat?: number | undefined; policy: string },
): Promise<PolicyReply> => {
  await record(ctx, async (tx) =>
    (await changePolicy(tx, input.policy, { ...input, repeat: input.repeat ?? 0 }))
      ? undefined
      : NOTHING_CHANGED,
  )
  return getEscalationPolicy(ctx, input)
}
