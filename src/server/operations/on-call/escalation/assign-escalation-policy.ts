/** Says which policy the pages of an environment follow; it stands in that environment's own log. */
import { refuse } from '../../../../domain/refusal.ts'
import type { Ctx } from '../../../platform/context.ts'
import { notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../../platform/record.ts'
import { environmentPolicyChosen } from '../events.ts'
import { lockEnvironment, lockPolicy, setPolicyOf } from './store.ts'

type Wanted = { readonly environment: string; readonly policy: string | null }

/** Within a transaction of somebody else. @returns false when it was so already */
export const choosePolicy = async (
  tx: WriteTx,
  { environment: name, policy: wanted }: Wanted,
): Promise<boolean> => {
  const policy = wanted === null ? null : await lockPolicy(tx.db, wanted)
  if (policy === undefined) throw notFound('This escalation policy')
  if (policy && policy.archivedAt !== null)
    throw refused(refuse('policy-archived', `${policy.name} is archived; choose another.`))
  const environment = await lockEnvironment(tx.db, name)
  if (!environment) throw notFound('This environment')
  if (environment.policyId === (policy?.id ?? null)) return false
  await setPolicyOf(tx.db, environment.id, policy?.id ?? null)
  tx.append(environmentPolicyChosen, {
    stream: environment.id,
    customerId: environment.customerId,
    environmentId: environment.id,
    refs: [['environment', environment.id], ...(policy ? [['escalation-policy', policy.id] as const] : [])],
    body: { policyId: policy?.id ?? null, policySlug: policy?.slug ?? null },
  })
  return true
}

export const assignEscalationPolicy = async (ctx: Ctx, input: Wanted): Promise<{ done: true }> => {
  await record(ctx, async (tx) => ((await choosePolicy(tx, input)) ? undefined : NOTHING_CHANGED))
  return { done: true }
}
