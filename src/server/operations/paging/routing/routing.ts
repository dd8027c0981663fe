/** Reads, keeps and tries the rules that say which alert pages whom. */
import type { routingRoutes, RoutingReply } from '../../../../contract/operations/routing.ts'
import type { InputOf, ReplyOf } from '../../../../contract/route.ts'
import { readPriority } from '../../../../domain/operations/alerts/alert-from-opsgenie.ts'
import type { Priority } from '../../../../domain/operations/alerts/priority.ts'
import { checkRouting, route, type RoutingRule } from '../../../../domain/operations/paging/routing.ts'
import { isServed } from '../../../../domain/operations/paging/service-hours.ts'
import { may } from '../../../../domain/people/permissions.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { Fault, notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../../platform/record.ts'
import { readCondition, writtenCondition } from '../../alerts/index.ts'
import { canonical, findPolicy } from '../../on-call/index.ts'
import { policyFor } from '../recipients.ts'
import { routingChanged } from './events.ts'
import { ROUTING_STREAM } from './stream.ts'
import {
  currentRouting,
  findEnvironmentWithHours,
  lockRouting,
  namedByRules,
  putRouting,
  routingOf,
  type StoredRouting,
} from './store.ts'

type GivenRule = InputOf<typeof routingRoutes.replaceRouting>['rules'][number]
type Tried = ReplyOf<typeof routingRoutes.tryRouting>

/** As the contract spells it, and nothing left undefined. */
export const asWritten = (rule: RoutingRule): GivenRule =>
  JSON.parse(JSON.stringify({ ...rule, when: writtenCondition(rule.when) })) as GivenRule

/** As rules read it, and nothing left undefined: it is stored and written into history. */
export const asRead = (rule: GivenRule): RoutingRule =>
  JSON.parse(JSON.stringify({ ...rule, when: readCondition(rule.when) })) as RoutingRule

const mentionsOf = (rules: readonly RoutingRule[]) => ({
  customers: rules.flatMap(({ when }) => when.customers ?? []),
  environments: rules.flatMap(({ when }) => when.environments ?? []),
  policies: rules.flatMap(({ does }) =>
    'policyId' in does && does.policyId !== null ? [does.policyId] : [],
  ),
})

/** @param before what they mention already may have been archived since, and stops no other change */
const requireKnown = async (db: Tx, rules: readonly RoutingRule[], before: StoredRouting): Promise<void> => {
  const old = mentionsOf(before.rules)
  const known = await namedByRules(db, mentionsOf(rules))
  const mentionedBefore = new Set([...old.customers, ...old.environments, ...old.policies])
  const usable = (id: string): boolean => {
    const found = known.get(id)
    return found !== undefined && (!found.archived || mentionedBefore.has(id))
  }
  const errors = rules.flatMap((rule, index) => {
    const { customers, environments, policies } = mentionsOf([rule])
    const wrong = (ids: readonly string[], place: string, what: string) =>
      ids.flatMap((id) =>
        usable(id)
          ? []
          : [{ path: `body.rules.${index}.${place}`, detail: `no ${what} in use has the id ${id}` }],
      )
    return [
      ...wrong(customers, 'when.customers', 'customer'),
      ...wrong(environments, 'when.environments', 'environment'),
      ...wrong(policies, 'does.policyId', 'escalation policy'),
    ]
  })
  if (errors[0])
    throw new Fault('invalid-input', `Nothing was changed. ${errors[0].path}: ${errors[0].detail}.`, {
      errors,
    })
}

const present = async (
  db: Db | Tx,
  { actor }: Ctx,
  { rules, version }: StoredRouting,
): Promise<RoutingReply> => {
  const named = await namedByRules(db, mentionsOf(rules))
  return {
    version,
    rules: rules.map(asWritten),
    names: Object.fromEntries([...named].map(([id, { name }]) => [id, name])),
    can: { change: may(actor, 'on-call.change') },
  }
}

export const getRouting = (ctx: Ctx): Promise<RoutingReply> =>
  read(ctx, async (db) => present(db, ctx, await currentRouting(db)))

/** Within a transaction of somebody else. @returns false when they were so already */
export const keepRouting = async (
  tx: WriteTx,
  given: readonly GivenRule[],
  ifVersion?: number,
): Promise<boolean> => {
  const rules = given.map(asRead)
  const refusal = checkRouting(rules)
  if (refusal) throw refused(refusal)
  const stored = await lockRouting(tx.db)
  if (ifVersion !== undefined && ifVersion !== stored.version)
    throw new Fault(
      'conflict',
      `The rules were changed by somebody else: you looked at version ${ifVersion}, they are at ${stored.version}. Load them again.`,
    )
  if (canonical(stored.rules) === canonical(rules)) return false
  await requireKnown(tx.db, rules, stored)
  const version = stored.version + 1
  await putRouting(tx.db, { rules, version }, tx.now)
  tx.append(routingChanged, {
    stream: ROUTING_STREAM,
    refs: [],
    body: { version, rules: rules.map(asWritten) },
  })
  return true
}

export const replaceRouting = async (
  ctx: Ctx,
  { rules, ifVersion }: InputOf<typeof routingRoutes.replaceRouting>,
): Promise<RoutingReply> => {
  await record(ctx, async (tx) => ((await keepRouting(tx, rules, ifVersion)) ? undefined : NOTHING_CHANGED))
  return getRouting(ctx)
}

export const tryRouting = (ctx: Ctx, input: InputOf<typeof routingRoutes.tryRouting>): Promise<Tried> =>
  read(ctx, async (db) => {
    const environment = await findEnvironmentWithHours(db, input.environment)
    if (!environment) throw notFound('This environment')
    const at = input.at ?? ctx.platform.clock.now()
    const here = await routingOf(db, environment.id, at)
    const rules = input.rules?.map(asRead) ?? here.rules
    const refusal = checkRouting(rules)
    if (refusal) throw refused(refusal)
    const alert = {
      customerId: environment.customerId,
      environmentId: environment.id,
      priority: readPriority(input.priority) as Priority,
      labels: input.labels ?? {},
    }
    const routed = route(rules, alert, here.hours, at)
    const wanted = routed.rule?.does
    const policyId = wanted && 'policyId' in wanted ? wanted.policyId : null
    const policy =
      routed.kind === 'list'
        ? null
        : ((policyId === null ? undefined : await findPolicy(db, policyId)) ??
          (await policyFor(db as Tx, environment.id)))
    return {
      does: routed.kind,
      rule: routed.rule && { id: routed.rule.id, name: routed.rule.name },
      policy: policy && { id: policy.id, name: policy.name },
      until: routed.kind === 'wait' ? routed.until : null,
      served: isServed(here.hours, at),
    }
  })
