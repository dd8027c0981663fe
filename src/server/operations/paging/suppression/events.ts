/** Alerts that a maintenance window keeps from paging, told when it does so. */
import { z } from 'zod'
import { id, instant } from '../../../../contract/shapes.ts'
import { defineEvent } from '../../../platform/events.ts'

/** Of a storm the first are named; the rows hold all. `decision` is its number, as `D-12`; `until` as announced by then. */
export const alertsSuppressed = defineEvent('environment.alerts-suppressed', {
  area: 'alerts',
  body: z.object({
    window: id,
    decision: z.string(),
    until: instant,
    alertCount: z.number().int(),
    alertIds: z.array(id),
  }),
})
