/** Who is signed in and what they may do: read once, from the server, never worked out here. */
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import type { Permission } from '../../domain/people/permissions.ts'
import { api, type Reply } from './api.ts'
import { queryClient } from './query-client.ts'

export type Me = Reply<'GET /api/me'>

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api('GET /api/me', {}, { signal }),
  staleTime: 5 * 60_000,
})

/** Only inside the frame, which waits for it. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data

export const useMay = (): ((permission: Permission) => boolean) => {
  const { permissions } = useMe()
  return (permission) => permissions.includes(permission)
}

/** Forgets everything that was read on behalf of somebody. */
export const forgetSession = (): void => queryClient.clear()
