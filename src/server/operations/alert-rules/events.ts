/** What happens to sets of alerting rules. The rules themselves stand in their files; the digests say which they were. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

export const ruleSetImported = defineEvent('rule-set.imported', {
  area: 'alert-rules',
  body: z.object({
    name: z.string(),
    /** Slugs; null: every environment. */
    environments: z.array(z.string()).nullable(),
    files: z.array(z.object({ name: z.string(), sha256: z.string() })),
    rules: z.number().int(),
    red: z.number().int(),
    amber: z.number().int(),
  }),
})
export const ruleSetRemoved = defineEvent('rule-set.removed', {
  area: 'alert-rules',
  body: z.object({ name: z.string() }),
})
