/** A routing rule while somebody writes it: what is left open is an empty text or list here, and absent in the rule. */
import { newKey } from '../../../parts/moved.ts'
import { slugOf } from '../../on-call/editing/slug-of.ts'
import type { LabelCondition, Rule } from './queries.ts'

export type Keyed = { readonly key: number; readonly rule: Rule }
export type Condition = 'is' | 'is-not' | 'there' | 'missing'
export type LabelDraft = {
  readonly key: number
  readonly label: string
  readonly condition: Condition
  readonly values: string
}
export type Priority = NonNullable<Rule['when']['priorities']>[number]
export type RuleDraft = {
  readonly name: string
  readonly priorities: readonly Priority[]
  readonly customers: readonly string[]
  readonly environments: readonly string[]
  readonly clusters: string
  readonly hours: '' | 'within' | 'outside'
  readonly labels: readonly LabelDraft[]
  readonly kind: Rule['does']['kind']
  /** Empty for that of the environment. */
  readonly policyId: string
}

export const newLabel = (): LabelDraft => ({ key: newKey(), label: '', condition: 'is', values: '' })

const conditionOf = ({ oneOf, not }: LabelCondition): Condition => {
  if (oneOf.length === 0) return not ? 'missing' : 'there'
  return not ? 'is-not' : 'is'
}

export const draftOf = (rule: Rule | undefined): RuleDraft => ({
  name: rule?.name ?? '',
  priorities: rule?.when.priorities ?? [],
  customers: rule?.when.customers ?? [],
  environments: rule?.when.environments ?? [],
  clusters: rule?.when.clusters?.join(', ') ?? '',
  hours: rule?.when.hours ?? '',
  labels: (rule?.when.labels ?? []).map((condition) => ({
    key: newKey(),
    label: condition.label,
    condition: conditionOf(condition),
    values: condition.oneOf.join(', '),
  })),
  kind: rule?.does.kind ?? 'page',
  policyId: (rule && rule.does.kind !== 'list' ? rule.does.policyId : null) ?? '',
})

const partedOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
]

const hasValues = (condition: Condition): boolean => condition === 'is' || condition === 'is-not'

const labelOf = ({ label, condition, values }: LabelDraft): LabelCondition => ({
  label: label.trim(),
  oneOf: hasValues(condition) ? partedOf(values) : [],
  ...(condition === 'is-not' || condition === 'missing' ? { not: true } : {}),
})

/** A label without values would mean another condition than the one that was chosen. */
export const isWhole = ({ name, labels }: RuleDraft): boolean =>
  name.trim() !== '' &&
  labels.every(
    ({ label, condition, values }) =>
      label.trim() !== '' && (!hasValues(condition) || partedOf(values).length > 0),
  )

/** @param taken ids of the other rules: a new one gets one of its own */
export const idOf = (name: string, taken: readonly string[]): string => {
  const base = slugOf(name) || 'rule'
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? '' : `-${count}`
    const id = `${base.slice(0, 63 - ending.length)}${ending}`
    if (!taken.includes(id)) return id
  }
}

export const ruleOf = (draft: RuleDraft, id: string): Rule => {
  const clusters = partedOf(draft.clusters)
  return {
    id,
    name: draft.name.trim(),
    when: {
      ...(draft.customers.length > 0 ? { customers: [...draft.customers] } : {}),
      ...(draft.environments.length > 0 ? { environments: [...draft.environments] } : {}),
      ...(clusters.length > 0 ? { clusters } : {}),
      ...(draft.priorities.length > 0 ? { priorities: [...draft.priorities] } : {}),
      ...(draft.labels.length > 0 ? { labels: draft.labels.map(labelOf) } : {}),
      ...(draft.hours === '' ? {} : { hours: draft.hours }),
    },
    does: draft.kind === 'list' ? { kind: 'list' } : { kind: draft.kind, policyId: draft.policyId || null },
  }
}
