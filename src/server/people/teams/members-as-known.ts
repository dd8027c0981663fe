/** Who was in which team, as it was known at an instant: later changes of a team move nobody's past turns. */
import type { Db, Tx } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { teamChanged, teamCreated } from './events.ts'
import { pastTeamEvents, type TeamMembers } from './store.ts'

export const teamMembersAsKnown = async (db: Db | Tx, knownAt: number): Promise<TeamMembers> => {
  const known: Record<string, readonly string[]> = {}
  for (const { teamId, type, disclosures } of await pastTeamEvents(db, knownAt)) {
    if (type !== teamCreated.type && type !== teamChanged.type) continue
    const { members } = teamCreated.body.parse(bodyOf(disclosures))
    known[teamId] = members.map(({ accountId }) => accountId)
  }
  return known
}
