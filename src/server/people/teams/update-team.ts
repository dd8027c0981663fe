/** Changes the name or the members of a team; whoever leaves is on call with it no more, from this moment. */
import type { TeamReply } from '../../../contract/people/teams.ts'
import { refuse } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { checkMembers } from './checked-members.ts'
import { teamChanged } from './events.ts'
import { teamOrFault } from './find-team.ts'
import { presentTeam } from './present.ts'
import { lockTeam, replaceMembers, updateTeamRow, type Member } from './store.ts'

export type TeamChange = {
  readonly name?: string | undefined
  readonly members?: readonly Member[] | undefined
}

const plain = (members: readonly Member[]) => members.map(({ accountId, role }) => ({ accountId, role }))

/** Within a transaction of somebody else. @returns false when nothing differed */
export const changeTeam = async (tx: WriteTx, named: string, wanted: TeamChange): Promise<boolean> => {
  await lockTeam(tx.db, (await teamOrFault(tx.db, named)).id)
  const before = await teamOrFault(tx.db, named)
  if (before.archivedAt !== null)
    throw refused(refuse('team-archived', `${before.name} is archived; nobody changes it any more.`))
  const name = wanted.name ?? before.name
  const members = plain(wanted.members ?? before.members)
  if (name === before.name && JSON.stringify(members) === JSON.stringify(plain(before.members))) return false
  await checkMembers(tx.db, members, before.members)
  await updateTeamRow(tx.db, before.id, { name })
  await replaceMembers(tx.db, before.id, members)
  const touched = new Set([...before.members, ...members].map(({ accountId }) => accountId))
  tx.append(teamChanged, {
    stream: before.id,
    refs: [...touched].map((accountId) => ['account', accountId] as const),
    body: { slug: before.slug, name, members },
  })
  return true
}

export const updateTeam = async (
  ctx: Ctx,
  { team, ...wanted }: TeamChange & { team: string },
): Promise<TeamReply> => {
  await record(ctx, async (tx) => ((await changeTeam(tx, team, wanted)) ? undefined : NOTHING_CHANGED))
  return read(ctx, async (db) => presentTeam(await teamOrFault(db, team), ctx.actor))
}
