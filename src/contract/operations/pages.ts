/** Pages: who is being told about what, on which way, and who took it. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { environmentRef, id, instant, line, pageOf, paging, personRef, slug } from '../shapes.ts'
import { priority } from './alerts.ts'
import { escalationTarget } from './on-call.ts'

export const pageStatus = z.enum(['open', 'acknowledged', 'resolved'])
export const channel = z.enum([
  'email',
  'web-push',
  'sms',
  'voice',
  'slack',
  'mattermost',
  'ntfy',
  'webhook',
  'screen',
])
export const intentStatus = z.enum(['intended', 'claimed', 'sent', 'failed', 'cancelled'])

export const pageRow = z.object({
  id,
  environment: environmentRef,
  status: pageStatus,
  priority,
  title: z.string(),
  alertCount: z.number().int(),
  nobodyOnCall: z.boolean(),
  /** Somebody was on call whom nothing away from a screen would tell; the fallback was told beside them. */
  nobodyReached: z.boolean().optional(),
  requestedAt: instant,
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: personRef.nullable(),
  resolvedAt: instant.nullable(),
  can: z.object({ acknowledge: z.boolean() }),
})
export type PageReply = z.infer<typeof pageRow>

export const intentRow = z.object({
  id,
  step: z.number().int(),
  person: personRef,
  channel,
  status: intentStatus,
  attempt: z.number().int(),
  intendedAt: instant,
  /** When it is sent if nobody has the page by then. */
  dueAt: instant,
  endedAt: instant.nullable(),
  outcome: z.string().nullable(),
  /** What the carrier reported later of a message it had accepted; null while it has not. */
  delivery: z
    .object({ status: z.enum(['delivered', 'failed', 'unknown']), at: instant, detail: z.string() })
    .nullable(),
})

export const pageDetail = pageRow.extend({
  alerts: z.array(
    z.object({
      id,
      name: z.string(),
      summary: z.string(),
      priority,
      status: z.enum(['open', 'acknowledged', 'closed']),
      startsAt: instant,
    }),
  ),
  intents: z.array(intentRow),
  timeline: z.array(z.object({ at: instant, what: z.string(), by: personRef.nullable() })),
  /** When the next step begins if nobody acknowledges. */
  nextStepAt: instant.nullable(),
})

const byId = z.object({ pageId: id })

export const pageRoutes = defineRoutes({
  listPages: {
    method: 'GET',
    path: '/api/pages',
    summary: 'Pages, newest first. `mine=true` lists what rings on your screen.',
    permission: 'pages.read',
    query: paging.extend({
      status: z.enum(['open', 'acknowledged', 'resolved', 'unresolved']).optional(),
      environment: slug.optional(),
      mine: z.enum(['true', 'false']).optional(),
    }),
    reply: pageOf(pageRow),
  },
  callOut: {
    method: 'POST',
    path: '/api/pages',
    summary:
      'Pages by hand: a sentence about an environment, by a policy (slug or id) or to a person, schedule, team or role. It becomes an alert; routing, windows and service hours do not hold it.',
    permission: 'alerts.change',
    body: z.strictObject({
      environment: slug.or(id),
      text: line(200),
      /** P1 unless said. */
      priority: priority.optional(),
      policy: slug.or(id).optional(),
      target: escalationTarget.optional(),
    }),
    reply: pageDetail,
    status: 201,
    errors: ['not-found', 'conflict'],
  },
  getPage: {
    method: 'GET',
    path: '/api/pages/:pageId',
    summary: 'One page with its alerts, every attempt to tell somebody, and its timeline.',
    permission: 'pages.read',
    params: byId,
    reply: pageDetail,
    errors: ['not-found'],
  },
  acknowledgePage: {
    method: 'POST',
    path: '/api/pages/:pageId/acknowledge',
    summary:
      'Takes the page: nobody else is told any more. The first one wins; the second learns who was faster.',
    permission: 'pages.acknowledge',
    params: byId,
    reply: pageDetail,
    errors: ['not-found', 'conflict'],
  },
  pushPublicKey: {
    method: 'GET',
    path: '/api/push/key',
    summary: 'The public key a browser needs to subscribe to web push.',
    permission: 'self.read',
    reply: z.object({ publicKey: z.string() }),
  },
  subscribePush: {
    method: 'POST',
    path: '/api/push/subscriptions',
    summary: 'Registers this browser as a way to page you.',
    permission: 'self.change',
    body: z.object({
      endpoint: z.url().max(1_000),
      keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(100) }),
    }),
    reply: z.object({ id }),
    status: 201,
  },
  listPushSubscriptions: {
    method: 'GET',
    path: '/api/push/subscriptions',
    summary: 'Browsers that can page you.',
    permission: 'self.read',
    reply: z.object({
      rows: z.array(
        z.object({ id, userAgent: z.string(), createdAt: instant, provenAt: instant.nullable() }),
      ),
    }),
  },
  removePushSubscription: {
    method: 'DELETE',
    path: '/api/push/subscriptions/:subscriptionId',
    summary: 'Forgets a browser.',
    permission: 'self.change',
    params: z.object({ subscriptionId: id }),
    reply: z.object({ done: z.literal(true) }),
    errors: ['not-found'],
  },
  testPush: {
    method: 'POST',
    path: '/api/push/test',
    summary: 'Sends you a test notification on every browser you registered.',
    permission: 'self.change',
    reply: z.object({ sent: z.number().int(), failed: z.number().int() }),
  },
})
