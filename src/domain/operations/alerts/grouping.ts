/** By what a list of alerts is put together: at most three labels, or environment and priority; and the question that finds one group. */
import { isRefusal, refuse, type Refusal } from '../../refusal.ts'
import type { Priority } from './priority.ts'
import { and, LONGEST_QUERY, not, type Query } from './query/query.ts'
import { parseQuery } from './query/parse-query.ts'
import { printQuery } from './query/print-query.ts'

export type GroupKey =
  | { readonly kind: 'environment' }
  | { readonly kind: 'priority' }
  | { readonly kind: 'label'; readonly name: string }

export const MOST_GROUP_KEYS = 3

const keyNamed = (name: string): GroupKey => {
  if (name === 'environment' || name === 'priority') return { kind: name }
  return { kind: 'label', name: name.startsWith('label.') ? name.slice(6) : name }
}

/** @param text untrusted: `group,severity,cluster`; a label called environment is `label.environment` */
export const readGrouping = (text: string): readonly GroupKey[] | Refusal<'grouping-not-understood'> => {
  const names = text.split(',').map((name) => name.trim())
  if (names.length > MOST_GROUP_KEYS)
    return refuse('grouping-not-understood', `Alerts are grouped by at most ${MOST_GROUP_KEYS} things.`)
  if (new Set(names).size < names.length)
    return refuse('grouping-not-understood', 'The same stands twice in the grouping.')
  if (names.some((name) => !/^[\w./-]{1,100}$/.test(name) || name === 'label.'))
    return refuse(
      'grouping-not-understood',
      'A grouping is names of labels, environment or priority, with commas between: group,severity,cluster.',
    )
  return names.map(keyNamed)
}

/** null: the alert has no such label. */
export type GroupValue = string | null

const termOf = (key: GroupKey, value: GroupValue): Query => {
  const exact = { text: value ?? '', wild: false }
  switch (key.kind) {
    case 'environment':
      return { kind: 'exact', field: 'environment', wanted: exact }
    case 'priority':
      return { kind: 'priority', op: '=', value: Number(value?.slice(1)) as Priority }
    case 'label':
      return value === null
        ? not({ kind: 'label', name: key.name, wanted: { text: '*', wild: true } })
        : { kind: 'label', name: key.name, wanted: exact }
  }
}

/** Finds what is in the group, of what the question finds. */
export const groupQuery = (query: Query, keys: readonly GroupKey[], values: readonly GroupValue[]): Query =>
  and(query, ...keys.map((key, at) => termOf(key, values[at] ?? null)))

/** Written down; null where it would be longer than a question may be, or mean something else when it is read again. */
export const writtenGroupQuery = (query: Query): string | null => {
  const text = printQuery(query)
  if (text.length > LONGEST_QUERY) return null
  const again = parseQuery(text)
  return !isRefusal(again) && printQuery(again) === text ? text : null
}
