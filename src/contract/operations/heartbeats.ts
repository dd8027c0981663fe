/** Heartbeats of an environment as people keep them; machines keep and ping them in OpsGenie's dialect. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, instant, line, prose, slug, id } from '../shapes.ts'

const MINUTE_MS = 60_000
const YEAR_MS = 366 * 24 * 60 * MINUTE_MS

const name = line(200)
const priority = z.number().int().min(1).max(5)

/** `waiting`: it is expected from its first ping on. */
export const heartbeatState = z.enum(['heard', 'silent', 'waiting', 'off'])

export const heartbeatRow = z.object({
  name: z.string(),
  description: z.string(),
  /** '' for a sentence of ours. */
  alertMessage: z.string(),
  priority,
  intervalMs: z.number().int(),
  enabled: z.boolean(),
  state: heartbeatState,
  lastPingAt: instant.nullable(),
  /** Since when it counts as silent. */
  silentSince: instant.nullable(),
})
export type HeartbeatReply = z.infer<typeof heartbeatRow>

const byEnvironment = z.object({ environment: slug.or(id) })
const byName = byEnvironment.extend({ name })

export const heartbeatRoutes = defineRoutes({
  listHeartbeats: {
    method: 'GET',
    path: '/api/environments/:environment/heartbeats',
    summary: 'Heartbeats of an environment by name, and names that ping although nobody defined them.',
    permission: 'alerts.read',
    params: byEnvironment,
    reply: z.object({
      rows: z.array(heartbeatRow),
      orphans: z.array(z.object({ name: z.string(), lastPingAt: instant, pings: z.number().int() })),
      can: z.object({ change: z.boolean() }),
    }),
    errors: ['not-found'],
  },
  putHeartbeat: {
    method: 'PUT',
    path: '/api/environments/:environment/heartbeats/:name',
    summary: 'Defines a heartbeat, or changes what is said of one; what is left out stays.',
    permission: 'heartbeats.change',
    params: byName,
    body: z.strictObject({
      description: prose(10_000).optional(),
      alertMessage: z.union([z.literal(''), line(130)]).optional(),
      priority: priority.optional(),
      intervalMs: z.number().int().min(MINUTE_MS).max(YEAR_MS).optional(),
      enabled: z.boolean().optional(),
    }),
    reply: heartbeatRow,
    errors: ['not-found', 'conflict'],
  },
  removeHeartbeat: {
    method: 'DELETE',
    path: '/api/environments/:environment/heartbeats/:name',
    summary: 'Nobody expects it any more; its alert ends. Its pings are counted on.',
    permission: 'heartbeats.change',
    params: byName,
    reply: done,
    errors: ['not-found'],
  },
})
