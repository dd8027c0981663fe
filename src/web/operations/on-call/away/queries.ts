/** What is read about leave and forwarding. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../../shell/api.ts'

export type Absence = Reply<'GET /api/on-call/absences'>['rows'][number]
export type Forwarding = Reply<'GET /api/on-call/forwardings'>['rows'][number]

export const absencesQuery = queryOptions({
  queryKey: ['on-call', 'absences'],
  queryFn: ({ signal }) => api('GET /api/on-call/absences', {}, { signal }),
})

export const forwardingsQuery = queryOptions({
  queryKey: ['on-call', 'forwardings'],
  queryFn: ({ signal }) => api('GET /api/on-call/forwardings', {}, { signal }),
})
