/** Rows of swaps. */
import type { JSONColumnType } from 'kysely'
import {
  endOf,
  type SwapLeg,
  type SwapState,
  type SwapStatus,
  type VoidReason,
} from '../../../../domain/operations/on-call/swap.ts'
import { bodyOf } from '../../../platform/event-body.ts'
import type { Db, Tx } from '../../../platform/database.ts'

declare module '../../../platform/database.ts' {
  interface Tables {
    shift_swaps: {
      id: string
      schedule_id: string
      asked_by: string
      asked_of: string
      status: SwapStatus
      why: VoidReason | null
      legs: JSONColumnType<readonly SwapLeg[]>
      ends_at: number
      offered_event_id: string
      created_at: number
      changed_at: number
    }
  }
}

export type StoredSwap = {
  readonly id: string
  readonly scheduleId: string
  readonly why: VoidReason | null
  readonly createdAt: number
  readonly changedAt: number
  readonly note: string | null
  readonly state: SwapState
}

const selectSwaps = (db: Db | Tx) =>
  db
    .selectFrom('shift_swaps as s')
    .leftJoin('event_bodies as b', 'b.event_id', 's.offered_event_id')
    .select(['s.id', 's.schedule_id', 's.asked_by', 's.asked_of', 's.status', 's.why', 's.legs'])
    .select(['s.created_at', 's.changed_at', 'b.disclosures'])
type Row = Awaited<ReturnType<ReturnType<typeof selectSwaps>['execute']>>[number]

const swapOf = (row: Row): StoredSwap => {
  const { note } = bodyOf(row.disclosures ?? [])
  return {
    id: row.id,
    scheduleId: row.schedule_id,
    why: row.why,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    note: typeof note === 'string' ? note : null,
    state: { status: row.status, askedBy: row.asked_by, askedOf: row.asked_of, legs: row.legs },
  }
}

export const findSwap = async (db: Db | Tx, id: string): Promise<StoredSwap | undefined> => {
  const row = await selectSwaps(db).where('s.id', '=', id).executeTakeFirst()
  return row && swapOf(row)
}

const LIVE = ['offered', 'accepted'] as const

/** Those that can still come to something, or stand in force: of one schedule, not over at the instant. */
export const liveSwaps = async (db: Db | Tx, scheduleId: string, at: number): Promise<StoredSwap[]> => {
  const rows = await selectSwaps(db)
    .where('s.schedule_id', '=', scheduleId)
    .where('s.status', 'in', LIVE)
    .where('s.ends_at', '>', at)
    .orderBy('s.id')
    .execute()
  return rows.map(swapOf)
}

const MOST_ROWS = 200

/** Those of `liveSwaps`, and those that ended after `since`, newest first. */
export const listedSwaps = async (
  db: Db,
  asked: { readonly scheduleId?: string | undefined; readonly at: number; readonly since: number },
): Promise<StoredSwap[]> => {
  let query = selectSwaps(db)
    .where((where) =>
      where.or([
        where.and([where('s.status', 'in', LIVE), where('s.ends_at', '>', asked.at)]),
        where.and([where('s.status', 'not in', LIVE), where('s.changed_at', '>', asked.since)]),
      ]),
    )
    .orderBy('s.id', 'desc')
    .limit(MOST_ROWS)
  if (asked.scheduleId !== undefined) query = query.where('s.schedule_id', '=', asked.scheduleId)
  return (await query.execute()).map(swapOf)
}

/** How many questions somebody asked that nobody answered yet. */
export const countOffers = async (db: Tx, askedBy: string): Promise<number> => {
  const { count } = await db
    .selectFrom('shift_swaps')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('asked_by', '=', askedBy)
    .where('status', '=', 'offered')
    .executeTakeFirstOrThrow()
  return Number(count)
}

export const insertSwap = async (
  db: Tx,
  swap: { readonly id: string; readonly scheduleId: string; readonly state: SwapState },
  about: { readonly offeredEventId: string; readonly at: number },
): Promise<void> => {
  const { askedBy, askedOf, status, legs } = swap.state
  await db
    .insertInto('shift_swaps')
    .values({
      id: swap.id,
      schedule_id: swap.scheduleId,
      asked_by: askedBy,
      asked_of: askedOf,
      status,
      why: null,
      legs: JSON.stringify(legs),
      ends_at: endOf(swap.state),
      offered_event_id: about.offeredEventId,
      created_at: about.at,
      changed_at: about.at,
    })
    .execute()
}

/** Call with the schedule locked: whatever changes a swap holds its schedule. */
export const updateSwap = async (
  db: Tx,
  id: string,
  { status, legs }: SwapState,
  about: { readonly why: VoidReason | null; readonly at: number },
): Promise<void> => {
  await db
    .updateTable('shift_swaps')
    .set({
      status,
      legs: JSON.stringify(legs),
      ends_at: endOf({ legs }),
      why: about.why,
      changed_at: about.at,
    })
    .where('id', '=', id)
    .execute()
}
