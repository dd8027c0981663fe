/** Alert policies in a configuration document: customers and environments by slug, each policy with its place. */
import { z } from 'zod'
import { alertPolicy } from '../../../../contract/operations/alert-policies.ts'
import { priority } from '../../../../contract/operations/alerts.ts'
import { line } from '../../../../contract/shapes.ts'
import { configurationSection, EntryFault } from '../../../people/configuration/section.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import { Fault } from '../../../platform/faults.ts'
import type { WriteTx } from '../../../platform/record.ts'
import {
  conditionDocument,
  conditionFrom,
  documentOfCondition,
  referencesOfCondition,
} from '../conditions/condition-document.ts'
import { slugsForConditions } from '../conditions/condition-store.ts'
import { asWritten, keepPolicies, type GivenPolicy } from './policies.ts'
import { currentPolicies } from './policy-store.ts'

const template = z.string().min(1).max(1_000)
const minutes = z.number().int().min(1)
const tags = z.array(z.string().min(1).max(50)).max(20)
const policyDocument = z.strictObject({
  id: alertPolicy.shape.id.describe('Unique among the policies.'),
  name: line(100),
  position: z.number().int().min(1).max(200).describe('Each that fits takes part, in this order.'),
  when: conditionDocument,
  does: z.union([
    z.strictObject({
      rewrite: z.strictObject({
        message: template.describe('As "{{labels.instance}}: {{message}}".').optional(),
        description: template.optional(),
        priority: priority.optional(),
        addTags: tags.optional(),
        removeTags: tags.optional(),
        details: z.record(z.string().min(1).max(200), template).optional(),
      }),
    }),
    z.strictObject({
      delay: z.strictObject({
        minutes: minutes.max(10_080).optional(),
        occurrences: z.number().int().min(2).max(10_000).optional(),
      }),
    }),
    z.strictObject({ suppress: z.strictObject({}) }),
    z.strictObject({ autoClose: z.strictObject({ minutes: minutes.max(129_600) }) }),
    z.strictObject({ deduplicate: z.strictObject({ alias: template }) }),
    z.strictObject({ alwaysPage: z.strictObject({}) }),
    z.strictObject({
      damp: z.strictObject({
        times: z.number().int().min(2).max(100),
        withinMinutes: minutes.max(60),
        stayMinutes: minutes.max(240),
      }),
    }),
    z.strictObject({ neverDamp: z.strictObject({}) }),
  ]),
  last: z.boolean().describe('Policies after it are not asked.').optional(),
})
export type PolicyDocument = z.output<typeof policyDocument>
type Does = GivenPolicy['does']

const actionFrom = (does: PolicyDocument['does']): Does => {
  if ('rewrite' in does) return { kind: 'rewrite', ...does.rewrite }
  if ('delay' in does)
    return {
      kind: 'delay',
      minutes: does.delay.minutes ?? null,
      occurrences: does.delay.occurrences ?? null,
    }
  if ('autoClose' in does) return { kind: 'auto-close', ...does.autoClose }
  if ('deduplicate' in does) return { kind: 'deduplicate', ...does.deduplicate }
  if ('alwaysPage' in does) return { kind: 'always-page' }
  if ('damp' in does) return { kind: 'damp', flap: does.damp }
  return 'neverDamp' in does ? { kind: 'damp', flap: null } : { kind: 'suppress' }
}

const documentOfAction = (does: Does): PolicyDocument['does'] => {
  switch (does.kind) {
    case 'rewrite': {
      const { kind: _, ...rewrite } = does
      return { rewrite }
    }
    case 'delay': {
      const { minutes: after, occurrences } = does
      return {
        delay: {
          ...(after === null ? {} : { minutes: after }),
          ...(occurrences === null ? {} : { occurrences }),
        },
      }
    }
    case 'suppress':
      return { suppress: {} }
    case 'auto-close':
      return { autoClose: { minutes: does.minutes } }
    case 'deduplicate':
      return { deduplicate: { alias: does.alias } }
    case 'always-page':
      return { alwaysPage: {} }
    case 'damp':
      return does.flap ? { damp: does.flap } : { neverDamp: {} }
  }
}

const readPolicies = async (db: Db | Tx): Promise<PolicyDocument[]> => {
  const slugs = await slugsForConditions(db)
  return (await currentPolicies(db)).policies.map(asWritten).map((policy, index) => ({
    id: policy.id,
    name: policy.name,
    position: index + 1,
    when: documentOfCondition(policy.when, slugs),
    does: documentOfAction(policy.does),
    ...(policy.last ? { last: true } : {}),
  }))
}

/** What is wrong with the list is wrong with the entry that made it so. */
const keep = async (tx: WriteTx, policies: readonly GivenPolicy[]): Promise<void> => {
  try {
    await keepPolicies(tx, policies)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw new EntryFault([{ path: [], detail: error.message }])
  }
}

/** The list is one thing; a file names each of its policies with its place. */
const putPolicy = async (tx: WriteTx, document: PolicyDocument): Promise<void> => {
  const slugs = await slugsForConditions(tx.db)
  const others = (await currentPolicies(tx.db)).policies.filter(({ id }) => id !== document.id)
  const policies = others.map(asWritten)
  policies.splice(document.position - 1, 0, {
    id: document.id,
    name: document.name,
    when: conditionFrom(document.when, slugs),
    does: actionFrom(document.does),
    ...(document.last ? { last: true } : {}),
  })
  await keep(tx, policies)
}

configurationSection<PolicyDocument>({
  key: 'alertPolicies',
  kind: 'alert policy',
  order: 78,
  schema: policyDocument,
  nameOf: ({ id }) => id,
  canonical: ({ last, ...entry }) => (last ? { ...entry, last } : entry),
  references: ({ when }) => referencesOfCondition(when),
  read: readPolicies,
  create: putPolicy,
  update: putPolicy,
  archive: async (tx, id) => {
    const policies = (await currentPolicies(tx.db)).policies.filter((policy) => policy.id !== id)
    await keep(tx, policies.map(asWritten))
  },
})
