/** What happens to audit packs: handing evidence out is itself evidence. */
import { z } from 'zod'
import { id, instant } from '../../../contract/shapes.ts'
import { defineEvent } from '../../platform/events.ts'

const area = 'audit-packs'

export const packRequested = defineEvent('pack.requested', {
  area,
  body: z.object({ purpose: z.string(), environments: z.array(id), from: instant, to: instant }),
})

/** In the log of each environment that the pack shows: it was made, with these bytes. */
export const evidenceExported = defineEvent('evidence.exported', {
  area,
  body: z.object({
    pack: id,
    requestedBy: id,
    from: instant,
    to: instant,
    entries: z.number().int(),
    size: z.number().int(),
    sha256: z.string(),
  }),
})

/** In the same logs: somebody took it away. */
export const evidenceDownloaded = defineEvent('evidence.downloaded', {
  area,
  body: z.object({ pack: id, by: id, sha256: z.string() }),
})

export const packFailed = defineEvent('pack.failed', {
  area,
  body: z.object({ code: z.string(), detail: z.string(), findings: z.array(z.string()) }),
})

/** It can no longer be downloaded: its time is over, or words that it held were erased. */
export const packWithdrawn = defineEvent('pack.withdrawn', {
  area,
  body: z.object({ why: z.enum(['kept-long-enough', 'words-erased']) }),
})
