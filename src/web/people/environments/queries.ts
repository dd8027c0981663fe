/** What is read about environments and customers. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'

export type EnvironmentRow = Reply<'GET /api/environments'>['rows'][number]
export type CustomerRow = Reply<'GET /api/customers'>['rows'][number]

/** For lists to choose from. */
export const environmentsQuery = queryOptions({
  queryKey: ['environments', 'choices'],
  queryFn: ({ signal }) => api('GET /api/environments', { limit: 200 }, { signal }),
  staleTime: 5 * 60_000,
})

export const environmentListQuery = (filter: { customer?: string }) =>
  infiniteQueryOptions({
    queryKey: ['environments', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/environments',
        { ...filter, limit: 100, ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const environmentQuery = (environment: string) =>
  queryOptions({
    queryKey: ['environments', 'one', environment],
    queryFn: ({ signal }) => api('GET /api/environments/:environment', { environment }, { signal }),
  })

export const keysQuery = (environment: string) =>
  queryOptions({
    queryKey: ['environments', 'keys', environment],
    queryFn: ({ signal }) => api('GET /api/environments/:environment/keys', { environment }, { signal }),
  })

export const customersQuery = queryOptions({
  queryKey: ['customers', 'list'],
  queryFn: ({ signal }) => api('GET /api/customers', { limit: 200 }, { signal }),
})
