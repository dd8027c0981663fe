/** A team as the API shows it. */
import type { TeamReply } from '../../../contract/people/teams.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Actor } from '../../platform/actor.ts'
import type { TeamRow } from './store.ts'

export const presentTeam = (row: TeamRow, actor: Actor): TeamReply => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  members: row.members.map(({ accountId, role, name, handle, archived }) => ({
    person: { id: accountId, name },
    handle,
    archived,
    role,
  })),
  createdAt: row.createdAt,
  archivedAt: row.archivedAt,
  can: { change: row.archivedAt === null && may(actor, 'teams.change') },
})
