/** What is read about the lines that people call. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'

export type PhoneLine = Reply<'GET /api/environments/:environment/phone-lines'>['rows'][number]
export type PhoneCall = PhoneLine['calls'][number]

export const phoneLinesQuery = (environment: string) =>
  queryOptions({
    queryKey: ['phone-lines', environment],
    queryFn: ({ signal }) =>
      api('GET /api/environments/:environment/phone-lines', { environment }, { signal }),
    // A call lasts a minute; whoever looks wants to see where it rings.
    refetchInterval: 10_000,
  })
