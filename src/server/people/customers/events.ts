/** What happens to customers. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

const area = 'customers'
export const customerCreated = defineEvent('customer.created', {
  area,
  body: z.object({ slug: z.string(), name: z.string() }),
})
export const customerUpdated = defineEvent('customer.updated', {
  area,
  body: z.object({ changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })) }),
})
export const customerArchived = defineEvent('customer.archived', { area, body: z.object({}) })
export const customerRestored = defineEvent('customer.restored', { area, body: z.object({}) })
