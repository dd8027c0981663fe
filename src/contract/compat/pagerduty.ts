/** PagerDuty's Events API as far as we speak it. The shapes are PagerDuty's; what is read is wider than what they promise. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'

export const pagerDutyError = z.object({
  status: z.string(),
  message: z.string(),
  errors: z.array(z.string()),
})

/** Alertmanager cuts its events at PagerDuty's 512 kB. Whoever sends has no key yet when the body is read. */
const EVENT_BYTES = 1024 * 1024

const action = z.enum(['trigger', 'acknowledge', 'resolve'])
const links = z.array(z.object({ href: z.string(), text: z.string().optional() }))

export const pagerDutyRoutes = defineRoutes({
  enqueuePagerDutyEvent: {
    method: 'POST',
    path: '/v2/enqueue',
    summary:
      'PagerDuty Events v2: trigger, acknowledge or resolve. The integration key is the routing_key of the body.',
    permission: 'public',
    body: z.object({
      routing_key: z.string(),
      event_action: action,
      dedup_key: z.string().optional(),
      payload: z
        .object({
          summary: z.string(),
          source: z.string().optional(),
          severity: z.string().optional(),
          component: z.string().optional(),
          group: z.string().optional(),
          class: z.string().optional(),
          custom_details: z.record(z.string(), z.string()).optional(),
        })
        .optional(),
      client: z.string().optional(),
      client_url: z.string().optional(),
      links: links.optional(),
    }),
    reply: z.object({ status: z.literal('success'), message: z.string(), dedup_key: z.string() }),
    status: 202,
    dialect: { error: pagerDutyError, statuses: [400, 413, 429] },
    bodyLimit: EVENT_BYTES,
  },
  enqueuePagerDutyChange: {
    method: 'POST',
    path: '/v2/change/enqueue',
    summary:
      'PagerDuty change events: something was changed in the environment of the key. Nobody is paged; it stands among the last changes.',
    permission: 'public',
    body: z.object({
      routing_key: z.string(),
      payload: z.object({
        summary: z.string(),
        source: z.string().optional(),
        timestamp: z.string().optional(),
        custom_details: z.record(z.string(), z.string()).optional(),
      }),
      links: links.optional(),
    }),
    reply: z.object({ status: z.literal('success'), message: z.string() }),
    status: 202,
    dialect: { error: pagerDutyError, statuses: [400, 413, 429] },
    bodyLimit: EVENT_BYTES,
  },
  createPagerDutyEventVersion1: {
    method: 'POST',
    path: '/generic/2010-04-15/create_event.json',
    summary: 'PagerDuty Events v1: the same with a service_key, an event_type and an incident_key.',
    permission: 'public',
    body: z.object({
      service_key: z.string(),
      event_type: action,
      incident_key: z.string().optional(),
      description: z.string().optional(),
      details: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
      client: z.string().optional(),
      client_url: z.string().optional(),
      contexts: links.optional(),
    }),
    reply: z.object({ status: z.literal('success'), message: z.string(), incident_key: z.string() }),
    status: 200,
    dialect: { error: pagerDutyError, statuses: [400, 403, 413] },
    bodyLimit: EVENT_BYTES,
  },
})
