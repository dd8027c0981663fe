/** What happens to teams. Bodies hold whole lists, so that history alone answers who was in a team at an instant. */
import { z } from 'zod'
import { teamRole } from '../../../contract/people/teams.ts'
import { id } from '../../../contract/shapes.ts'
import { defineEvent } from '../../platform/events.ts'

const area = 'teams'
const body = z.object({
  slug: z.string(),
  name: z.string(),
  members: z.array(z.object({ accountId: id, role: teamRole })),
})
export const teamCreated = defineEvent('team.created', { area, body })
export const teamChanged = defineEvent('team.changed', { area, body })
export const teamArchived = defineEvent('team.archived', { area, body: z.object({ slug: z.string() }) })
export const teamRestored = defineEvent('team.restored', { area, body: z.object({ slug: z.string() }) })
