/** What the alert views read. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Input, type Reply } from '../../shell/api.ts'

export type AlertRow = Reply<'GET /api/alerts'>['rows'][number]
export type AlertDetail = Reply<'GET /api/alerts/:alertId'>
export type AlertFilter = Pick<Input<'GET /api/alerts'>, 'status' | 'environment' | 'priority' | 'query'>

const PAGE = 100

/** Home and frame share this answer. */
export const openAlertsQuery = queryOptions({
  queryKey: ['alerts', 'open'],
  queryFn: ({ signal }) => api('GET /api/alerts', { status: 'not-closed', limit: 8 }, { signal }),
})

export const alertsQuery = (filter: AlertFilter) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/alerts',
        { ...filter, limit: PAGE, ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const alertQuery = (alertId: string) =>
  queryOptions({
    queryKey: ['alerts', 'one', alertId],
    queryFn: ({ signal }) => api('GET /api/alerts/:alertId', { alertId }, { signal }),
  })
