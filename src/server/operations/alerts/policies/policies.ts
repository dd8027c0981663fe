/** Reads and keeps the alert policies. */
import {
  alertPolicy,
  type AlertPoliciesReply,
  type alertPolicyRoutes,
} from '../../../../contract/operations/alert-policies.ts'
import type { InputOf } from '../../../../contract/route.ts'
import { canonicalJson } from '../../../../domain/evidence/ledger/index.ts'
import { readPriority } from '../../../../domain/operations/alerts/alert-from-opsgenie.ts'
import {
  checkAlertPolicies,
  type AlertPolicy,
} from '../../../../domain/operations/alerts/policies/alert-policy.ts'
import { may } from '../../../../domain/people/permissions.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { Fault, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../../platform/record.ts'
import { readCondition, writtenCondition } from '../conditions/condition-document.ts'
import { namedByConditions } from '../conditions/condition-store.ts'
import { alertPoliciesChanged } from './events.ts'
import { forgetPolicies } from './policies-in-force.ts'
import {
  currentPolicies,
  findFaults,
  lockPolicies,
  putPolicies,
  type StoredPolicies,
} from './policy-store.ts'

export type GivenPolicy = InputOf<typeof alertPolicyRoutes.replaceAlertPolicies>['policies'][number]

const UNREADABLE =
  'This policy is not understood here, as after a newer version was taken back; it does nothing.'

/** There is one list in an installation, and so one stream of what happens to it. */
const STREAM = '00000000-0000-7000-8000-000000000005'

/** As rules read it, and nothing left undefined: it is stored and written into history. */
export const asRead = ({ when, does, ...policy }: GivenPolicy): AlertPolicy =>
  JSON.parse(
    JSON.stringify({
      ...policy,
      when: readCondition(when),
      does: does.kind === 'rewrite' ? { ...does, priority: readPriority(does.priority) } : does,
    }),
  ) as AlertPolicy

/** As the contract spells it. */
export const asWritten = ({ when, does, ...policy }: AlertPolicy): GivenPolicy => {
  const priority = does.kind === 'rewrite' && does.priority !== undefined ? `P${does.priority}` : undefined
  return JSON.parse(
    JSON.stringify({
      ...policy,
      when: writtenCondition(when),
      does: does.kind === 'rewrite' ? { ...does, priority } : does,
    }),
  ) as GivenPolicy
}

const mentionsOf = (policies: readonly AlertPolicy[]) => ({
  customers: policies.flatMap(({ when }) => when.customers ?? []),
  environments: policies.flatMap(({ when }) => when.environments ?? []),
})

/** @param before what they mention already may have been archived since, and stops no other change */
const requireKnown = async (
  db: Tx,
  policies: readonly AlertPolicy[],
  before: StoredPolicies,
): Promise<void> => {
  const old = mentionsOf(before.policies)
  const mentionedBefore = new Set([...old.customers, ...old.environments])
  const known = await namedByConditions(db, mentionsOf(policies))
  const errors = policies.flatMap(({ when }, index) =>
    (['customers', 'environments'] as const).flatMap((kind) =>
      (when[kind] ?? []).flatMap((id) => {
        const found = known.get(id)
        return found && (!found.archived || mentionedBefore.has(id))
          ? []
          : [
              {
                path: `body.policies.${index}.when.${kind}`,
                detail: `no ${kind.slice(0, -1)} in use has the id ${id}`,
              },
            ]
      }),
    ),
  )
  if (errors[0])
    throw new Fault('invalid-input', `Nothing was changed. ${errors[0].path}: ${errors[0].detail}.`, {
      errors,
    })
}

export const getAlertPolicies = (ctx: Ctx): Promise<AlertPoliciesReply> =>
  read(ctx, async (db: Db) => {
    const { policies, version } = await currentPolicies(db)
    const named = await namedByConditions(db, mentionsOf(policies))
    const readable = policies.map(asWritten).filter((policy) => alertPolicy.safeParse(policy).success)
    const kept = new Set(readable.map(({ id }) => id))
    const now = ctx.platform.clock.now()
    return {
      version,
      policies: readable,
      names: Object.fromEntries([...named].map(([id, { name }]) => [id, name])),
      faults: [
        ...(await findFaults(db)).filter(({ policyId }) => kept.has(policyId)),
        ...policies
          .filter(({ id }) => !kept.has(id))
          .map(({ id }) => ({ policyId: id, at: now, count: 0, detail: UNREADABLE })),
      ],
      can: { change: may(ctx.actor, 'on-call.change') },
    }
  })

/** Within a transaction of somebody else. @returns false when they were so already */
export const keepPolicies = async (
  tx: WriteTx,
  given: readonly GivenPolicy[],
  ifVersion?: number,
): Promise<boolean> => {
  const policies = given.map(asRead)
  const refusal = checkAlertPolicies(policies)
  if (refusal) throw refused(refusal)
  const stored = await lockPolicies(tx.db)
  if (ifVersion !== undefined && ifVersion !== stored.version)
    throw new Fault(
      'conflict',
      `The policies were changed by somebody else: you looked at version ${ifVersion}, they are at ${stored.version}. Load them again.`,
    )
  if (canonicalJson(stored.policies) === canonicalJson(policies)) return false
  await requireKnown(tx.db, policies, stored)
  const version = stored.version + 1
  const merges = policies.some(({ does }) => does.kind === 'deduplicate')
  const counts = policies.some(({ does }) => does.kind === 'delay' && does.occurrences !== null)
  await putPolicies(
    tx.db,
    {
      policies,
      version,
      everMerged: stored.everMerged || merges,
      everCounted: stored.everCounted || counts,
    },
    tx.now,
  )
  tx.append(alertPoliciesChanged, {
    stream: STREAM,
    refs: [],
    body: { version, policies: policies.map(asWritten) },
  })
  return true
}

export const replaceAlertPolicies = async (
  ctx: Ctx,
  { policies, ifVersion }: InputOf<typeof alertPolicyRoutes.replaceAlertPolicies>,
): Promise<AlertPoliciesReply> => {
  await record(ctx, async (tx) =>
    (await keepPolicies(tx, policies, ifVersion)) ? undefined : NOTHING_CHANGED,
  )
  forgetPolicies(ctx.platform)
  return getAlertPolicies(ctx)
}
