/** Alerts that a maintenance window, a policy or their flapping keeps from paging, told when it does so. */
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

/**
 * An alert policy keeps them from paging: until an instant, until they were said so often (whichever comes first), or for
 * good where both are null.
 */
export const alertsWithheld = defineEvent('environment.alerts-withheld', {
  area: 'alerts',
  body: z.object({
    policy: z.object({ id: z.string(), name: z.string() }),
    until: instant.nullable(),
    occurrences: z.number().int().nullable(),
    alertCount: z.number().int(),
    alertIds: z.array(id),
  }),
})

/** They fired and ended at least `times` in `withinMinutes`: they page if they still fire then. */
export const alertsDamped = defineEvent('environment.alerts-damped', {
  area: 'alerts',
  body: z.object({
    times: z.number().int(),
    withinMinutes: z.number().int(),
    until: instant,
    alertCount: z.number().int(),
    alertIds: z.array(id),
  }),
})
