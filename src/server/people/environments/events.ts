/** What happens to environments, their clusters and keys: each a leaf of that environment's own ledger log. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

const area = 'environments'
const changes = z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() }))
const text = z.string().nullable()

export const environmentCreated = defineEvent('environment.created', {
  area,
  contactsHear: true,
  body: z.object({
    slug: z.string(),
    name: z.string(),
    plan: text,
    provider: text,
    version: text,
    components: z.array(z.string()),
    commissionedOn: text,
    /** An account's id. */
    deliveryManager: text,
  }),
})
export const environmentUpdated = defineEvent('environment.updated', {
  area,
  contactsHear: true,
  body: z.object({ changes }),
})
export const environmentArchived = defineEvent('environment.archived', {
  area,
  contactsHear: true,
  body: z.object({}),
})
export const environmentRestored = defineEvent('environment.restored', {
  area,
  contactsHear: true,
  body: z.object({}),
})

const cluster = z.object({ name: z.string(), role: z.string(), version: text, kubeSystemUid: text })
export const clusterAdded = defineEvent('cluster.added', { area, contactsHear: true, body: cluster })
export const clusterUpdated = defineEvent('cluster.updated', {
  area,
  contactsHear: true,
  body: z.object({ name: z.string(), changes }),
})
export const clusterArchived = defineEvent('cluster.archived', {
  area,
  contactsHear: true,
  body: z.object({ name: z.string() }),
})
export const clusterRestored = defineEvent('cluster.restored', {
  area,
  contactsHear: true,
  body: z.object({ name: z.string() }),
})

/** `hint`: the last four characters, as people see it in lists. */
export const keyCreated = defineEvent('integration-key.created', {
  area: 'keys',
  body: z.object({ name: z.string(), hint: z.string(), expiresAt: z.number().nullable() }),
})
export const keyRevoked = defineEvent('integration-key.revoked', {
  area: 'keys',
  body: z.object({ hint: z.string() }),
})
