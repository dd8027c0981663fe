/** What is read about heartbeats. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'

export type HeartbeatRow = Reply<'GET /api/environments/:environment/heartbeats'>['rows'][number]

export const heartbeatsQuery = (environment: string) =>
  queryOptions({
    queryKey: ['heartbeats', environment],
    queryFn: ({ signal }) =>
      api('GET /api/environments/:environment/heartbeats', { environment }, { signal }),
    // A ping is no event that would be told.
    refetchInterval: 30_000,
  })
