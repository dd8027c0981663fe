/** API tokens are grants: making and revoking one is an act. A token's name stays in its row. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

const area = 'tokens'
export const tokenCreated = defineEvent('api-token.created', {
  area,
  body: z.object({ hint: z.string(), scopes: z.array(z.string()), expiresAt: z.number().nullable() }),
})
export const tokenRevoked = defineEvent('api-token.revoked', { area, body: z.object({ hint: z.string() }) })
