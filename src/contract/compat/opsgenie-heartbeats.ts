/** OpsGenie's heartbeats: a dead man's switch whose silence is an alert. */
import { z } from 'zod'
import type { Method } from '../route.ts'
import { defineRoutes } from '../route.ts'
import { opsGenieAccepted, opsGenieError } from './opsgenie.ts'

const took = z.number()
const requestId = z.string()
const unit = z.enum(['minutes', 'hours', 'days'])
const priority = z.enum(['P1', 'P2', 'P3', 'P4', 'P5'])

const heartbeat = z.object({
  name: z.string(),
  description: z.string(),
  interval: z.number().int(),
  intervalUnit: unit,
  enabled: z.boolean(),
  expired: z.boolean(),
  lastPingTime: z.string().optional(),
  alertMessage: z.string(),
  alertPriority: priority,
  alertTags: z.array(z.never()),
})
export type OpsGenieHeartbeat = z.infer<typeof heartbeat>

const written = z.object({
  name: z.string(),
  interval: z.number().int().min(1),
  intervalUnit: unit,
  enabled: z.boolean().optional(),
  description: z.string().optional(),
  alertMessage: z.string().optional(),
  alertPriority: priority.optional(),
})
const brief = z.object({ name: z.string(), enabled: z.boolean(), expired: z.boolean() })
const done = z.object({ result: z.string(), data: brief, took, requestId })
const named = z.object({ name: z.string() })
const errors = (...statuses: number[]) => ({
  error: opsGenieError,
  statuses: [401, 413, 422, 503, ...statuses].sort(),
})

const ping = <const M extends Method>(method: M) => ({
  method,
  path: '/v2/heartbeats/:name/ping',
  summary: 'OpsGenie: it is alive. Taken for every name, whatever the body says.',
  permission: 'alerts.send' as const,
  params: named,
  reply: opsGenieAccepted,
  status: 202 as const,
  dialect: errors(),
})

const change = (
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  summary: string,
  body: z.ZodType = z.object({}),
) => ({
  method,
  path: `/v2/heartbeats/:name${path}`,
  summary,
  permission: 'heartbeats.keep' as const,
  params: named,
  body,
  reply: done,
  dialect: errors(404),
})

export const opsGenieHeartbeatRoutes = defineRoutes({
  createOpsGenieHeartbeat: {
    method: 'POST',
    path: '/v2/heartbeats',
    summary: 'OpsGenie: a heartbeat that is expected from its first ping on.',
    permission: 'heartbeats.keep',
    body: written,
    reply: done,
    status: 201,
    dialect: errors(409),
  },
  listOpsGenieHeartbeats: {
    method: 'GET',
    path: '/v2/heartbeats',
    summary: 'OpsGenie: the heartbeats of the environment of the key.',
    permission: 'alerts.follow',
    reply: z.object({ data: z.object({ heartbeats: z.array(heartbeat) }), took, requestId }),
    dialect: errors(),
  },
  getOpsGenieHeartbeat: {
    method: 'GET',
    path: '/v2/heartbeats/:name',
    summary: 'OpsGenie: one heartbeat.',
    permission: 'alerts.follow',
    params: named,
    reply: z.object({ data: heartbeat, took, requestId }),
    dialect: errors(404),
  },
  updateOpsGenieHeartbeat: change('PATCH', '', 'OpsGenie: another interval or alert.', written.partial()),
  deleteOpsGenieHeartbeat: change('DELETE', '', 'OpsGenie: nobody expects it any more.'),
  enableOpsGenieHeartbeat: change('POST', '/enable', 'OpsGenie: expected again.'),
  disableOpsGenieHeartbeat: change('POST', '/disable', 'OpsGenie: not expected for now; its alert ends.'),
  pingOpsGenieHeartbeatByGet: ping('GET'),
  pingOpsGenieHeartbeatByPost: ping('POST'),
  pingOpsGenieHeartbeatByPut: ping('PUT'),
  pingOpsGenieHeartbeatByPatch: ping('PATCH'),
})
