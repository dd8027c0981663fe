/** Whom P1 would wake, as the server judges it. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../shell/api.ts'

export const readinessQuery = queryOptions({
  queryKey: ['accounts', 'readiness'],
  queryFn: ({ signal }) => api('GET /api/readiness', {}, { signal }),
  staleTime: 60_000,
})
