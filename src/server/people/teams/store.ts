/** SQL over teams and who is in them. */
import type { Db, Tx } from '../../platform/database.ts'
import { isUuid } from '../../platform/ids.ts'

declare module '../../platform/database.ts' {
  interface Tables {
    teams: {
      id: string
      slug: string
      name: string
      archived_at: number | null
      created_at: number
    }
    team_members: {
      team_id: string
      account_id: string
      position: number
      role: 'admin' | 'member'
    }
  }
}

export type Member = { readonly accountId: string; readonly role: 'admin' | 'member' }
export type TeamRow = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly archivedAt: number | null
  readonly createdAt: number
  readonly members: readonly (Member & { name: string; handle: string; archived: boolean })[]
}

const teamsOnly = (db: Db | Tx) =>
  db
    .selectFrom('teams')
    .select(['id', 'slug', 'name', 'archived_at as archivedAt', 'created_at as createdAt'])
    .orderBy('slug')

const withMembers = async (db: Db | Tx, rows: readonly Omit<TeamRow, 'members'>[]): Promise<TeamRow[]> => {
  if (rows.length === 0) return []
  const members = await db
    .selectFrom('team_members as m')
    .innerJoin('accounts as a', 'a.id', 'm.account_id')
    .select(['m.team_id', 'm.account_id', 'm.role', 'a.name', 'a.handle', 'a.archived_at'])
    .where(
      'm.team_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('m.position')
    .execute()
  const byTeam = Map.groupBy(members, ({ team_id }) => team_id)
  return rows.map((row) => ({
    ...row,
    members: (byTeam.get(row.id) ?? []).map(({ account_id, role, name, handle, archived_at }) => ({
      accountId: account_id,
      role,
      name,
      handle,
      archived: archived_at !== null,
    })),
  }))
}

/** @param named slug or id */
export const findTeam = async (db: Db | Tx, named: string): Promise<TeamRow | undefined> => {
  const row = await teamsOnly(db)
    .where(isUuid(named) ? 'id' : 'slug', '=', named)
    .executeTakeFirst()
  return row && (await withMembers(db, [row]))[0]
}

/** Holds the team until the transaction ends: its members change one list at a time. */
export const lockTeam = async (tx: Tx, id: string): Promise<void> => {
  await tx.selectFrom('teams').select('id').where('id', '=', id).forUpdate().execute()
}

export const pageOfTeams = async (
  db: Db | Tx,
  page: { limit: number; after: string | undefined; archived: boolean },
): Promise<TeamRow[]> =>
  withMembers(
    db,
    await teamsOnly(db)
      .where('archived_at', page.archived ? 'is not' : 'is', null)
      .where('slug', '>', page.after ?? '')
      .limit(page.limit)
      .execute(),
  )

export const allTeams = async (db: Db | Tx): Promise<TeamRow[]> =>
  withMembers(db, await teamsOnly(db).execute())

export const insertTeam = async (
  tx: Tx,
  row: { id: string; slug: string; name: string; createdAt: number },
): Promise<void> => {
  const { id, slug, name, createdAt } = row
  await tx.insertInto('teams').values({ id, slug, name, archived_at: null, created_at: createdAt }).execute()
}

export const updateTeamRow = async (
  tx: Tx,
  id: string,
  change: { name?: string; archived_at?: number | null },
): Promise<void> => {
  await tx.updateTable('teams').set(change).where('id', '=', id).execute()
}

export const replaceMembers = async (tx: Tx, teamId: string, members: readonly Member[]): Promise<void> => {
  await tx.deleteFrom('team_members').where('team_id', '=', teamId).execute()
  if (members.length === 0) return
  const rows = members.map(({ accountId, role }, position) => ({
    team_id: teamId,
    account_id: accountId,
    position,
    role,
  }))
  await tx.insertInto('team_members').values(rows).execute()
}

/** Staff among these accounts, archived ones included. */
export const staffAmongMembers = async (
  db: Db | Tx,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, { name: string; archived: boolean }>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'name', 'archived_at'])
    .where('id', 'in', accountIds)
    .where('kind', '=', 'staff')
    .execute()
  return new Map(rows.map(({ id, name, archived_at }) => [id, { name, archived: archived_at !== null }]))
}

export type TeamMembers = Readonly<Record<string, readonly string[]>>

/** Account ids of each team in their order, archived people and teams included. Works within the intake's transaction, too. */
export const membersOfTeams = async (db: Db | Tx, teamIds: readonly string[]): Promise<TeamMembers> => {
  if (teamIds.length === 0) return {}
  const rows = await db
    .selectFrom('team_members')
    .select(['team_id', 'account_id'])
    .where('team_id', 'in', [...new Set(teamIds)])
    .orderBy('position')
    .execute()
  const byTeam = Map.groupBy(rows, ({ team_id }) => team_id)
  return Object.fromEntries([...byTeam].map(([id, own]) => [id, own.map(({ account_id }) => account_id)]))
}

/** Who is in a team and what they are there, in their order; archived people included. */
export const rolesInTeam = async (db: Db | Tx, teamId: string): Promise<Member[]> =>
  db
    .selectFrom('team_members')
    .select(['account_id as accountId', 'role'])
    .where('team_id', '=', teamId)
    .orderBy('position')
    .execute()

/** Every team by its short name and the other way round, archived ones included. */
export const teamNames = (
  db: Db | Tx,
): Promise<{ id: string; slug: string; name: string; archivedAt: number | null }[]> => teamsOnly(db).execute()

/** What was recorded about teams by an instant, in order. */
export const pastTeamEvents = (db: Db | Tx, knownAt: number) =>
  db
    .selectFrom('events as e')
    .innerJoin('event_bodies as b', 'b.event_id', 'e.id')
    .select(['e.stream_id as teamId', 'e.type', 'b.disclosures'])
    .where('e.stream_kind', '=', 'team')
    .where('e.recorded_at', '<=', knownAt)
    .orderBy('e.stream_id')
    .orderBy('e.version')
    .execute()

/** When teams were changed within a window. */
export const teamChangesIn = async (
  db: Db | Tx,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number[]> => {
  const rows = await db
    .selectFrom('events')
    .select('recorded_at')
    .distinct()
    .where('stream_kind', '=', 'team')
    .where('recorded_at', '>', from)
    .where('recorded_at', '<', to)
    .execute()
  return rows.map(({ recorded_at }) => recorded_at)
}
