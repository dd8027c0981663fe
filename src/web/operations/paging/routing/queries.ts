/** What is read about routing rules and service hours, and about what rules may name. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { customersQuery, environmentsQuery } from '../../../people/environments/queries.ts'
import { api, type Reply } from '../../../shell/api.ts'
import { policiesQuery } from '../../on-call/queries.ts'

export type Routing = Reply<'GET /api/routing-rules'>
export type Rule = Routing['rules'][number]
export type LabelCondition = NonNullable<Rule['when']['labels']>[number]
export type Hours = Reply<'GET /api/service-hours'>['rows'][number]
export type ResponseTimes = Reply<'GET /api/response-times'>['rows'][number]
export type Verdict = Reply<'POST /api/routing-rules/try'>

export const routingQuery = queryOptions({
  queryKey: ['on-call', 'routing'],
  queryFn: ({ signal }) => api('GET /api/routing-rules', {}, { signal }),
})

export const serviceHoursQuery = queryOptions({
  queryKey: ['on-call', 'service-hours'],
  queryFn: ({ signal }) => api('GET /api/service-hours', {}, { signal }),
})

export const responseTimesQuery = queryOptions({
  queryKey: ['on-call', 'response-times'],
  queryFn: ({ signal }) => api('GET /api/response-times', {}, { signal }),
})

type Named = { readonly id: string; readonly name: string }
export type Choices = {
  readonly customers: readonly Named[]
  readonly environments: readonly (Named & { readonly slug: string })[]
  readonly policies: readonly Named[]
  readonly nameOf: (id: string) => string
}

/** @param known names of what the rules mention already and lists no longer offer */
export const useChoices = (known: Readonly<Record<string, string>>): Choices => {
  const customers = useQuery(customersQuery).data?.rows ?? []
  const environments = useQuery(environmentsQuery).data?.rows ?? []
  const policies = useQuery(policiesQuery).data?.rows ?? []
  const names = new Map([...customers, ...environments, ...policies].map(({ id, name }) => [id, name]))
  return { customers, environments, policies, nameOf: (id) => known[id] ?? names.get(id) ?? '…' }
}
