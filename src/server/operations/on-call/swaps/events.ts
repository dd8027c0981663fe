/** What becomes of a swap. What its asker wrote stands in the body alone; the shifts move by overrides, as others do. */
import { z } from 'zod'
import { id, instant } from '../../../../contract/shapes.ts'
import { defineEvent } from '../../../platform/events.ts'

const area = 'on-call'
const legs = z.array(
  z.object({
    rotationId: z.string(),
    giverId: id,
    takerId: id,
    from: instant,
    to: instant,
    whole: z.boolean(),
  }),
)
const about = { scheduleId: id }

export const swapOffered = defineEvent('shift-swap.offered', {
  area,
  body: z.object({ ...about, askedBy: id, askedOf: id, legs, note: z.string().optional() }),
})
export const swapAccepted = defineEvent('shift-swap.accepted', { area, body: z.object({ ...about, legs }) })
export const swapDeclined = defineEvent('shift-swap.declined', { area, body: z.object(about) })
export const swapWithdrawn = defineEvent('shift-swap.withdrawn', { area, body: z.object(about) })
export const swapExpired = defineEvent('shift-swap.expired', { area, body: z.object(about) })
/** The rota moved the shifts, and the swap went with them. */
export const swapMoved = defineEvent('shift-swap.moved', { area, body: z.object({ ...about, legs }) })
export const swapVoided = defineEvent('shift-swap.voided', {
  area,
  body: z.object({ ...about, why: z.enum(['shift-gone', 'override-removed', 'schedule-archived']) }),
})
