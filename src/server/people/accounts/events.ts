/** What happens to accounts. Names and addresses live in the accounts table alone; events say which fields changed, and roles. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

const area = 'accounts'
const roles = z.array(z.string())

export const accountCreated = defineEvent('account.created', {
  area,
  body: z.object({ kind: z.enum(['staff', 'contact']), roles }),
})
/** `fields` names what changed, never the words. */
export const accountUpdated = defineEvent('account.updated', {
  area,
  body: z.object({ fields: z.array(z.string()) }),
})
export const rolesChanged = defineEvent('account.roles-changed', {
  area,
  body: z.object({ from: roles, to: roles }),
})
export const accountArchived = defineEvent('account.archived', {
  area,
  body: z.object({ endedSessions: z.number() }),
})
export const accountRestored = defineEvent('account.restored', { area, body: z.object({}) })
export const accountInvited = defineEvent('account.invited', {
  area,
  body: z.object({ expiresAt: z.number() }),
})
/** By the host: whoever runs the server, when no administrator can get in any more. */
export const administratorInvited = defineEvent('account.invited-by-host', {
  area,
  body: z.object({ host: z.string(), user: z.string(), expiresAt: z.number() }),
})
export const passwordSet = defineEvent('account.password-set', {
  area,
  body: z.object({ by: z.enum(['invitation', 'setup', 'change', 'seed']), endedSessions: z.number() }),
})
