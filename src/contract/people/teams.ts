/** Teams: people who are named together, as a turn of a rota or as whom an escalation tells. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { id, instant, line, pageOf, paging, personRef, slug } from '../shapes.ts'

export const MOST_MEMBERS = 100

/** An admin answers for the team; on call there is no difference. */
export const teamRole = z.enum(['admin', 'member'])
const members = z.array(z.object({ accountId: id, role: teamRole })).max(MOST_MEMBERS)

export const team = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  /** In the order in which they are told. */
  members: z.array(
    z.object({ person: personRef, handle: z.string(), archived: z.boolean(), role: teamRole }),
  ),
  createdAt: instant,
  archivedAt: instant.nullable(),
  can: z.object({ change: z.boolean() }),
})
export type TeamReply = z.input<typeof team>

const teamPath = z.object({ team: slug.or(id) })

export const teamRoutes = defineRoutes({
  listTeams: {
    method: 'GET',
    path: '/api/teams',
    summary: 'List teams by slug, with their members',
    permission: 'teams.read',
    query: paging.extend({ archived: z.enum(['true', 'false']).optional() }),
    reply: pageOf(team).extend({ can: z.object({ create: z.boolean() }) }),
  },
  getTeam: {
    method: 'GET',
    path: '/api/teams/:team',
    summary: 'One team, by slug or id',
    permission: 'teams.read',
    params: teamPath,
    reply: team,
    errors: ['not-found'],
  },
  createTeam: {
    method: 'POST',
    path: '/api/teams',
    summary: 'Make a team of members of staff',
    permission: 'teams.change',
    body: z.strictObject({ slug, name: line(100), members }),
    reply: team,
    status: 201,
    errors: ['already-exists', 'invalid-input'],
  },
  updateTeam: {
    method: 'PATCH',
    path: '/api/teams/:team',
    summary: 'Change the name or the members of a team; the list of members replaces the one before',
    permission: 'teams.change',
    params: teamPath,
    body: z.strictObject({ name: line(100).optional(), members: members.optional() }),
    reply: team,
    errors: ['not-found', 'invalid-input', 'conflict'],
  },
  archiveTeam: {
    method: 'POST',
    path: '/api/teams/:team/archive',
    summary:
      'Put a team away: it is offered no more. Where it takes turns, its members go on until it is replaced',
    permission: 'teams.change',
    params: teamPath,
    reply: team,
    errors: ['not-found'],
  },
  restoreTeam: {
    method: 'POST',
    path: '/api/teams/:team/restore',
    summary: 'Take a team back into use',
    permission: 'teams.change',
    params: teamPath,
    reply: team,
    errors: ['not-found'],
  },
})
