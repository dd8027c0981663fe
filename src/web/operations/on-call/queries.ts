/** What the on-call views read. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'

export type OnCallNow = Reply<'GET /api/on-call'>['rows'][number]
export type Timeline = Reply<'GET /api/schedules/:schedule/timeline'>
export type ScheduleRow = Reply<'GET /api/schedules'>['rows'][number]

export const onCallNowQuery = queryOptions({
  queryKey: ['on-call', 'now'],
  queryFn: ({ signal }) => api('GET /api/on-call', {}, { signal }),
  // Hand-overs happen without an event.
  refetchInterval: 60_000,
})

export const schedulesQuery = queryOptions({
  queryKey: ['on-call', 'schedules'],
  queryFn: ({ signal }) => api('GET /api/schedules', { limit: 100 }, { signal }),
})

/** @param schedule slug or id */
export const scheduleQuery = (schedule: string) =>
  queryOptions({
    queryKey: ['on-call', 'schedule', schedule],
    queryFn: ({ signal }) => api('GET /api/schedules/:schedule', { schedule }, { signal }),
  })

export const timelineQuery = (schedule: string, from: number, to: number, knownAt?: number) =>
  queryOptions({
    queryKey: ['on-call', 'timeline', schedule, from, to, knownAt],
    queryFn: ({ signal }) =>
      api(
        'GET /api/schedules/:schedule/timeline',
        { schedule, from, to, ...(knownAt === undefined ? {} : { knownAt }) },
        { signal },
      ),
    // The next weeks replace these in place.
    placeholderData: (previous) => previous,
  })

/** A year of them costs a moment: asked for anew when something changes, not at every look. */
export const findingsQuery = (schedule: string) =>
  queryOptions({
    queryKey: ['on-call', 'findings', schedule],
    queryFn: ({ signal }) => api('GET /api/schedules/:schedule/findings', { schedule }, { signal }),
    staleTime: 5 * 60_000,
  })

export type Policy = Reply<'GET /api/escalation-policies'>['rows'][number]

export const policiesQuery = queryOptions({
  queryKey: ['on-call', 'policies'],
  queryFn: ({ signal }) => api('GET /api/escalation-policies', { limit: 100 }, { signal }),
})

/** @param policy slug or id */
export const policyQuery = (policy: string) =>
  queryOptions({
    queryKey: ['on-call', 'policy', policy],
    queryFn: ({ signal }) => api('GET /api/escalation-policies/:policy', { policy }, { signal }),
  })
