/** A routing rule while somebody writes it. */
import { slugOf } from '../../on-call/editing/slug-of.ts'
import { conditionDraftOf, conditionOf, isScopeWhole, type ConditionDraft } from './condition-draft.ts'
import type { Rule } from './queries.ts'

export type Keyed = { readonly key: number; readonly rule: Rule }
export type RuleDraft = ConditionDraft & {
  readonly name: string
  readonly kind: Rule['does']['kind']
  /** Empty for that of the environment. */
  readonly policyId: string
}

export const draftOf = (rule: Rule | undefined): RuleDraft => ({
  ...conditionDraftOf(rule?.when ?? {}),
  name: rule?.name ?? '',
  kind: rule?.does.kind ?? 'page',
  policyId: (rule && rule.does.kind !== 'list' ? rule.does.policyId : null) ?? '',
})

export const isWhole = (draft: RuleDraft): boolean => draft.name.trim() !== '' && isScopeWhole(draft)

/** @param taken ids of the other rules: a new one gets one of its own */
export const idOf = (name: string, taken: readonly string[]): string => {
  const base = slugOf(name) || 'rule'
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? '' : `-${count}`
    const id = `${base.slice(0, 63 - ending.length)}${ending}`
    if (!taken.includes(id)) return id
  }
}

export const ruleOf = (draft: RuleDraft, id: string): Rule => ({
  id,
  name: draft.name.trim(),
  when: conditionOf(draft),
  does: draft.kind === 'list' ? { kind: 'list' } : { kind: draft.kind, policyId: draft.policyId || null },
})
