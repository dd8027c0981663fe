/** The newest few of everything in one environment; each in its own area's keys, so that its events refresh it. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../shell/api.ts'

const FEW = 5

export const alertsHereQuery = (environment: string) =>
  queryOptions({
    queryKey: ['alerts', 'here', environment],
    queryFn: ({ signal }) =>
      api('GET /api/alerts', { environment, status: 'not-closed', limit: FEW }, { signal }),
  })

export const incidentsHereQuery = (environment: string) =>
  queryOptions({
    queryKey: ['incidents', 'here', environment],
    queryFn: ({ signal }) =>
      api('GET /api/incidents', { environment, status: 'unresolved', limit: FEW }, { signal }),
  })

export const decisionsHereQuery = (environment: string | undefined) =>
  queryOptions({
    queryKey: ['decisions', 'here', environment],
    queryFn: ({ signal }) =>
      api('GET /api/decisions', { ...(environment ? { environment } : {}), limit: FEW }, { signal }),
  })

export const workHereQuery = (environment: string | undefined) =>
  queryOptions({
    queryKey: ['operator-log', 'here', environment],
    queryFn: ({ signal }) =>
      api('GET /api/operator-log', { ...(environment ? { environment } : {}), limit: FEW }, { signal }),
  })
