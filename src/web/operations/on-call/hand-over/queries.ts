/** What is read about handing over. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../../shell/api.ts'

export type HandOverNote = Reply<'GET /api/hand-over-notes'>['rows'][number]
export type NextHandOver = NonNullable<Reply<'GET /api/schedules/:schedule/hand-over'>['next']>

/** @param schedule slug or id */
export const handOverQuery = (schedule: string) =>
  queryOptions({
    queryKey: ['on-call', 'hand-over', schedule],
    queryFn: ({ signal }) => api('GET /api/schedules/:schedule/hand-over', { schedule }, { signal }),
  })

export const notesQuery = (schedule: string) =>
  queryOptions({
    queryKey: ['on-call', 'hand-over-notes', schedule],
    queryFn: ({ signal }) => api('GET /api/hand-over-notes', { schedule }, { signal }),
  })

export const notesForMeQuery = queryOptions({
  queryKey: ['on-call', 'hand-over-notes', 'mine'],
  queryFn: ({ signal }) => api('GET /api/hand-over-notes', { mine: 'true' }, { signal }),
})
