/** What is read about the ways one can be reached. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'

export const contactMethodsQuery = queryOptions({
  queryKey: ['self', 'contact-methods'],
  queryFn: ({ signal }) => api('GET /api/me/contact-methods', {}, { signal }),
})

export type ContactMethod = Reply<'GET /api/me/contact-methods'>['rows'][number]
export type Way = Reply<'GET /api/me/contact-methods'>['ways'][number]
export type Kind = Way['kind']
export type CodeSent = Reply<'POST /api/me/contact-methods/:methodId/code'>['code']

export const refreshMethods = (): void =>
  void queryClient.invalidateQueries({ queryKey: contactMethodsQuery.queryKey })
