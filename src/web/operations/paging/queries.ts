/** What the page views read. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Input, type Reply } from '../../shell/api.ts'

export type PageRow = Reply<'GET /api/pages'>['rows'][number]
export type PageFilter = Pick<Input<'GET /api/pages'>, 'status' | 'environment'>

/** Home and frame share this answer. */
export const unresolvedPagesQuery = queryOptions({
  queryKey: ['pages', 'unresolved'],
  queryFn: ({ signal }) => api('GET /api/pages', { status: 'unresolved', limit: 20 }, { signal }),
})

export const pagesQuery = (filter: PageFilter) =>
  infiniteQueryOptions({
    queryKey: ['pages', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/pages',
        { ...filter, limit: 100, ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
