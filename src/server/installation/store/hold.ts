/** SQL of the hold: whether it lasts, what stands still, and how it ends. */
import { sql } from 'kysely'
import { OUTWARD_LANES, taskKinds } from '../../platform/tasks/task.ts'
import type { Db, Tx } from '../../platform/database.ts'

export type HoldRow = {
  readonly installation: string
  readonly organisation: string
  readonly heldAt: number
  readonly reason: string
}

/** Undefined while nothing is held. */
export const findHold = async (db: Db | Tx): Promise<HoldRow | undefined> => {
  const { rows } = await sql<HoldRow>`
    select id as installation, organisation, held_at as "heldAt", coalesce(held_reason, '') as reason
    from installation where held_at is not null and released_at is null`.execute(db)
  return rows[0]
}

/** The same, and nobody else releases until this transaction ends. */
export const lockHold = async (db: Tx): Promise<HoldRow | undefined> => {
  await sql`select 1 from installation for update`.execute(db)
  return findHold(db)
}

export const putReleased = async (db: Tx, at: number): Promise<void> => {
  await db.updateTable('installation').set({ released_at: at }).execute()
}

/** Id of the newest event of this type of the installation, whose body says where the restored state comes from. */
export const findRestoreEvent = async (
  db: Db,
  installation: string,
  type: string,
): Promise<{ disclosures: string[] } | undefined> => {
  const { rows } = await sql<{ disclosures: string[] }>`
    select b.disclosures from events e join event_bodies b on b.event_id = e.id
    where e.stream_id = ${installation}::uuid and e.type = ${type} order by e.version desc limit 1`.execute(
    db,
  )
  return rows[0]
}

/**
 * Kinds of ours that reach the outside world and happen once: what an administrator may let go or expire. A kind decides
 * by its lane of today, whatever lane an older version wrote into the row.
 */
export const outwardKinds = (): string[] =>
  [...taskKinds().values()]
    .filter(({ lane, everyMs }) => OUTWARD_LANES.includes(lane) && everyMs === undefined)
    .map(({ kind }) => kind)

export type WaitingRow = {
  readonly id: string
  readonly kind: string
  readonly due_at: number
  readonly created_at: number
  readonly attempt: number
  readonly payload: unknown
}

/** In the order in which they would fire; all of them without a limit. */
export const findWaiting = async (db: Db | Tx, limit: number | null = null): Promise<WaitingRow[]> => {
  const { rows } = await sql<WaitingRow>`
    select id, kind, due_at, created_at, attempt, payload from tasks
    where kind = any(${outwardKinds()}::text[]) and parked_at is null
    order by due_at, id limit ${limit}::bigint`.execute(db)
  return rows
}

export type KindRow = {
  readonly kind: string
  readonly waiting: number
  readonly due: number
  readonly from_backup: number
  readonly stands_still: boolean
}

/** What waits, by kind; housekeeping that comes round by itself is nobody's concern here. */
export const countWaiting = async (db: Db, heldAt: number, now: number): Promise<KindRow[]> => {
  const recurring = [...taskKinds().values()].filter(({ everyMs }) => everyMs !== undefined)
  const { rows } = await sql<KindRow>`
    select kind, count(*) as waiting, count(*) filter (where due_at <= ${now}::bigint) as due,
           count(*) filter (where created_at < ${heldAt}::bigint) as from_backup,
           kind = any(${outwardKinds()}::text[]) as stands_still
    from tasks where parked_at is null and kind <> all(${recurring.map(({ kind }) => kind)}::text[])
    group by kind order by 5 desc, 1`.execute(db)
  return rows
}

export const deleteTasks = async (db: Tx, ids: readonly string[]): Promise<void> => {
  await sql`delete from tasks where id = any(${ids}::uuid[])`.execute(db)
}
