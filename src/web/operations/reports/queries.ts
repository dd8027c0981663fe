/** What the report on call reads. */
import { queryOptions } from '@tanstack/react-query'
import { api, type Reply } from '../../shell/api.ts'

export type Report = Reply<'GET /api/reports/on-call'>
export type ReportFilter = {
  readonly days: number
  readonly customer?: string
  readonly environment?: string
}

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** To a whole minute, so that one look at it is one address. */
export const periodOf = ({ days }: ReportFilter, now: number) => {
  const to = Math.ceil(now / MINUTE_MS) * MINUTE_MS
  return { from: to - days * DAY_MS, to }
}

export const reportQuery = (filter: ReportFilter) =>
  queryOptions({
    queryKey: ['reports', filter],
    queryFn: ({ signal }) => {
      const { days: _days, ...place } = filter
      return api('GET /api/reports/on-call', { ...place, ...periodOf(filter, Date.now()) }, { signal })
    },
    // It reads months of alerts: not again for every one that comes.
    staleTime: 5 * MINUTE_MS,
  })
