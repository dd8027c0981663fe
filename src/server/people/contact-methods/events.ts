/** What happens to the ways people can be reached. Addresses are in none of it: they are sealed in their row. */
import { z } from 'zod'
import { id } from '../../../contract/shapes.ts'
import { defineEvent } from '../../platform/events.ts'

const about = z.object({ account: id, kind: z.string() })

export const contactMethodAdded = defineEvent('contact-method.added', { area: 'self', body: about })
/** `again`: it counted before; this proves that it still arrives. */
export const contactMethodVerified = defineEvent('contact-method.verified', {
  area: 'self',
  body: about.extend({ again: z.boolean() }),
})
export const contactMethodRemoved = defineEvent('contact-method.removed', { area: 'self', body: about })
