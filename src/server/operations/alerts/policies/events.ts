/** What happens to alert policies, and what they do by themselves later. */
import { z } from 'zod'
import { alertPolicy } from '../../../../contract/operations/alert-policies.ts'
import { defineEvent } from '../../../platform/events.ts'

export const alertPoliciesChanged = defineEvent('alert-policies.changed', {
  area: 'on-call',
  body: z.object({ version: z.number().int(), policies: z.array(alertPolicy) }),
})

/** It was not said again for as long as a policy waits: that is what is known, and not that it is over. */
export const alertClosedByPolicy = defineEvent('alert.closed-by-policy', {
  area: 'alerts',
  body: z.object({
    name: z.string(),
    policy: z.object({ id: z.string(), name: z.string() }),
    silentMinutes: z.number().int(),
  }),
})
