/** What the Decision Log reads. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Input, type Reply } from '../../shell/api.ts'

export type DecisionRow = Reply<'GET /api/decisions'>['rows'][number]
export type DecisionDetail = Reply<'GET /api/decisions/:decisionId'>
export type Terms = NonNullable<DecisionDetail['terms']>
export type Cooperation = Input<'POST /api/decisions/:decisionId/decide'>['cooperation']
export type DecisionFilter = Pick<Input<'GET /api/decisions'>, 'environment' | 'status' | 'owed' | 'search'>

export const owedDecisionsQuery = queryOptions({
  queryKey: ['decisions', 'owed'],
  queryFn: ({ signal }) => api('GET /api/decisions', { owed: 'true', limit: 20 }, { signal }),
})

export const decisionsQuery = (filter: DecisionFilter) =>
  infiniteQueryOptions({
    queryKey: ['decisions', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/decisions',
        { ...filter, limit: 100, ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const decisionQuery = (decisionId: string) =>
  queryOptions({
    queryKey: ['decisions', 'one', decisionId],
    queryFn: ({ signal }) => api('GET /api/decisions/:decisionId', { decisionId }, { signal }),
  })
