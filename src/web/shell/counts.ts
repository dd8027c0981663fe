/** The few numbers that the frame shows beside an area; the same cached answers as the home view reads. */
import { useQuery } from '@tanstack/react-query'
import { openAlertsQuery } from '../operations/alerts/queries.ts'
import { unresolvedPagesQuery } from '../operations/paging/queries.ts'
import { useMay } from './session.ts'

export type Count = { readonly count: number; readonly urgent: boolean }

export const useCounts = (): Readonly<Record<string, Count>> => {
  const may = useMay()
  const alerts = useQuery({ ...openAlertsQuery, enabled: may('alerts.read') }).data
  const pages = useQuery({ ...unresolvedPagesQuery, enabled: may('pages.read') }).data
  const ringing = pages?.rows.filter(({ status }) => status === 'open').length ?? 0
  return {
    ...(alerts && alerts.counts.open + alerts.counts.acknowledged > 0
      ? { alerts: { count: alerts.counts.open + alerts.counts.acknowledged, urgent: false } }
      : {}),
    ...(ringing > 0 ? { pages: { count: ringing, urgent: true } } : {}),
  }
}
