/** What people say about their own duty: that they are away, and who answers for them. Why stands in the body alone. */
import { z } from 'zod'
import { id, instant } from '../../../../contract/shapes.ts'
import { defineEvent } from '../../../platform/events.ts'

const area = 'on-call'
const stretch = { from: instant, to: instant, reason: z.string().optional() }

export const absenceAdded = defineEvent('absence.added', {
  area,
  body: z.object({ accountId: id, ...stretch }),
})
export const absenceRemoved = defineEvent('absence.removed', { area, body: z.object({ accountId: id }) })

export const forwardingAdded = defineEvent('duty-forwarding.added', {
  area,
  body: z.object({ accountId: id, toAccountId: id, ...stretch }),
})
export const forwardingRemoved = defineEvent('duty-forwarding.removed', {
  area,
  body: z.object({ accountId: id }),
})
