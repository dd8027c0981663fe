/** Escalation policies in a configuration document, and which environment follows which. */
import { configurationSection } from '../../../people/configuration/section.ts'
import type { Tx } from '../../../platform/database.ts'
import {
  documentOfPolicy,
  environmentPolicyDocument,
  policyDocument,
  policyFromDocument,
  type EnvironmentPolicyDocument,
  type PolicyDocument,
} from '../configuration.ts'
import type { PolicyDefinition } from '../definition.ts'
import { asEntry, throwFaults } from '../entry-fault.ts'
import { loadNames } from '../store.ts'
import { putPolicyAway, takePolicyBack } from './archive-escalation-policy.ts'
import { choosePolicy } from './assign-escalation-policy.ts'
import { addPolicy } from './create-escalation-policy.ts'
import { changePolicy } from './replace-escalation-policy.ts'
import { allPolicies, environmentsWithChoice } from './store.ts'

const definitionOf = async (db: Tx, document: PolicyDocument): Promise<PolicyDefinition> => {
  const { definition, faults } = policyFromDocument(document, await loadNames(db))
  throwFaults(faults)
  return definition
}

const placedTargets = ({ steps, fallback }: PolicyDocument) => [
  ...steps.flatMap(({ targets }, step) =>
    targets.map((target, place) => ({ target, path: ['steps', step, 'targets', place] })),
  ),
  ...fallback.map((target, place) => ({ target, path: ['fallback', place] })),
]

configurationSection<PolicyDocument>({
  key: 'escalationPolicies',
  kind: 'escalation policy',
  order: 60,
  schema: policyDocument,
  nameOf: ({ slug }) => slug,
  references: (document) =>
    placedTargets(document).flatMap(({ target, path }) => {
      if ('schedule' in target)
        return [{ path: [...path, 'schedule'], section: 'schedules', name: target.schedule }]
      if ('team' in target) return [{ path: [...path, 'team'], section: 'teams', name: target.team }]
      return 'person' in target
        ? [{ path: [...path, 'person'], section: 'accounts', name: target.person }]
        : []
    }),
  read: async (db) => {
    const names = await loadNames(db)
    return (await allPolicies(db))
      .filter(({ archivedAt }) => archivedAt === null)
      .map((policy) => documentOfPolicy(policy, names))
  },
  archived: async (db) =>
    (await allPolicies(db)).filter(({ archivedAt }) => archivedAt !== null).map(({ slug }) => slug),
  create: async (tx, { slug, name, ...document }) => {
    const definition = await definitionOf(tx.db, { slug, name, ...document })
    await asEntry(() => addPolicy(tx, { slug, name, ...definition }))
  },
  update: async (tx, document) => {
    const definition = await definitionOf(tx.db, document)
    await asEntry(() => changePolicy(tx, document.slug, { name: document.name, ...definition }))
  },
  archive: async (tx, slug) => {
    await putPolicyAway(tx, slug)
  },
  restore: async (tx, slug) => {
    await takePolicyBack(tx, slug)
  },
})

/** A list of its own: environments belong to people, who know nothing of paging, and none can follow two policies. */
configurationSection<EnvironmentPolicyDocument>({
  key: 'environmentPolicies',
  kind: 'environment policy',
  order: 70,
  schema: environmentPolicyDocument,
  nameOf: ({ environment }) => environment,
  references: ({ environment, escalationPolicy }) => [
    { path: ['environment'], section: 'environments', name: environment },
    { path: ['escalationPolicy'], section: 'escalationPolicies', name: escalationPolicy },
  ],
  read: async (db) => {
    const inUse = (await allPolicies(db)).filter(({ archivedAt }) => archivedAt === null)
    const slugs = new Map(inUse.map(({ id, slug }) => [id, slug]))
    return (await environmentsWithChoice(db)).flatMap(({ slug, policyId }) => {
      const escalationPolicy = policyId === null ? undefined : slugs.get(policyId)
      return escalationPolicy === undefined ? [] : [{ environment: slug, escalationPolicy }]
    })
  },
  create: async (tx, { environment, escalationPolicy }) => {
    await choosePolicy(tx, { environment, policy: escalationPolicy })
  },
  update: async (tx, { environment, escalationPolicy }) => {
    await choosePolicy(tx, { environment, policy: escalationPolicy })
  },
  archive: async (tx, environment) => {
    await choosePolicy(tx, { environment, policy: null })
  },
})
