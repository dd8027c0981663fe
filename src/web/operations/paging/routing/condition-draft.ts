/** Which alerts are meant, while somebody writes it: what is left open is an empty text or list here, and absent in what is kept. */
import { newKey } from '../../../parts/moved.ts'
import type { LabelCondition, Rule } from './queries.ts'

export type Condition = 'is' | 'is-not' | 'there' | 'missing'
export type LabelDraft = {
  readonly key: number
  readonly label: string
  readonly condition: Condition
  readonly values: string
}
type When = Rule['when']
export type Priority = NonNullable<When['priorities']>[number]
/** What a maintenance window names too. */
export type ScopeDraft = { readonly clusters: string; readonly labels: readonly LabelDraft[] }
export type ConditionDraft = ScopeDraft & {
  readonly priorities: readonly Priority[]
  readonly customers: readonly string[]
  readonly environments: readonly string[]
  readonly hours: '' | 'within' | 'outside'
}

export const newLabel = (): LabelDraft => ({ key: newKey(), label: '', condition: 'is', values: '' })

const wordOf = ({ oneOf, not }: LabelCondition): Condition => {
  if (oneOf.length === 0) return not ? 'missing' : 'there'
  return not ? 'is-not' : 'is'
}

export const scopeDraftOf = ({ clusters, labels }: Pick<When, 'clusters' | 'labels'>): ScopeDraft => ({
  clusters: clusters?.join(', ') ?? '',
  labels: (labels ?? []).map((condition) => ({
    key: newKey(),
    label: condition.label,
    condition: wordOf(condition),
    values: condition.oneOf.join(', '),
  })),
})

export const conditionDraftOf = (when: When): ConditionDraft => ({
  ...scopeDraftOf(when),
  priorities: when.priorities ?? [],
  customers: when.customers ?? [],
  environments: when.environments ?? [],
  hours: when.hours ?? '',
})

export const partedOf = (text: string): string[] => [
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
export const isScopeWhole = ({ labels }: ScopeDraft): boolean =>
  labels.every(
    ({ label, condition, values }) =>
      label.trim() !== '' && (!hasValues(condition) || partedOf(values).length > 0),
  )

export const scopeOf = (draft: ScopeDraft): Pick<When, 'clusters' | 'labels'> => {
  const clusters = partedOf(draft.clusters)
  return {
    ...(clusters.length > 0 ? { clusters } : {}),
    ...(draft.labels.length > 0 ? { labels: draft.labels.map(labelOf) } : {}),
  }
}

export const conditionOf = (draft: ConditionDraft): When => ({
  ...(draft.customers.length > 0 ? { customers: [...draft.customers] } : {}),
  ...(draft.environments.length > 0 ? { environments: [...draft.environments] } : {}),
  ...(draft.priorities.length > 0 ? { priorities: [...draft.priorities] } : {}),
  ...scopeOf(draft),
  ...(draft.hours === '' ? {} : { hours: draft.hours }),
})
