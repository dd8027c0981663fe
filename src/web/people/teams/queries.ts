/** What is read about teams. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'

export type Team = Reply<'GET /api/teams'>['rows'][number]

/** All that can be named in a rota. */
export const teamsQuery = queryOptions({
  queryKey: ['teams', 'all'],
  queryFn: ({ signal }) => api('GET /api/teams', { limit: 200 }, { signal }),
  staleTime: 5 * 60_000,
})

export const teamListQuery = infiniteQueryOptions({
  queryKey: ['teams', 'list'],
  queryFn: ({ signal, pageParam }) =>
    api('GET /api/teams', { limit: 100, ...(pageParam ? { after: pageParam } : {}) }, { signal }),
  initialPageParam: '',
  getNextPageParam: (last) => last.next,
})
