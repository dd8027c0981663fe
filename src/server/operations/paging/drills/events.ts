/** What happens to drills. */
import { z } from 'zod'
import { id, instant } from '../../../../contract/shapes.ts'
import { defineEvent } from '../../../platform/events.ts'

export const drillAsked = defineEvent('drill.asked', {
  area: 'drills',
  /** person: who alone is rung; null: whoever routing and policy mean. */
  body: z.object({ person: id.nullable(), scheduled: z.boolean(), dueAt: instant }),
})

export const drillRang = defineEvent('drill.rang', {
  area: 'drills',
  /** overruledRule: the routing rule that would have let an alert like this wait, or listed it only. */
  body: z.object({ alert: id, page: id, overruledRule: z.string().nullable() }),
})

export const drillProved = defineEvent('drill.proved', {
  area: 'drills',
  body: z.object({ by: id, afterMs: z.number().int() }),
})

export const drillMissed = defineEvent('drill.missed', {
  area: 'drills',
  body: z.object({ why: z.enum(['nothing-rang', 'nobody-took-it', 'taken-by-another']) }),
})

/** What somebody said about the apps that it reached them on. */
export const drillAnswered = defineEvent('drill.answered', {
  area: 'drills',
  body: z.object({ account: id, apps: z.array(z.object({ method: z.string(), woke: z.boolean() })) }),
})

export const drillPlanned = defineEvent('drill-plan.changed', {
  area: 'drills',
  body: z.object({
    whom: z.string(),
    weekday: z.number().int(),
    time: z.string(),
    zone: z.string(),
    nextAt: instant,
  }),
})

export const drillPlanRemoved = defineEvent('drill-plan.removed', {
  area: 'drills',
  body: z.object({ whom: z.string() }),
})
