/** What the server says of itself: whether it is held after a restore, and which version it is. */
import { queryOptions } from '@tanstack/react-query'

export type Health = {
  readonly ready: boolean
  readonly database: boolean
  readonly held: boolean
  readonly version: string
}

/** Not part of the contract's tables: an outside watcher asks the same. It answers 503 with the same body when not ready. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: async ({ signal }): Promise<Health> => {
    const answer = await fetch('/health/ready', { signal, headers: { accept: 'application/json' } })
    return (await answer.json()) as Health
  },
  refetchInterval: 60_000,
  retry: false,
})
