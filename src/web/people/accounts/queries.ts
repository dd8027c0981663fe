/** What is read about accounts. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../shell/api.ts'

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
