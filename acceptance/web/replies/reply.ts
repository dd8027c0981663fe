/** Replies for views under test: made from the contract's types and checked against its shapes, so that they cannot drift. */
import type { Permission } from '../../../src/domain/people/permissions.ts'
import type { ReplyOf, Route } from '../../../src/contract/route.ts'

export type Case = 'filled' | 'empty' | 'thousand'
export type Asked = {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
  readonly contact: boolean
  /** What whoever asks may do. */
  readonly may: (permission: Permission) => boolean
  readonly permissions: readonly Permission[]
}
export type Answer = { readonly route: Route; readonly answer: (kase: Case, asked: Asked) => unknown }

/** In two steps, so that the reply's literals are read in the light of the route. */
export const replyTo =
  <T extends Route>(route: T) =>
  (answer: (kase: Case, asked: Asked) => ReplyOf<T>): Answer => ({ route, answer })

let drawn = 0
/** Ids that look like ours; the same in every run. */
export const newId = (): string => {
  drawn += 1
  return `01934f5e-7a00-7000-8000-${drawn.toString(16).padStart(12, '0')}`
}

export const now = Date.now()
export const minutes = (count: number): number => count * 60_000
export const hours = (count: number): number => count * 3_600_000
export const days = (count: number): number => count * 86_400_000

/** Cuts a whole list as keyset paging does; `after` is a position here. */
export const pageThrough = <T>(all: readonly T[], { query }: Asked): { rows: T[]; next: string | null } => {
  const limit = Number(query.get('limit') ?? 50)
  const from = Number(query.get('after') ?? 0)
  const rows = all.slice(from, from + limit)
  return { rows, next: from + limit < all.length ? String(from + limit) : null }
}

export const pick = <T>(list: readonly T[], position: number): T => list[position % list.length] as T
