/** What the Decision Log views read. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../shell/api.ts'

export const owedDecisionsQuery = queryOptions({
  queryKey: ['decisions', 'owed'],
  queryFn: ({ signal }) => api('GET /api/decisions', { owed: 'true', limit: 20 }, { signal }),
})
