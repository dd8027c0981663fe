/** What the home view reads, asked for before it is drawn: by the router while its code is on the way, by the server for the first picture. */
import type { QueryClient } from '@tanstack/react-query'
import type { Permission } from '../../domain/people/permissions.ts'
import { isoDate } from '../messages/format.ts'
import { openAlertsQuery } from '../operations/alerts/queries.ts'
import { owedDecisionsQuery } from '../operations/decision-log/queries.ts'
import { openIncidentsQuery } from '../operations/incidents/queries.ts'
import { onCallNowQuery, timelineQuery } from '../operations/on-call/queries.ts'
import { unresolvedPagesQuery } from '../operations/paging/queries.ts'
import { addDays, mondayOf, startOfDay } from '../parts/days.ts'
import { installationQuery } from '../shell/installation.ts'
import { meQuery } from '../shell/session.ts'

/** More rotas than this would push everything else from the screen. */
export const MOST_ROTAS = 2

/** The week around an instant and the next, in the zone of who reads. */
export const fortnightAt = (at: number, zone: string) => {
  const monday = mondayOf(isoDate(at, zone))
  return { monday, from: startOfDay(monday, zone), to: startOfDay(addDays(monday, 14), zone) }
}

const readRotas = async (client: QueryClient, zone: string): Promise<void> => {
  await client.prefetchQuery(onCallNowQuery)
  const rotas = client.getQueryData(onCallNowQuery.queryKey)?.rows.slice(0, MOST_ROTAS) ?? []
  const { from, to } = fortnightAt(Date.now(), zone)
  await Promise.all(rotas.map(({ schedule }) => client.prefetchQuery(timelineQuery(schedule.slug, from, to))))
}

/** Never fails: what could not be read is asked again by the panel that shows it. */
export const readHome = async (client: QueryClient): Promise<void> => {
  const me = client.getQueryData(meQuery.queryKey)
  if (!me || me.account.kind === 'contact') return
  const may = (permission: Permission): boolean => me.permissions.includes(permission)
  await Promise.all([
    may('on-call.read') && readRotas(client, me.account.zone),
    may('alerts.read') && client.prefetchQuery(openAlertsQuery),
    may('pages.read') && client.prefetchQuery(unresolvedPagesQuery),
    may('incidents.read') && client.prefetchQuery(openIncidentsQuery),
    may('decisions.read') && client.prefetchQuery(owedDecisionsQuery),
    may('installation.read') && client.prefetchQuery(installationQuery),
  ])
}
