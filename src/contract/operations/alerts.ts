/** Alerts as clients see them: list, one, acknowledge, close. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, environmentRef, id, instant, pageOf, paging, personRef, slug } from '../shapes.ts'

export const priority = z.enum(['P1', 'P2', 'P3', 'P4', 'P5'])
export const alertStatus = z.enum(['open', 'acknowledged', 'closed'])

export const alertRow = z.object({
  id,
  environment: environmentRef,
  status: alertStatus,
  priority,
  severity: z.string(),
  name: z.string(),
  summary: z.string(),
  groupKey: z.string(),
  startsAt: instant,
  openedAt: instant,
  lastSeenAt: instant,
  count: z.number().int(),
  acknowledgedAt: instant.nullable(),
  closedAt: instant.nullable(),
})
export type AlertReply = z.infer<typeof alertRow>

export const alertDetail = alertRow.extend({
  fingerprint: z.string(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  generatorUrl: z.string().nullable(),
  runbookUrl: z.string().nullable(),
  /** What had to be bent to store this alert, in sentences. */
  leniencies: z.array(z.string()),
  closedBy: z.enum(['source', 'person']).nullable(),
  pages: z.array(
    z.object({ id, status: z.enum(['open', 'acknowledged', 'resolved']), requestedAt: instant }),
  ),
  incidents: z.array(z.object({ id, number: z.string(), title: z.string() })),
  /** `kind` is one of `ALERT_HAPPENINGS`, or the type of an event that a newer server knows; what it is called is the reader's matter. */
  activity: z.array(
    z.object({ at: instant, kind: z.string(), by: personRef.nullable(), detail: z.string().nullable() }),
  ),
  can: z.object({ acknowledge: z.boolean(), close: z.boolean(), openIncident: z.boolean() }),
})

export const ALERT_HAPPENINGS = [
  'opened',
  'paged',
  'page-acknowledged',
  'acknowledged',
  'acknowledged-with-page',
  'closed-by-hand',
  // An integration key named the person.
  'acknowledged-through-key',
  'changed-by-source',
  'noted',
  'incident-opened',
  'resolved-by-source',
] as const
export type AlertHappening = (typeof ALERT_HAPPENINGS)[number]

const byId = z.object({ alertId: id })

export const alertRoutes = defineRoutes({
  listAlerts: {
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts, newest first.',
    permission: 'alerts.read',
    query: paging.extend({
      status: z.enum(['open', 'acknowledged', 'closed', 'not-closed']).optional(),
      environment: slug.optional(),
      priority: priority.optional(),
      /** Words in name or summary, or label=value. */
      search: z.string().max(200).optional(),
    }),
    reply: pageOf(alertRow).extend({ counts: z.object({ open: z.number(), acknowledged: z.number() }) }),
  },
  getAlert: {
    method: 'GET',
    path: '/api/alerts/:alertId',
    summary: 'One alert with its labels, pages and activity.',
    permission: 'alerts.read',
    params: byId,
    reply: alertDetail,
    errors: ['not-found'],
  },
  acknowledgeAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/acknowledge',
    summary: 'Acknowledges the alert and the page that carries it.',
    permission: 'pages.acknowledge',
    params: byId,
    reply: alertDetail,
    errors: ['not-found', 'conflict'],
  },
  closeAlert: {
    method: 'POST',
    path: '/api/alerts/:alertId/close',
    summary:
      'Closes an alert by hand, with a reason. If it still fires it opens again at the next notification.',
    permission: 'alerts.change',
    params: byId,
    body: z.object({ reason: z.string().trim().min(1).max(500) }),
    reply: done,
    errors: ['not-found', 'conflict'],
  },
})
