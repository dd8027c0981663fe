/** An alert policy while somebody writes it: numbers and lists are texts here. */
import {
  conditionDraftOf,
  conditionOf,
  isScopeWhole,
  partedOf,
  type ConditionDraft,
  type Priority,
} from '../../paging/routing/condition-draft.ts'
import { readLabels } from '../../paging/routing/try-labels.ts'
import type { Policy } from './queries.ts'

type Does = Policy['does']
export type Kind = Does['kind'] | 'never-damp'
export const KINDS = [
  'rewrite',
  'delay',
  'suppress',
  'auto-close',
  'deduplicate',
  'always-page',
  'damp',
  'never-damp',
] as const satisfies readonly Kind[]

export type PolicyDraft = ConditionDraft & {
  readonly name: string
  readonly kind: Kind
  readonly message: string
  readonly description: string
  readonly priority: '' | Priority
  readonly addTags: string
  readonly removeTags: string
  readonly details: string
  readonly minutes: string
  readonly occurrences: string
  readonly alias: string
  readonly times: string
  readonly within: string
  readonly last: boolean
}

const empty = {
  message: '',
  description: '',
  priority: '' as const,
  addTags: '',
  removeTags: '',
  details: '',
  minutes: '10',
  occurrences: '',
  alias: '{{name}} {{labels.cluster}}',
  times: '3',
  within: '15',
}

const fieldsOf = (does: Does): Partial<PolicyDraft> => {
  switch (does.kind) {
    case 'rewrite':
      return {
        message: does.message ?? '',
        description: does.description ?? '',
        priority: does.priority ?? '',
        addTags: does.addTags?.join(', ') ?? '',
        removeTags: does.removeTags?.join(', ') ?? '',
        details: Object.entries(does.details ?? {})
          .map(([name, text]) => `${name}=${text}`)
          .join('\n'),
      }
    case 'delay':
      return { minutes: String(does.minutes ?? ''), occurrences: String(does.occurrences ?? '') }
    case 'auto-close':
      return { minutes: String(does.minutes) }
    case 'deduplicate':
      return { alias: does.alias }
    case 'damp':
      return does.flap
        ? {
            times: String(does.flap.times),
            within: String(does.flap.withinMinutes),
            minutes: String(does.flap.stayMinutes),
          }
        : { kind: 'never-damp' }
    case 'suppress':
    case 'always-page':
      return {}
  }
}

export const draftOf = (policy: Policy | undefined): PolicyDraft => ({
  ...empty,
  ...conditionDraftOf(policy?.when ?? {}),
  name: policy?.name ?? '',
  kind: policy?.does.kind ?? 'rewrite',
  last: policy?.last ?? false,
  ...(policy ? fieldsOf(policy.does) : {}),
})

const wholeOf = (text: string, least: number, most: number): number | undefined => {
  const number = Number(text)
  return text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : undefined
}
const WEEK = 10_080

const rewriteOf = (draft: PolicyDraft): Does | undefined => {
  const { labels, fault } = readLabels(draft.details)
  if (fault !== undefined) return undefined
  const [add, remove] = [partedOf(draft.addTags), partedOf(draft.removeTags)]
  const changes = {
    ...(draft.message.trim() ? { message: draft.message } : {}),
    ...(draft.description.trim() ? { description: draft.description } : {}),
    ...(draft.priority === '' ? {} : { priority: draft.priority }),
    ...(add.length > 0 ? { addTags: add } : {}),
    ...(remove.length > 0 ? { removeTags: remove } : {}),
    ...(Object.keys(labels).length > 0 ? { details: { ...labels } } : {}),
  }
  return Object.keys(changes).length === 0 ? undefined : { kind: 'rewrite', ...changes }
}

/** Undefined while something that it needs is missing. */
const doesOf = (draft: PolicyDraft): Does | undefined => {
  switch (draft.kind) {
    case 'rewrite':
      return rewriteOf(draft)
    case 'delay': {
      const minutes = wholeOf(draft.minutes, 1, WEEK) ?? null
      const occurrences = wholeOf(draft.occurrences, 2, 10_000) ?? null
      const isOdd =
        (minutes === null && draft.minutes !== '') || (occurrences === null && draft.occurrences !== '')
      return isOdd || (minutes === null && occurrences === null)
        ? undefined
        : { kind: 'delay', minutes, occurrences }
    }
    case 'auto-close': {
      const minutes = wholeOf(draft.minutes, 1, 129_600)
      return minutes === undefined ? undefined : { kind: 'auto-close', minutes }
    }
    case 'deduplicate':
      return draft.alias.trim() === '' ? undefined : { kind: 'deduplicate', alias: draft.alias }
    case 'damp': {
      const times = wholeOf(draft.times, 2, 100)
      const withinMinutes = wholeOf(draft.within, 1, 60)
      const stayMinutes = wholeOf(draft.minutes, 1, 240)
      return times === undefined || withinMinutes === undefined || stayMinutes === undefined
        ? undefined
        : { kind: 'damp', flap: { times, withinMinutes, stayMinutes } }
    }
    case 'never-damp':
      return { kind: 'damp', flap: null }
    case 'suppress':
    case 'always-page':
      return { kind: draft.kind }
  }
}

/** @returns undefined while it is not whole */
export const policyOf = (draft: PolicyDraft, id: string): Policy | undefined => {
  const does = doesOf(draft)
  if (!does || draft.name.trim() === '' || !isScopeWhole(draft)) return undefined
  return {
    id,
    name: draft.name.trim(),
    when: conditionOf(draft),
    does,
    ...(draft.last ? { last: true } : {}),
  }
}
