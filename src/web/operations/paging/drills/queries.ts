/** What is read about drills. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../../shell/api.ts'

export type Drill = Reply<'GET /api/drills'>['rows'][number]
export type DrillDetail = Reply<'GET /api/drills/:drillId'>
export type Plan = Reply<'GET /api/drill-plans'>['rows'][number]

export const drillsQuery = infiniteQueryOptions({
  queryKey: ['drills', 'list'],
  queryFn: ({ signal, pageParam }) =>
    api('GET /api/drills', { limit: 30, ...(pageParam ? { after: pageParam } : {}) }, { signal }),
  initialPageParam: '',
  getNextPageParam: (last) => last.next,
})

export const drillQuery = (drillId: string) =>
  queryOptions({
    queryKey: ['drills', 'one', drillId],
    queryFn: ({ signal }) => api('GET /api/drills/:drillId', { drillId }, { signal }),
  })

export const plansQuery = queryOptions({
  queryKey: ['drills', 'plans'],
  queryFn: ({ signal }) => api('GET /api/drill-plans', {}, { signal }),
})

export const provenQuery = queryOptions({
  queryKey: ['drills', 'proven'],
  queryFn: ({ signal }) => api('GET /api/drills/proven', {}, { signal }),
  staleTime: 60_000,
})
