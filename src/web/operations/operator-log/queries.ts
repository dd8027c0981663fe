/** What the Operator Log reads. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Input, type Reply } from '../../shell/api.ts'

export type EntryRow = Reply<'GET /api/operator-log'>['rows'][number]
export type EntryDetail = Reply<'GET /api/operator-log/:entryId'>
export type RecordingRow = Reply<'GET /api/recordings'>['rows'][number]
export type Recording = Reply<'GET /api/recordings/:recordingId'>
export type Shares = Reply<'GET /api/recordings'>['shares']
export type Kind = RecordingRow['kind']

export type EntryFilter = Pick<Input<'GET /api/operator-log'>, 'environment' | 'category' | 'search'>
export type RecordingFilter = Pick<Input<'GET /api/recordings'>, 'environment' | 'kind' | 'withoutDecision'>

export const entriesQuery = (filter: EntryFilter) =>
  infiniteQueryOptions({
    queryKey: ['operator-log', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/operator-log',
        { ...filter, limit: 100, ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const recordingsQuery = (filter: RecordingFilter) =>
  infiniteQueryOptions({
    queryKey: ['operator-log', 'recordings', filter],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/recordings',
        { ...filter, limit: 100, ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const entryQuery = (entryId: string) =>
  queryOptions({
    queryKey: ['operator-log', 'entry', entryId],
    queryFn: ({ signal }) => api('GET /api/operator-log/:entryId', { entryId }, { signal }),
  })

export const recordingQuery = (recordingId: string) =>
  queryOptions({
    queryKey: ['operator-log', 'recording', recordingId],
    queryFn: ({ signal }) => api('GET /api/recordings/:recordingId', { recordingId }, { signal }),
  })
