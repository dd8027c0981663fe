/** Service hours, which environment has which, and routing rules in a configuration document. */
import type { RoutingRuleReply } from '../../../../contract/operations/routing.ts'
import { configurationSection } from '../../../people/configuration/section.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import type { WriteTx } from '../../../platform/record.ts'
import { conditionFrom, documentOfCondition, idNamed, referencesOfCondition } from '../../alerts/index.ts'
import { asEntry } from '../../on-call/index.ts'
import {
  documentOfHours,
  environmentHoursDocument,
  hoursDocument,
  hoursFromDocument,
  ruleDocument,
  type EnvironmentHoursDocument,
  type HoursDocument,
  type RuleDocument,
} from './documents.ts'
import { asWritten, keepRouting } from './routing.ts'
import { addHours, changeHours, chooseHours, putHoursAway, takeHoursBack } from './service-hours.ts'
import { allHours, currentRouting, environmentsWithHours, slugsForRules } from './store.ts'

configurationSection<HoursDocument>({
  key: 'serviceHours',
  kind: 'service hours',
  order: 72,
  schema: hoursDocument,
  nameOf: ({ slug }) => slug,
  canonical: (entry) => ({ ...entry, holidays: entry.holidays ?? [] }),
  read: async (db) =>
    (await allHours(db)).filter(({ archivedAt }) => archivedAt === null).map(documentOfHours),
  archived: async (db) =>
    (await allHours(db)).filter(({ archivedAt }) => archivedAt !== null).map(({ slug }) => slug),
  create: async (tx, document) => {
    const { slug, name } = document
    await asEntry(() => addHours(tx, { slug, name, ...hoursFromDocument(document) }))
  },
  update: async (tx, document) => {
    await asEntry(() =>
      changeHours(tx, document.slug, { name: document.name, ...hoursFromDocument(document) }),
    )
  },
  archive: async (tx, slug) => {
    await putHoursAway(tx, slug)
  },
  restore: takeHoursBack,
})

const choose = async (
  tx: WriteTx,
  { environment, serviceHours }: EnvironmentHoursDocument,
): Promise<void> => {
  await chooseHours(tx, { environment, hours: serviceHours })
}

configurationSection<EnvironmentHoursDocument>({
  key: 'environmentHours',
  kind: 'environment hours',
  order: 74,
  schema: environmentHoursDocument,
  nameOf: ({ environment }) => environment,
  references: ({ environment, serviceHours }) => [
    { path: ['environment'], section: 'environments', name: environment },
    { path: ['serviceHours'], section: 'serviceHours', name: serviceHours },
  ],
  read: async (db) => {
    const slugs = new Map((await allHours(db)).map(({ id, slug }) => [id, slug]))
    return (await environmentsWithHours(db)).flatMap(({ slug, hoursId }) => {
      const serviceHours = hoursId === null ? undefined : slugs.get(hoursId)
      return serviceHours === undefined ? [] : [{ environment: slug, serviceHours }]
    })
  },
  create: choose,
  update: choose,
  archive: async (tx, environment) => {
    await chooseHours(tx, { environment, hours: null })
  },
})

type Slugs = Awaited<ReturnType<typeof slugsForRules>>

const ruleFrom = ({ id, name, when, does }: RuleDocument, slugs: Slugs): RoutingRuleReply => {
  const policyOf = (given: { escalationPolicy?: string | undefined }, kind: string): string | null =>
    given.escalationPolicy === undefined
      ? null
      : idNamed(slugs.policies.ids, 'escalation policy', given.escalationPolicy, [
          'does',
          kind,
          'escalationPolicy',
        ])
  const action = (): RoutingRuleReply['does'] => {
    if ('list' in does) return { kind: 'list' }
    return 'page' in does
      ? { kind: 'page', policyId: policyOf(does.page, 'page') }
      : { kind: 'wait', policyId: policyOf(does.wait, 'wait') }
  }
  return {
    id,
    name,
    when: conditionFrom(when, slugs),
    does: action(),
  }
}

const documentOf = (rule: RoutingRuleReply, position: number, slugs: Slugs): RuleDocument => {
  const does = rule.does
  const policy =
    'policyId' in does && does.policyId !== null
      ? { escalationPolicy: slugs.policies.slugs.get(does.policyId) ?? does.policyId }
      : {}
  return {
    id: rule.id,
    name: rule.name,
    position,
    when: documentOfCondition(rule.when, slugs),
    does: does.kind === 'list' ? { list: {} } : does.kind === 'page' ? { page: policy } : { wait: policy },
  }
}

const readRules = async (db: Db | Tx): Promise<RuleDocument[]> => {
  const slugs = await slugsForRules(db)
  const { rules } = await currentRouting(db)
  return rules.map((rule, index) => documentOf(asWritten(rule) as RoutingRuleReply, index + 1, slugs))
}

/** The list is one thing; a file names each of its rules with its place. */
const putRule = async (tx: WriteTx, document: RuleDocument): Promise<void> => {
  const slugs = await slugsForRules(tx.db)
  const others = (await currentRouting(tx.db)).rules.filter(({ id }) => id !== document.id)
  const rules = others.map((rule) => asWritten(rule) as RoutingRuleReply)
  rules.splice(document.position - 1, 0, ruleFrom(document, slugs))
  await asEntry(() => keepRouting(tx, rules))
}

configurationSection<RuleDocument>({
  key: 'routingRules',
  kind: 'routing rule',
  order: 76,
  schema: ruleDocument,
  nameOf: ({ id }) => id,
  references: ({ when, does }) => [
    ...referencesOfCondition(when),
    ...(['page', 'wait'] as const).flatMap((kind) => {
      const name = (does as Record<string, { escalationPolicy?: string } | undefined>)[kind]?.escalationPolicy
      return name === undefined
        ? []
        : [{ path: ['does', kind, 'escalationPolicy'], section: 'escalationPolicies', name }]
    }),
  ],
  read: readRules,
  create: putRule,
  update: putRule,
  archive: async (tx, id) => {
    const rules = (await currentRouting(tx.db)).rules.filter((rule) => rule.id !== id)
    await keepRouting(tx, rules.map(asWritten) as RoutingRuleReply[])
  },
})
