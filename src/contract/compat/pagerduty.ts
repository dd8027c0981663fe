/** PagerDuty's Events API v2 as far as we speak it. The shapes are PagerDuty's; what is read is wider than what they promise. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'

export const pagerDutyError = z.object({
  status: z.string(),
  message: z.string(),
  errors: z.array(z.string()),
})

export const pagerDutyRoutes = defineRoutes({
  enqueuePagerDutyEvent: {
    method: 'POST',
    path: '/v2/enqueue',
    summary: 'PagerDuty Events v2: trigger or resolve. The integration key is the routing_key of the body.',
    permission: 'public',
    body: z.object({
      routing_key: z.string(),
      event_action: z.enum(['trigger', 'resolve']),
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
      links: z.array(z.object({ href: z.string(), text: z.string().optional() })).optional(),
    }),
    reply: z.object({ status: z.literal('success'), message: z.string(), dedup_key: z.string() }),
    status: 202,
    dialect: { error: pagerDutyError, statuses: [400, 413, 429] },
    bodyLimit: 1024 * 1024,
  },
})
