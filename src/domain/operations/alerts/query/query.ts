/** A question about alerts as a tree. It is made by these functions only, so that equal questions are equal trees. */
import { refuse, type Refusal } from '../../../refusal.ts'
import type { Priority } from '../priority.ts'
import type { ExactField, MomentField, TruthField, WordsField } from './fields.ts'

export type Comparison = '=' | '<' | '<=' | '>' | '>='

/** An instant, or one relative to when it is asked: `now-2h` is `{ fromNowMs: -7_200_000 }`. */
export type Moment = { readonly at: number } | { readonly fromNowMs: number }

/** `wild`: every `*` in it stands for anything. */
export type Wanted = { readonly text: string; readonly wild: boolean }

export type Term =
  | { readonly kind: 'status'; readonly is: 'open' | 'acknowledged' | 'closed' }
  | { readonly kind: 'truth'; readonly field: TruthField; readonly is: boolean }
  | { readonly kind: 'priority'; readonly op: Comparison; readonly value: Priority }
  | { readonly kind: 'count'; readonly op: Comparison; readonly value: number }
  | { readonly kind: 'moment'; readonly field: MomentField; readonly op: Comparison; readonly moment: Moment }
  | { readonly kind: 'exact'; readonly field: ExactField; readonly wanted: Wanted }
  | { readonly kind: 'words'; readonly field: WordsField; readonly wanted: Wanted }
  | { readonly kind: 'label'; readonly name: string; readonly wanted: Wanted }

export type Query =
  /** An empty question: every alert. */
  | { readonly kind: 'all' }
  /** Two parts or more, none of them of the same kind. */
  | { readonly kind: 'and'; readonly parts: readonly Query[] }
  | { readonly kind: 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | Term

export const LONGEST_QUERY = 1_000
export const MOST_TERMS = 50
export const DEEPEST_QUERY = 20

/** `from` and `to`: where in the text, in UTF-16 units. */
export type QueryRefusal = Refusal<'query-not-understood'> & { readonly from: number; readonly to: number }

export const notUnderstood = (detail: string, from: number, to: number): QueryRefusal => ({
  ...refuse('query-not-understood', detail),
  from,
  to,
})

const joined = (kind: 'and' | 'or', parts: readonly Query[]): Query => {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]))
  const [first, ...others] = flat
  if (first === undefined) return { kind: 'all' }
  return others.length === 0 ? first : { kind, parts: flat }
}
export const and = (...parts: readonly Query[]): Query =>
  joined(
    'and',
    parts.filter(({ kind }) => kind !== 'all'),
  )
export const or = (...parts: readonly Query[]): Query => joined('or', parts)
export const not = (part: Query): Query => (part.kind === 'not' ? part.part : { kind: 'not', part })
