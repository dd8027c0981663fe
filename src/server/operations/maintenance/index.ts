/** Maintenance windows as other areas see them. */
import type { FastifyInstance } from 'fastify'
import { maintenanceRoutes } from '../../../contract/operations/maintenance.ts'
import { bind } from '../../platform/http/bind.ts'
import { extendWindow, finishWindow, planWindow } from './change-window.ts'
import { getWindow, listWindows } from './read-windows.ts'

export { holdInForce, windowsInForce, type WindowInForce } from './store.ts'

export const bindMaintenance = (http: FastifyInstance): void => {
  bind(http, maintenanceRoutes, {
    listWindows,
    getWindow,
    planWindow: async (ctx, input) => getWindow(ctx, { windowId: await planWindow(ctx, input) }),
    extendWindow: async (ctx, input) => {
      await extendWindow(ctx, input)
      return getWindow(ctx, input)
    },
    finishWindow: async (ctx, input) => {
      await finishWindow(ctx, input)
      return getWindow(ctx, input)
    },
  })
}
