/** Conditions as a team writes them in a file: customers and environments by slug. Routing rules and alert policies share them. */
import { z } from 'zod'
import { priority } from '../../../../contract/operations/alerts.ts'
import { labelCondition, type alertCondition } from '../../../../contract/operations/routing.ts'
import { slug } from '../../../../contract/shapes.ts'
import { readPriority } from '../../../../domain/operations/alerts/alert-from-opsgenie.ts'
import type { AlertCondition } from '../../../../domain/operations/alerts/alert-condition.ts'
import type { Priority } from '../../../../domain/operations/alerts/priority.ts'
import { EntryFault, type Reference } from '../../../people/configuration/section.ts'
import type { Slugs } from './condition-store.ts'

const names = z.array(slug).min(1).max(100)
export const conditionDocument = z.strictObject({
  customers: names.optional(),
  environments: names.optional(),
  clusters: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
  priorities: z.array(priority).min(1).max(5).optional(),
  labels: z.array(labelCondition).min(1).max(10).optional(),
  hours: z.enum(['within', 'outside']).optional(),
})
export type ConditionDocument = z.output<typeof conditionDocument>
export type WrittenCondition = z.output<typeof alertCondition>

type Known = Readonly<Record<'customers' | 'environments', Slugs>>
const KINDS = [
  ['customers', 'customer'],
  ['environments', 'environment'],
] as const

/** @throws EntryFault for a name that nobody has */
export const idNamed = (
  known: ReadonlyMap<string, string>,
  what: string,
  name: string,
  path: (string | number)[],
): string => {
  const id = known.get(name)
  if (id === undefined) throw new EntryFault([{ path, detail: `there is no ${what} ${name}` }])
  return id
}

export const conditionFrom = (when: ConditionDocument, known: Known): WrittenCondition => {
  const ids = KINDS.flatMap(([key, what]) => {
    const named = when[key]?.map((one, place) => idNamed(known[key].ids, what, one, ['when', key, place]))
    return named === undefined ? [] : [[key, named] as const]
  })
  return { ...when, ...Object.fromEntries(ids) }
}

export const documentOfCondition = (when: WrittenCondition, known: Known): ConditionDocument => {
  const slugs = KINDS.flatMap(([key]) => {
    const named = when[key]?.map((id) => known[key].slugs.get(id) ?? id)
    return named === undefined ? [] : [[key, named] as const]
  })
  return { ...when, ...Object.fromEntries(slugs) }
}

export const referencesOfCondition = (when: ConditionDocument): readonly Reference[] =>
  KINDS.flatMap(([section]) =>
    (when[section] ?? []).map((name, place) => ({ path: ['when', section, place], section, name })),
  )

/** As rules read it: priorities as numbers. */
export const readCondition = (when: WrittenCondition): AlertCondition => ({
  ...when,
  priorities: when.priorities?.map((name) => readPriority(name) as Priority),
})

/** As the contract spells it: priorities by name. */
export const writtenCondition = (when: AlertCondition): WrittenCondition =>
  ({
    ...when,
    priorities: when.priorities?.map((one) => `P${one}`),
  }) as WrittenCondition
