/** What happens to heartbeats. A ping is no event: only silence, and its end. */
import { z } from 'zod'
import { instant } from '../../../contract/shapes.ts'
import { defineEvent } from '../../platform/events.ts'

const definition = {
  name: z.string(),
  description: z.string(),
  alertMessage: z.string(),
  priority: z.number().int(),
  intervalMs: z.number().int(),
  enabled: z.boolean(),
}

export const heartbeatDefined = defineEvent('heartbeat.defined', {
  area: 'heartbeats',
  body: z.object(definition),
})
export const heartbeatRemoved = defineEvent('heartbeat.removed', {
  area: 'heartbeats',
  body: z.object({ name: z.string() }),
})
export const heartbeatExpired = defineEvent('heartbeat.expired', {
  area: 'heartbeats',
  body: z.object({ ...definition, lastPingAt: instant }),
})
export const heartbeatReturned = defineEvent('heartbeat.returned', {
  area: 'heartbeats',
  body: z.object({ name: z.string(), silentMs: z.number().int() }),
})
