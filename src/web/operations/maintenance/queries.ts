/** What is read about maintenance windows. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'

export type WindowRow = Reply<'GET /api/maintenance-windows'>['rows'][number]
export type WindowDetail = Reply<'GET /api/maintenance-windows/:windowId'>

export const currentWindowsQuery = queryOptions({
  queryKey: ['maintenance', 'current'],
  queryFn: ({ signal }) => api('GET /api/maintenance-windows', { current: 'true', limit: 20 }, { signal }),
})

export const windowsOfQuery = (decision: string) =>
  queryOptions({
    queryKey: ['maintenance', 'of', decision],
    queryFn: ({ signal }) => api('GET /api/maintenance-windows', { decision, limit: 20 }, { signal }),
  })

export const windowQuery = (windowId: string) =>
  queryOptions({
    queryKey: ['maintenance', 'one', windowId],
    queryFn: ({ signal }) => api('GET /api/maintenance-windows/:windowId', { windowId }, { signal }),
  })
