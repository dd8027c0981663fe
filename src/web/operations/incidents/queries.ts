/** What the incident views read. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../shell/api.ts'

export const openIncidentsQuery = queryOptions({
  queryKey: ['incidents', 'open'],
  queryFn: ({ signal }) => api('GET /api/incidents', { status: 'open', limit: 20 }, { signal }),
})
