/** What happens to a maintenance window. What it keeps quiet is told by whoever would have paged. */
import { z } from 'zod'
import { WINDOW_ENDINGS, windowScope } from '../../../contract/operations/maintenance.ts'
import { id, instant } from '../../../contract/shapes.ts'
import { defineEvent } from '../../platform/events.ts'

const area = 'maintenance'

export const windowPlanned = defineEvent('window.planned', {
  area,
  body: z.object({ decision: id, scope: windowScope, startsAt: instant, endsAt: instant }),
})
export const windowExtended = defineEvent('window.extended', {
  area,
  body: z.object({ from: instant, endsAt: instant, reason: z.string() }),
})
export const windowEnded = defineEvent('window.ended', {
  area,
  body: z.object({ how: z.enum(WINDOW_ENDINGS), announcedEndAt: instant, endsAt: instant }),
})
