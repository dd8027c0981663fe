/** Incidents as other areas see them. */
import type { FastifyInstance } from 'fastify'
import { incidentRoutes } from '../../../contract/operations/incidents.ts'
import type { Ctx } from '../../platform/context.ts'
import { bind } from '../../platform/http/bind.ts'
import { read } from '../../platform/record.ts'
import { commandIncident } from './command-incident.ts'
import { openIncident } from './open-incident.ts'
import { getIncident, listIncidents, presentIncident } from './read-incidents.ts'
import { findIncidentsOfAlert } from './store.ts'

export { commandKnownIncident } from './command-incident.ts'
export { incidentEvents } from './events.ts'

export const incidentsOfAlert = (ctx: Ctx, alertId: string) =>
  read(ctx, async (db) =>
    (await findIncidentsOfAlert(db, alertId))
      .map(presentIncident)
      .map(({ id, number, title }) => ({ id, number, title })),
  )

export const bindIncidents = (http: FastifyInstance): void => {
  bind(http, incidentRoutes, {
    listIncidents,
    getIncident,
    openIncident: async (ctx, input) => getIncident(ctx, { incidentId: await openIncident(ctx, input) }),
    commandIncident: async (ctx, { incidentId, ...command }) => {
      await commandIncident(ctx, incidentId, command)
      return getIncident(ctx, { incidentId })
    },
  })
}
