/** That a document was applied; each change in it is an event of its own as well. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

export const configurationApplied = defineEvent('configuration.applied', {
  area: 'configuration',
  body: z.object({
    documentSha256: z.string(),
    created: z.number(),
    updated: z.number(),
    deleted: z.number(),
  }),
})
