/** What the grouped list reads: groups part by part, and the first alerts of the one that is open. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../../shell/api.ts'
import type { AlertFilter } from '../queries.ts'

type Part = Reply<'GET /api/alerts/groups'>
export type Group = Part['rows'][number]

/** `usual`: as the installation says. */
export const groupsQuery = (filter: AlertFilter, by: string) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'groups', filter, by],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/alerts/groups',
        { ...filter, ...(by === 'usual' ? {} : { by }), ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const FIRST_OF_GROUP = 20
export const inGroupQuery = (filter: AlertFilter, query: string) =>
  queryOptions({
    queryKey: ['alerts', 'list', { ...filter, query }, 'in-group'],
    queryFn: ({ signal }) => api('GET /api/alerts', { ...filter, query, limit: FIRST_OF_GROUP }, { signal }),
  })

export const countQuery = (filter: AlertFilter) =>
  queryOptions({
    queryKey: ['alerts', 'count', filter],
    queryFn: ({ signal }) => api('GET /api/alerts/count', filter, { signal }),
  })

const rank = ({ priority }: Group): number => Number(priority.slice(1))

/** Groups of all parts that were read: the same group in two of them is one. The worst and largest first, as in each part. */
export const mergeGroups = (parts: readonly Pick<Part, 'rows'>[]): readonly Group[] => {
  const merged = new Map<string, Group>()
  for (const { rows } of parts)
    for (const row of rows) {
      const key = JSON.stringify(row.values)
      const known = merged.get(key)
      merged.set(
        key,
        known
          ? {
              ...known,
              count: known.count + row.count,
              acknowledged: known.acknowledged + row.acknowledged,
              priority: rank(row) < rank(known) ? row.priority : known.priority,
              newestAt: Math.max(known.newestAt, row.newestAt),
            }
          : row,
      )
    }
  return [...merged.values()].toSorted(
    (a, b) => rank(a) - rank(b) || b.count - a.count || b.newestAt - a.newestAt,
  )
}
