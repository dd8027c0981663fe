/** What happens to the installation itself. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

const area = 'installation'
export const installationCreated = defineEvent('installation.created', {
  area,
  body: z.object({ organisation: z.string() }),
})
export const setupLinkIssued = defineEvent('installation.setup-link-issued', {
  area,
  body: z.object({ expiresAt: z.number() }),
})
export const organisationRenamed = defineEvent('installation.renamed', {
  area,
  body: z.object({ from: z.string(), to: z.string() }),
})
