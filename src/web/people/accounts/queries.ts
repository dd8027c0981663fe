/** What is read about accounts. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'

export const staffQuery = queryOptions({
  queryKey: ['accounts', 'staff'],
  queryFn: ({ signal }) => api('GET /api/accounts', { kind: 'staff', limit: 200 }, { signal }),
  staleTime: 5 * 60_000,
})

export const contactsQuery = queryOptions({
  queryKey: ['accounts', 'contacts'],
  queryFn: ({ signal }) => api('GET /api/accounts', { kind: 'contact', limit: 200 }, { signal }),
  staleTime: 5 * 60_000,
})

export type Account = Reply<'GET /api/accounts'>['rows'][number]

export const sessionsQuery = queryOptions({
  queryKey: ['self', 'sessions'],
  queryFn: ({ signal }) => api('GET /api/me/sessions', {}, { signal }),
})
export const passkeysQuery = queryOptions({
  queryKey: ['self', 'passkeys'],
  queryFn: ({ signal }) => api('GET /api/me/passkeys', {}, { signal }),
})
export const tokensQuery = queryOptions({
  queryKey: ['self', 'tokens'],
  queryFn: ({ signal }) => api('GET /api/me/tokens', {}, { signal }),
})
export const pushQuery = queryOptions({
  queryKey: ['self', 'push'],
  queryFn: ({ signal }) => api('GET /api/push/subscriptions', {}, { signal }),
})
export const accountsQuery = (kind: 'staff' | 'contact') =>
  infiniteQueryOptions({
    queryKey: ['accounts', 'list', kind],
    queryFn: ({ signal, pageParam }) =>
      api('GET /api/accounts', { kind, limit: 100, ...(pageParam ? { after: pageParam } : {}) }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
