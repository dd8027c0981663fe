/** What happens to routing rules and service hours, and the alerts that a rule kept from paging. */
import { z } from 'zod'
import { routingRule, serviceHoursDefinition } from '../../../../contract/operations/routing.ts'
import { id, instant } from '../../../../contract/shapes.ts'
import { defineEvent } from '../../../platform/events.ts'

const area = 'on-call'
const hoursBody = z.object({ slug: z.string(), name: z.string(), ...serviceHoursDefinition.shape })

export const routingChanged = defineEvent('routing.changed', {
  area,
  body: z.object({ version: z.number().int(), rules: z.array(routingRule) }),
})
export const serviceHoursCreated = defineEvent('service-hours.created', { area, body: hoursBody })
export const serviceHoursChanged = defineEvent('service-hours.changed', { area, body: hoursBody })
export const serviceHoursArchived = defineEvent('service-hours.archived', {
  area,
  body: z.object({ slug: z.string() }),
})
export const serviceHoursRestored = defineEvent('service-hours.restored', {
  area,
  body: z.object({ slug: z.string() }),
})
/** In the environment's own log; null: served around the clock. */
export const environmentHoursChosen = defineEvent('environment.service-hours-chosen', {
  area,
  body: z.object({ hoursId: id.nullable(), hoursSlug: z.string().nullable() }),
})

/**
 * A rule decided that these alerts page nobody, or nobody yet. Of a storm the first are named; the rows hold all.
 * `until` null: they are listed and that is all.
 */
export const alertsHeldBack = defineEvent('environment.alerts-held-back', {
  area: 'alerts',
  body: z.object({
    rule: z.object({ id: z.string(), name: z.string() }),
    until: instant.nullable(),
    alertCount: z.number().int(),
    alertIds: z.array(id),
  }),
})
