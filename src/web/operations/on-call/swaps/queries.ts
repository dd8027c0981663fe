/** What is read about swaps. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../../shell/api.ts'

export type Swap = Reply<'GET /api/swaps'>['rows'][number]

/** @param schedule slug or id */
export const swapsQuery = (schedule: string) =>
  queryOptions({
    queryKey: ['on-call', 'swaps', schedule],
    queryFn: ({ signal }) => api('GET /api/swaps', { schedule }, { signal }),
  })
