/** Lists teams by slug, and shows one. */
import type { TeamReply } from '../../../contract/people/teams.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import { read } from '../../platform/record.ts'
import { pageThrough } from '../page-through.ts'
import { teamOrFault } from './find-team.ts'
import { presentTeam } from './present.ts'
import { pageOfTeams } from './store.ts'

type Wanted = { archived?: string | undefined; after?: string | undefined; limit?: number | undefined }

export const listTeams = (ctx: Ctx, wanted: Wanted) =>
  read(ctx, async (db) => {
    const page = await pageThrough(
      wanted.limit,
      (limit) => pageOfTeams(db, { limit, after: wanted.after, archived: wanted.archived === 'true' }),
      ({ slug }) => slug,
      (row) => presentTeam(row, ctx.actor),
    )
    return { ...page, can: { create: may(ctx.actor, 'teams.change') } }
  })

export const getTeam = (ctx: Ctx, { team }: { team: string }): Promise<TeamReply> =>
  read(ctx, async (db) => presentTeam(await teamOrFault(db, team), ctx.actor))
