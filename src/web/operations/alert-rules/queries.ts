/** What is read about alerting rules. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Input, type Reply } from '../../shell/api.ts'

export type RuleSetRow = Reply<'GET /api/rule-sets'>['rows'][number]
export type RuleRow = Reply<'GET /api/rule-sets/:name/rules'>['rows'][number]
export type Coverage = Reply<'GET /api/runbook-coverage'>
export type CoverageFilter = Pick<Input<'GET /api/runbook-coverage'>, 'environment' | 'days'>

export const ruleSetsQuery = queryOptions({
  queryKey: ['alert-rules', 'sets'],
  queryFn: ({ signal }) => api('GET /api/rule-sets', {}, { signal }),
})

export const coverageQuery = (filter: CoverageFilter) =>
  queryOptions({
    queryKey: ['alert-rules', 'coverage', filter],
    queryFn: ({ signal }) => api('GET /api/runbook-coverage', filter, { signal }),
    // It looks through months of alerts: not again for every one of them.
    staleTime: 60_000,
  })

export const rulesQuery = (name: string, found: 'red' | 'any' | undefined) =>
  infiniteQueryOptions({
    queryKey: ['alert-rules', 'rules', name, found],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/rule-sets/:name/rules',
        { name, limit: 100, ...(found ? { found } : {}), ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
