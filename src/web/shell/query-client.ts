/** The cache of everything that was read: kept for the session, refreshed by live events and on return to the window. */
import { QueryCache, QueryClient } from '@tanstack/react-query'
import { isFailure } from './failure.ts'

let signedOut: () => void = () => undefined
/** The router says where to go when a session has ended. */
export const onSignedOut = (go: () => void): void => {
  signedOut = go
}

const RETRIES = 2

/** Each picture that is drawn on the server has its own: nobody's answers meet there. */
export const newQueryClient = (): QueryClient =>
  new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isFailure(error) && error.code === 'not-signed-in') signedOut()
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        // An answer that says no will say no again; silence and 503 are worth asking twice.
        retry: (count, error) =>
          count < RETRIES && isFailure(error) && (error.status === 0 || error.status === 503),
        retryDelay: (count) => 400 * 2 ** count,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })

/** The browser's. */
export const queryClient = newQueryClient()
