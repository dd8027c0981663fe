/** What the evidence views read. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../shell/api.ts'

export type Ledger = Reply<'GET /api/evidence'>
export type Log = Ledger['logs'][number]
export type EntryRow = Reply<'GET /api/evidence/logs/:log/entries'>['rows'][number]
export type Entry = Reply<'GET /api/evidence/entries/:entryId'>
export type Pack = Reply<'GET /api/evidence/packs/:packId'>

/** Signing and waiting change without an event. */
const LOOK_AGAIN_MS = 15_000
const WATCH_MS = 2_000

export const ledgerQuery = queryOptions({
  queryKey: ['evidence', 'ledger'],
  queryFn: ({ signal }) => api('GET /api/evidence', {}, { signal }),
  refetchInterval: LOOK_AGAIN_MS,
})

export const entriesQuery = (log: string, type: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['evidence', 'entries', log, type],
    queryFn: ({ signal, pageParam }) =>
      api(
        'GET /api/evidence/logs/:log/entries',
        { log, limit: 100, ...(type ? { type } : {}), ...(pageParam ? { after: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const entryQuery = (entryId: string) =>
  queryOptions({
    queryKey: ['evidence', 'entry', entryId],
    queryFn: ({ signal }) => api('GET /api/evidence/entries/:entryId', { entryId }, { signal }),
  })

export const packsQuery = infiniteQueryOptions({
  queryKey: ['evidence', 'packs'],
  queryFn: ({ signal, pageParam }) =>
    api('GET /api/evidence/packs', { limit: 50, ...(pageParam ? { after: pageParam } : {}) }, { signal }),
  initialPageParam: '',
  getNextPageParam: (last) => last.next,
})

export const packQuery = (packId: string) =>
  queryOptions({
    queryKey: ['evidence', 'pack', packId],
    queryFn: ({ signal }) => api('GET /api/evidence/packs/:packId', { packId }, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'building' ? WATCH_MS : false),
  })
