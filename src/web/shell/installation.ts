/** What the installation says of itself: its version, and whether it is held after a restore. */
import { queryOptions } from '@tanstack/react-query'
import { api } from './api.ts'

export const installationQuery = queryOptions({
  queryKey: ['installation', 'state'],
  queryFn: ({ signal }) => api('GET /api/installation', {}, { signal }),
  staleTime: 60_000,
  refetchInterval: 60_000,
})
