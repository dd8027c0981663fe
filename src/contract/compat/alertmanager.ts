/** The part of Alertmanager's API v2 that Prometheus posts to. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'

const texts = z.record(z.string(), z.string())

export const alertmanagerRoutes = defineRoutes({
  postAlertmanagerAlerts: {
    method: 'POST',
    path: '/api/v2/alerts',
    summary: 'Alertmanager API v2: alerts as Prometheus posts them; those whose end has passed are resolved.',
    permission: 'alerts.send',
    body: z.array(
      z.object({
        labels: texts,
        annotations: texts.optional(),
        startsAt: z.string().optional(),
        endsAt: z.string().optional(),
        generatorURL: z.string().optional(),
      }),
    ),
    reply: z.object({}),
    dialect: { error: z.string(), statuses: [400, 401, 503] },
    bodyLimit: 32 * 1024 * 1024,
  },
})
