/** Alerts as other areas see them. */
import type { FastifyInstance } from 'fastify'
import { alertRoutes } from '../../../contract/operations/alerts.ts'
import type { Ctx, Platform } from '../../platform/context.ts'
import { bind } from '../../platform/http/bind.ts'
import { acknowledgeAlert } from './acknowledge-alert.ts'
import { closeAlert } from './close-alert.ts'
import { getAlert, type IncidentsOf } from './get-alert.ts'
import { intakeOf } from './intake.ts'
import { listAlerts } from './list-alerts.ts'
import { bindAlertmanager } from './receive-alertmanager.ts'

export type { OpenedAlert } from './events.ts'
export { findAlert, type AlertListRow } from './store.ts'

/** @param incidentsOf a read of an area that stands on alerts; the place that knows all areas hands it in */
export const bindAlerts = async (
  http: FastifyInstance,
  platform: Platform,
  neighbours: { incidentsOf: IncidentsOf },
): Promise<void> => {
  const intake = intakeOf(platform)
  http.addHook('onClose', () => intake.close())
  await bindAlertmanager(http, platform, intake)
  const detail = (ctx: Ctx, input: { alertId: string }) => getAlert(ctx, input, neighbours.incidentsOf)
  bind(http, alertRoutes, {
    listAlerts,
    getAlert: detail,
    acknowledgeAlert: async (ctx, input) => {
      await acknowledgeAlert(ctx, input)
      return detail(ctx, input)
    },
    closeAlert,
  })
}
