/** What the incident views read. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Input, type Reply } from '../../shell/api.ts'

export type IncidentRow = Reply<'GET /api/incidents'>['rows'][number]
export type Incident = Reply<'GET /api/incidents/:incidentId'>
export type Pin = Incident['pins'][number]
export type Hypothesis = Incident['hypotheses'][number]
export type IncidentFilter = Pick<Input<'GET /api/incidents'>, 'status' | 'environment'>

/** Home and command menu share this answer. */
export const openIncidentsQuery = queryOptions({
  queryKey: ['incidents', 'open'],
  queryFn: ({ signal }) => api('GET /api/incidents', { status: 'unresolved', limit: 20 }, { signal }),
})

export const incidentsQuery = (filter: IncidentFilter) =>
  infiniteQueryOptions({
    queryKey: ['incidents', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/incidents',
        { ...filter, limit: 100, ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const incidentQuery = (incidentId: string) =>
  queryOptions({
    queryKey: ['incidents', 'one', incidentId],
    queryFn: ({ signal }) => api('GET /api/incidents/:incidentId', { incidentId }, { signal }),
  })
