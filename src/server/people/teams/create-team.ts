/** Makes a team. */
import type { TeamReply } from '../../../contract/people/teams.ts'
import type { Ctx } from '../../platform/context.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { sayingWhatExists } from '../unique.ts'
import { checkMembers } from './checked-members.ts'
import { teamCreated } from './events.ts'
import { teamOrFault } from './find-team.ts'
import { presentTeam } from './present.ts'
import { insertTeam, replaceMembers, type Member } from './store.ts'

export type TeamToAdd = { readonly slug: string; readonly name: string; readonly members: readonly Member[] }

export const teamExists = {
  teams_slug_key: 'A team with this slug exists, perhaps archived. Choose another slug or restore it.',
}

/** Within a transaction of somebody else: configuration as code adds teams too. @returns the team's id */
export const addTeam = async (tx: WriteTx, { slug, name, members }: TeamToAdd): Promise<string> => {
  await checkMembers(tx.db, members)
  const id = tx.id()
  await insertTeam(tx.db, { id, slug, name, createdAt: tx.now })
  await replaceMembers(tx.db, id, members)
  tx.append(teamCreated, {
    stream: id,
    refs: members.map(({ accountId }) => ['account', accountId] as const),
    body: { slug, name, members: members.map(({ accountId, role }) => ({ accountId, role })) },
  })
  return id
}

export const createTeam = (ctx: Ctx, input: TeamToAdd): Promise<TeamReply> =>
  sayingWhatExists(teamExists, () =>
    record(ctx, async (tx) => {
      const id = await addTeam(tx, input)
      return presentTeam(await teamOrFault(tx.db, id), ctx.actor)
    }),
  )
