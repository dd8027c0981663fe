/** Rows of schedules and their overrides. */
import { sql, type ExpressionBuilder, type JSONColumnType } from 'kysely'
import type { Override } from '../../../domain/operations/on-call/schedule.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { membersOfTeams, teamNames, type TeamMembers } from '../../people/index.ts'
import type { Db, Tables, Tx } from '../../platform/database.ts'
import { isUuid } from '../../platform/ids.ts'
import { loadForwardings } from './away/store.ts'
import {
  rulesOf,
  teamsOf,
  type Around,
  type Layers,
  type ScheduleDefinition,
  type StoredSchedule,
} from './definition.ts'

declare module '../../platform/database.ts' {
  interface Tables {
    schedules: {
      id: string
      slug: string
      name: string
      definition: JSONColumnType<ScheduleDefinition>
      version: number
      archived_at: number | null
      created_at: number
    }
    schedule_overrides: {
      id: string
      schedule_id: string
      position: number
      account_id: string | null
      from_at: number
      to_at: number
      rotation_ids: string[] | null
      added_event_id: string
      created_at: number
      removed_at: number | null
      swap_id: string | null
    }
  }
}

/** Those teams alone that these layers name. */
export const ofLayers = (teams: TeamMembers, layers: Layers): TeamMembers =>
  Object.fromEntries(teamsOf(layers).map((id) => [id, teams[id] ?? []]))

type ScheduleRow = {
  id: string
  slug: string
  name: string
  definition: ScheduleDefinition
  version: number
  archived_at: number | null
}
const scheduleColumns = ['id', 'slug', 'name', 'definition', 'version', 'archived_at'] as const

const storedOf = (row: ScheduleRow, overrides: readonly Override[], around: Around): StoredSchedule => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  version: row.version,
  archivedAt: row.archived_at,
  rules: rulesOf(row.id, row.definition, overrides, {
    ...around,
    teams: ofLayers(around.teams, row.definition.layers),
  }),
})

/** Removed while under way, an override was in force until then; removed before, it never was (LEAST passes over null). */
const endedAt = sql<number>`least(o.to_at, o.removed_at)`
const wasInForce = sql<boolean>`(o.removed_at is null or o.removed_at > o.from_at)`

const overrideOf = (row: {
  id: string
  account_id: string | null
  from_at: number
  ended_at: number
  rotation_ids: string[] | null
}): Override => ({
  id: row.id,
  accountId: row.account_id,
  from: row.from_at,
  to: row.ended_at,
  ...(row.rotation_ids === null ? {} : { rotationIds: row.rotation_ids }),
})

/** Overrides that are or were in force and end after `since`, by schedule, in the order in which they win. */
const overridesOf = async (
  db: Db | Tx,
  scheduleIds: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, Override[]>> => {
  if (scheduleIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('schedule_overrides as o')
    .select(['o.id', 'o.schedule_id', 'o.account_id', 'o.from_at', endedAt.as('ended_at'), 'o.rotation_ids'])
    .where('o.schedule_id', 'in', scheduleIds)
    .where(wasInForce)
    .where('o.to_at', '>', since)
    .where(endedAt, '>', since)
    .orderBy('o.schedule_id')
    .orderBy('o.position')
    .execute()
  const found = new Map<string, Override[]>()
  for (const row of rows) {
    const list = found.get(row.schedule_id) ?? []
    list.push(overrideOf(row))
    found.set(row.schedule_id, list)
  }
  return found
}

const withOverrides = async (db: Db | Tx, rows: readonly ScheduleRow[], since: number) => {
  const overrides = await overridesOf(
    db,
    rows.map(({ id }) => id),
    since,
  )
  const teams = await membersOfTeams(
    db,
    rows.flatMap(({ definition }) => teamsOf(definition.layers)),
  )
  const forwardings = await loadForwardings(db, since)
  return rows.map((row) => storedOf(row, overrides.get(row.id) ?? [], { teams, forwardings, absences: [] }))
}

/**
 * Schedules with their overrides, archived ones included, by slug.
 * @param ids   those alone; every schedule when absent
 * @param since leaves out overrides that ended by then; what it leaves out cannot change who is on call after it, only
 *              since when somebody has been
 */
export const loadSchedules = async (
  db: Db | Tx,
  ids?: readonly string[],
  since = 0,
): Promise<StoredSchedule[]> => {
  if (ids?.length === 0) return []
  let query = db.selectFrom('schedules').select(scheduleColumns).orderBy('slug')
  if (ids) query = query.where('id', 'in', ids)
  return withOverrides(db, await query.execute(), since)
}

export const pageOfSchedules = async (
  db: Db,
  page: { limit: number; after: string | undefined; archived: boolean },
  since: number,
): Promise<StoredSchedule[]> => {
  const rows = await db
    .selectFrom('schedules')
    .select(scheduleColumns)
    .where('archived_at', page.archived ? 'is not' : 'is', null)
    .where('slug', '>', page.after ?? '')
    .orderBy('slug')
    .limit(page.limit)
    .execute()
  return withOverrides(db, rows, since)
}

const named = (name: string) => (where: ExpressionBuilder<Tables, 'schedules'>) =>
  isUuid(name) ? where.or([where('id', '=', name), where('slug', '=', name)]) : where('slug', '=', name)

/** @param name slug or id */
export const findSchedule = async (
  db: Db | Tx,
  name: string,
  since = 0,
): Promise<StoredSchedule | undefined> => {
  const row = await db.selectFrom('schedules').select(scheduleColumns).where(named(name)).executeTakeFirst()
  return row && (await withOverrides(db, [row], since))[0]
}

/** Holds the schedule until the transaction ends: its definition and the order of its overrides change one at a time. */
export const lockSchedule = async (db: Tx, name: string, since = 0): Promise<StoredSchedule | undefined> => {
  const row = await db
    .selectFrom('schedules')
    .select(scheduleColumns)
    .where(named(name))
    .forUpdate()
    .executeTakeFirst()
  return row && (await withOverrides(db, [row], since))[0]
}

/** @returns false when the slug is taken. */
export const insertSchedule = async (
  db: Tx,
  row: { id: string; slug: string; name: string; definition: ScheduleDefinition; createdAt: number },
): Promise<boolean> => {
  const made = await db
    .insertInto('schedules')
    .values({
      id: row.id,
      slug: row.slug,
      name: row.name,
      definition: JSON.stringify(row.definition),
      version: 1,
      archived_at: null,
      created_at: row.createdAt,
    })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export const updateSchedule = async (
  db: Tx,
  id: string,
  change: { name: string; definition: ScheduleDefinition; version: number },
): Promise<void> => {
  await db
    .updateTable('schedules')
    .set({
      name: change.name,
      definition: JSON.stringify(change.definition),
      version: change.version,
    })
    .where('id', '=', id)
    .execute()
}

/** @param at null: taken back */
export const markScheduleArchived = async (db: Tx, id: string, at: number | null): Promise<void> => {
  await db.updateTable('schedules').set({ archived_at: at }).where('id', '=', id).execute()
}

/** Call with the schedule locked. */
export const insertOverride = async (
  db: Tx,
  scheduleId: string,
  override: Override,
  about: { addedEventId: string; createdAt: number; swapId: string | null },
): Promise<void> => {
  const last = await db
    .selectFrom('schedule_overrides')
    .select(({ fn }) => fn.max('position').as('position'))
    .where('schedule_id', '=', scheduleId)
    .executeTakeFirst()
  await db
    .insertInto('schedule_overrides')
    .values({
      id: override.id,
      schedule_id: scheduleId,
      position: (last?.position ?? 0) + 1,
      account_id: override.accountId,
      from_at: override.from,
      to_at: override.to,
      rotation_ids: override.rotationIds ? [...override.rotationIds] : null,
      added_event_id: about.addedEventId,
      created_at: about.createdAt,
      removed_at: null,
      swap_id: about.swapId,
    })
    .execute()
}

export type OverrideRow = Override & {
  readonly addedAt: number
  readonly addedBy: string | null
  readonly reason: string | null
  readonly swapId: string | null
  readonly removedAt: number | null
}

/** Overrides with who added them and why, read from their events; those that never were in force only by id. */
export const findOverrides = async (
  db: Db | Tx,
  scheduleId: string,
  which: { id: string } | { swapId: string } | { since: number; before?: number },
): Promise<OverrideRow[]> => {
  let query = db
    .selectFrom('schedule_overrides as o')
    .leftJoin('events as e', 'e.id', 'o.added_event_id')
    .leftJoin('event_bodies as b', 'b.event_id', 'o.added_event_id')
    .select(['o.id', 'o.account_id', 'o.from_at', endedAt.as('ended_at'), 'o.rotation_ids'])
    .select(['o.created_at', 'o.removed_at', 'o.swap_id'])
    .select(['e.actor_id', 'e.actor_kind', 'b.disclosures'])
    .where('o.schedule_id', '=', scheduleId)
    .orderBy('o.position')
  if ('id' in which) query = query.where('o.id', '=', which.id)
  else if ('swapId' in which) query = query.where('o.swap_id', '=', which.swapId)
  else {
    query = query.where(wasInForce).where('o.to_at', '>', which.since).where(endedAt, '>', which.since)
    if (which.before !== undefined) query = query.where('o.from_at', '<', which.before)
  }
  return (await query.execute()).map((row) => {
    const { reason } = bodyOf(row.disclosures ?? [])
    return {
      ...overrideOf(row),
      addedAt: row.created_at,
      addedBy: row.actor_kind === 'person' ? row.actor_id : null,
      reason: typeof reason === 'string' ? reason : null,
      swapId: row.swap_id,
      removedAt: row.removed_at,
    }
  })
}

/** Ids of the overrides of a schedule that came of swaps. */
export const swapOverridesIn = async (db: Db | Tx, scheduleId: string): Promise<ReadonlySet<string>> => {
  const rows = await db
    .selectFrom('schedule_overrides')
    .select('id')
    .where('schedule_id', '=', scheduleId)
    .where('swap_id', 'is not', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

export const markOverrideRemoved = async (db: Tx, id: string, at: number): Promise<void> => {
  await db.updateTable('schedule_overrides').set({ removed_at: at }).where('id', '=', id).execute()
}

/** A member of staff as far as being on call goes. */
export type Colleague = {
  readonly id: string
  readonly name: string
  readonly handle: string
  readonly roles: readonly string[]
  readonly zone: string
  readonly archived: boolean
}
export type Colleagues = ReadonlyMap<string, Colleague>

/** Staff by id, archived ones included; ids of customer contacts and of nobody are missing from the answer. */
export const findColleagues = async (
  db: Db | Tx,
  ids: readonly (string | null)[],
): Promise<Map<string, Colleague>> => {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'name', 'handle', 'roles', 'zone', 'archived_at'])
    .where('id', 'in', wanted)
    .where('kind', '=', 'staff')
    .execute()
  return new Map(
    rows.map(({ id, name, handle, roles, zone, archived_at }) => [
      id,
      { id, name, handle, roles, zone, archived: archived_at !== null },
    ]),
  )
}

export type PastEvent = {
  readonly scheduleId: string
  readonly type: string
  readonly at: number
  readonly body: Record<string, unknown>
}

/** Everything that was recorded about schedules, or about one, by an instant, in order. */
export const findPastEvents = async (
  db: Db | Tx,
  knownAt: number,
  scheduleId?: string,
): Promise<PastEvent[]> => {
  let query = db
    .selectFrom('events as e')
    .innerJoin('event_bodies as b', 'b.event_id', 'e.id')
    .select(['e.stream_id', 'e.type', 'e.at', 'b.disclosures'])
    .where('e.stream_kind', '=', 'schedule')
    .where('e.recorded_at', '<=', knownAt)
    .orderBy('e.stream_id')
    .orderBy('e.version')
  if (scheduleId !== undefined) query = query.where('e.stream_id', '=', scheduleId)
  return (await query.execute()).map((row) => ({
    scheduleId: row.stream_id,
    type: row.type,
    at: row.at,
    body: bodyOf(row.disclosures),
  }))
}

/** Every member of staff, team and schedule by the name a team writes, archived ones included, and the other way round. */
export const loadNames = async (db: Db | Tx) => {
  const accounts = await db
    .selectFrom('accounts')
    .select(['id', 'handle'])
    .where('kind', '=', 'staff')
    .execute()
  const schedules = await db.selectFrom('schedules').select(['id', 'slug']).execute()
  const teams = await teamNames(db)
  return {
    accounts: new Map(accounts.map(({ id, handle }) => [handle, id])),
    schedules: new Map(schedules.map(({ id, slug }) => [slug, id])),
    teams: new Map(teams.map(({ id, slug }) => [slug, id])),
    handles: new Map(accounts.map(({ id, handle }) => [id, handle])),
    teamSlugs: new Map(teams.map(({ id, slug }) => [id, slug])),
    scheduleSlugs: new Map(schedules.map(({ id, slug }) => [id, slug])),
  }
}
