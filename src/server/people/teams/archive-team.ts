/** Puts a team away or takes it back; its turns in rotas go on until somebody replaces it there, so that no page goes astray. */
import type { TeamReply } from '../../../contract/people/teams.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { teamArchived, teamRestored } from './events.ts'
import { teamOrFault } from './find-team.ts'
import { presentTeam } from './present.ts'
import { updateTeamRow } from './store.ts'

/** @returns false when it was archived already */
export const putTeamAway = async (tx: WriteTx, named: string): Promise<boolean> => {
  const row = await teamOrFault(tx.db, named)
  if (row.archivedAt !== null) return false
  await updateTeamRow(tx.db, row.id, { archived_at: tx.now })
  tx.append(teamArchived, { stream: row.id, body: { slug: row.slug } })
  return true
}

/** @returns false when it was in use already */
export const takeTeamBack = async (tx: WriteTx, named: string): Promise<boolean> => {
  const row = await teamOrFault(tx.db, named)
  if (row.archivedAt === null) return false
  await updateTeamRow(tx.db, row.id, { archived_at: null })
  tx.append(teamRestored, { stream: row.id, body: { slug: row.slug } })
  return true
}

const through =
  (move: (tx: WriteTx, named: string) => Promise<boolean>) =>
  async (ctx: Ctx, { team }: { team: string }): Promise<TeamReply> => {
    await record(ctx, async (tx) => ((await move(tx, team)) ? undefined : NOTHING_CHANGED))
    return read(ctx, async (db) => presentTeam(await teamOrFault(db, team), ctx.actor))
  }

export const archiveTeam = through(putTeamAway)
export const restoreTeam = through(takeTeamBack)
