/** Maintenance windows: stretches of time under a decision in which alerts of a scope page nobody. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { environmentRef, id, instant, pageOf, paging, personRef, prose, slug } from '../shapes.ts'
import { alertStatus, priority } from './alerts.ts'
import { labelCondition } from './routing.ts'

/** Everything that is named must fit; without either, all alerts of the environment. `clusters` is the label of that name. */
export const windowScope = z.strictObject({
  clusters: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
  labels: z.array(labelCondition).min(1).max(10).optional(),
})

export const WINDOW_ENDINGS = ['announced', 'finished', 'cancelled', 'decision'] as const

export const windowRow = z.object({
  id,
  environment: environmentRef,
  /** `what` is how the decision says it. */
  decision: z.object({ id, number: z.string(), what: z.string() }),
  scope: windowScope,
  /** `planned` before it begins, `lasting` while it does, `over` then. */
  state: z.enum(['planned', 'lasting', 'over']),
  /** Whether alerts of its scope page nobody at this moment: its decision must cover that too. */
  suppresses: z.boolean(),
  startsAt: instant,
  /** As it was announced first. */
  announcedEndAt: instant,
  endsAt: instant,
  ended: z.object({ at: instant, how: z.enum(WINDOW_ENDINGS) }).nullable(),
  plannedAt: instant,
  plannedBy: personRef,
  suppressedCount: z.number().int(),
})
export type WindowReply = z.infer<typeof windowRow>

export const suppressedAlert = z.object({
  id,
  name: z.string(),
  summary: z.string(),
  priority,
  status: alertStatus,
  suppressedAt: instant,
})

export const windowDetail = windowRow.extend({
  /** The first 200. */
  suppressed: z.array(suppressedAlert),
  extensions: z.array(
    z.object({ at: instant, by: personRef.nullable(), from: instant, endsAt: instant, reason: z.string() }),
  ),
  can: z.object({ extend: z.boolean(), finish: z.boolean() }),
})
export type WindowDetailReply = z.infer<typeof windowDetail>

const byId = z.object({ windowId: id })

export const maintenanceRoutes = defineRoutes({
  listWindows: {
    method: 'GET',
    path: '/api/maintenance-windows',
    summary: 'Maintenance windows, those that begin last first.',
    permission: 'alerts.read',
    query: paging.extend({
      environment: slug.optional(),
      decision: id.optional(),
      /** Those that are planned or last now. */
      current: z.enum(['true']).optional(),
    }),
    reply: pageOf(windowRow),
  },
  getWindow: {
    method: 'GET',
    path: '/api/maintenance-windows/:windowId',
    summary: 'One maintenance window with what it kept from paging.',
    permission: 'alerts.read',
    params: byId,
    reply: windowDetail,
    errors: ['not-found'],
  },
  planWindow: {
    method: 'POST',
    path: '/api/maintenance-windows',
    summary:
      'Plans a window under a decision that covers it. Alerts of its scope page nobody while it lasts; what still fires at its end pages then, together.',
    permission: 'decisions.change',
    body: z.object({
      decisionId: id,
      /** Now when left out. */
      startsAt: instant.optional(),
      endsAt: instant,
      scope: windowScope,
    }),
    reply: windowDetail,
    status: 201,
    errors: ['not-found', 'conflict', 'invalid-input'],
  },
  extendWindow: {
    method: 'POST',
    path: '/api/maintenance-windows/:windowId/extend',
    summary: 'Moves the end of a window that is not over. Whoever comes after its end plans another one.',
    permission: 'decisions.change',
    params: byId,
    body: z.object({ endsAt: instant, reason: prose(2_000).min(1) }),
    reply: windowDetail,
    errors: ['not-found', 'conflict', 'invalid-input'],
  },
  finishWindow: {
    method: 'POST',
    path: '/api/maintenance-windows/:windowId/finish',
    summary: 'Ends a window now: what still fires pages at once. Before its beginning, cancels it.',
    permission: 'decisions.change',
    params: byId,
    reply: windowDetail,
    errors: ['not-found', 'conflict'],
  },
})
