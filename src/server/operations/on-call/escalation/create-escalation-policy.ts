/** Makes an escalation policy whose every target exists. */
import type { PolicyReply } from '../../../../contract/operations/on-call.ts'
import type { Ctx } from '../../../platform/context.ts'
import { Fault } from '../../../platform/faults.ts'
import { record, type WriteTx } from '../../../platform/record.ts'
import type { PolicyDefinition, StoredPolicy } from '../definition.ts'
import { eventPolicy, policyCreated } from '../events.ts'
import { checkPolicy } from './checked-policy.ts'
import { presentPolicies } from './present.ts'
import { insertPolicy } from './store.ts'

export type PolicyToAdd = PolicyDefinition & { readonly slug: string; readonly name: string }
type Given = Omit<PolicyToAdd, 'repeat'> & { readonly repeat?: number | undefined }

/** Within a transaction of somebody else: configuration as code adds policies too. */
export const addPolicy = async (tx: WriteTx, wanted: PolicyToAdd): Promise<StoredPolicy> => {
  await checkPolicy(tx.db, wanted)
  const { slug, name, steps, repeat, fallback } = wanted
  const policy = { id: tx.id(), slug, name, steps, repeat, fallback }
  if (!(await insertPolicy(tx.db, { ...policy, createdAt: tx.now })))
    throw new Fault(
      'already-exists',
      `The slug ${slug} belongs to another escalation policy, perhaps an archived one. Choose another.`,
    )
  tx.append(policyCreated, {
    stream: policy.id,
    refs: [['escalation-policy', policy.id]],
    body: { slug, name, ...eventPolicy(wanted) },
  })
  return { ...policy, version: 1, archivedAt: null }
}

export const createEscalationPolicy = (ctx: Ctx, input: Given): Promise<PolicyReply> =>
  record(ctx, async (tx) => {
    const policy = await addPolicy(tx, { ...input, repeat: input.repeat ?? 0 })
    const [row] = await presentPolicies(tx.db, [policy], ctx.actor, tx.now)
    return row as PolicyReply
  })
