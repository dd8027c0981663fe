/** What is read about alert policies. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../../shell/api.ts'

export type Standing = Reply<'GET /api/alert-policies'>
export type Policy = Standing['policies'][number]
export type Tried = Reply<'POST /api/alert-policies/try'>

export const policiesQuery = queryOptions({
  queryKey: ['on-call', 'alert-policies'],
  queryFn: ({ signal }) => api('GET /api/alert-policies', {}, { signal }),
})
