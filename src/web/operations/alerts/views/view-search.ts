/** Between a saved view and the address that shows it: the address stays the state, a view is only a name for one. */
import type { Input, Reply } from '../../../shell/api.ts'

export type SavedView = Reply<'GET /api/alerts/views'>['rows'][number]
type Status = SavedView['status']
export type ListSearch = {
  readonly status?: Exclude<Status, 'not-closed'> | undefined
  readonly environment?: string | undefined
  readonly priority?: NonNullable<SavedView['priority']> | undefined
  readonly query?: string | undefined
  readonly by?: string | undefined
}

export const searchOf = (view: SavedView): ListSearch => ({
  status: view.status === 'not-closed' ? undefined : view.status,
  environment: view.environment ?? undefined,
  priority: view.priority ?? undefined,
  query: view.query || undefined,
  by: view.groupBy ?? undefined,
})

const same = (one: ListSearch, other: ListSearch): boolean =>
  (['status', 'environment', 'priority', 'query', 'by'] as const).every((key) => one[key] === other[key])

/** The view that the list shows at this moment, if it is one. */
export const viewShown = (views: readonly SavedView[], search: ListSearch): SavedView | undefined =>
  views.find((view) => same(searchOf(view), search))

export const savedFrom = (
  search: ListSearch,
  name: string,
  isShared: boolean,
): Input<'POST /api/alerts/views'> => ({
  name,
  status: search.status ?? 'not-closed',
  environment: search.environment ?? null,
  priority: search.priority ?? null,
  query: search.query ?? '',
  groupBy: search.by ?? null,
  ...(isShared ? { slug: slugOf(name) } : {}),
})

/** What addresses and files call a view of everybody. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
