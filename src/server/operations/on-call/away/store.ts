/** Rows of leave and forwarding. */
import { sql } from 'kysely'
import type { Absence, Forwarding } from '../../../../domain/operations/on-call/schedule.ts'
import { bodyOf } from '../../../platform/event-body.ts'
import type { Db, Tx } from '../../../platform/database.ts'

type Kept = {
  id: string
  account_id: string
  from_at: number
  to_at: number
  added_event_id: string
  created_at: number
  removed_at: number | null
}
declare module '../../../platform/database.ts' {
  interface Tables {
    absences: Kept
    duty_forwardings: Kept & { to_account_id: string }
  }
}

export type Window = { readonly since: number; readonly before?: number | undefined }

/** Taken back while under way, it held until then; taken back before, it never did (LEAST passes over null). */
const endedAt = sql<number>`least(to_at, removed_at)`
const everHeld = sql<boolean>`(removed_at is null or removed_at > from_at)`

/** Those that hold or held after `since`, in the order in which they win. Works within the intake's transaction, too. */
export const loadForwardings = async (db: Db | Tx, since: number): Promise<Forwarding[]> => {
  const rows = await db
    .selectFrom('duty_forwardings')
    .select(['id', 'account_id', 'to_account_id', 'from_at', endedAt.as('ended_at')])
    .where(everHeld)
    .where('to_at', '>', since)
    .where(endedAt, '>', since)
    .orderBy('id')
    .execute()
  return rows.map(({ id, account_id, to_account_id, from_at, ended_at }) => ({
    id,
    accountId: account_id,
    toAccountId: to_account_id,
    from: from_at,
    to: ended_at,
  }))
}

export const loadAbsences = async (db: Db | Tx, since: number): Promise<Absence[]> => {
  const rows = await db
    .selectFrom('absences')
    .select(['id', 'account_id', 'from_at', endedAt.as('ended_at')])
    .where(everHeld)
    .where('to_at', '>', since)
    .where(endedAt, '>', since)
    .orderBy('from_at')
    .execute()
  return rows.map(({ id, account_id, from_at, ended_at }) => ({
    id,
    accountId: account_id,
    from: from_at,
    to: ended_at,
  }))
}

export type AwayRow = {
  readonly id: string
  readonly accountId: string
  readonly toAccountId: string | null
  readonly from: number
  readonly to: number
  readonly addedAt: number
  readonly removedAt: number | null
  readonly reason: string | null
}

const MOST_ROWS = 1_000

/** With the reason, read from the event; those that never held only by id. */
export const findAway = async (
  db: Db | Tx,
  table: 'absences' | 'duty_forwardings',
  which: { id: string } | Window,
): Promise<AwayRow[]> => {
  const to =
    table === 'duty_forwardings' ? sql<string | null>`t.to_account_id` : sql<string | null>`null::uuid`
  let query = db
    .selectFrom(`${table} as t` as 'absences as t')
    .leftJoin('event_bodies as b', 'b.event_id', 't.added_event_id')
    .select(['t.id', 't.account_id', 't.from_at', 't.created_at', 't.removed_at', 'b.disclosures'])
    .select([to.as('to_account_id'), sql<number>`least(t.to_at, t.removed_at)`.as('ended_at')])
    .orderBy('t.from_at')
    .orderBy('t.id')
    .limit(MOST_ROWS)
  if ('id' in which) query = query.where('t.id', '=', which.id)
  else {
    query = query
      .where(sql<boolean>`(t.removed_at is null or t.removed_at > t.from_at)`)
      .where(sql<boolean>`least(t.to_at, t.removed_at) > ${which.since}`)
    if (which.before !== undefined) query = query.where('t.from_at', '<', which.before)
  }
  return (await query.execute()).map((row) => {
    const { reason } = bodyOf(row.disclosures ?? [])
    return {
      id: row.id,
      accountId: row.account_id,
      toAccountId: row.to_account_id,
      from: row.from_at,
      to: row.ended_at,
      addedAt: row.created_at,
      removedAt: row.removed_at,
      reason: typeof reason === 'string' ? reason : null,
    }
  })
}

export const insertAbsence = async (
  db: Tx,
  { id, accountId, from, to }: Absence,
  about: { addedEventId: string; createdAt: number },
): Promise<void> => {
  await db
    .insertInto('absences')
    .values({
      id,
      account_id: accountId,
      from_at: from,
      to_at: to,
      added_event_id: about.addedEventId,
      created_at: about.createdAt,
      removed_at: null,
    })
    .execute()
}

export const insertForwarding = async (
  db: Tx,
  { id, accountId, toAccountId, from, to }: Forwarding,
  about: { addedEventId: string; createdAt: number },
): Promise<void> => {
  await db
    .insertInto('duty_forwardings')
    .values({
      id,
      account_id: accountId,
      to_account_id: toAccountId,
      from_at: from,
      to_at: to,
      added_event_id: about.addedEventId,
      created_at: about.createdAt,
      removed_at: null,
    })
    .execute()
}

/** @returns false when it was taken back already: two at once take it back once */
export const markAwayRemoved = async (
  db: Tx,
  table: 'absences' | 'duty_forwardings',
  id: string,
  at: number,
): Promise<boolean> => {
  const done = await db
    .updateTable(table as 'absences')
    .set({ removed_at: at })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}

/** What was recorded about forwardings by an instant, in order. */
export const pastForwardings = async (
  db: Db | Tx,
  knownAt: number,
): Promise<{ id: string; type: string; at: number; body: Record<string, unknown> }[]> => {
  const rows = await db
    .selectFrom('events as e')
    .innerJoin('event_bodies as b', 'b.event_id', 'e.id')
    .select(['e.stream_id', 'e.type', 'e.at', 'b.disclosures'])
    .where('e.stream_kind', '=', 'duty-forwarding')
    .where('e.recorded_at', '<=', knownAt)
    .orderBy('e.stream_id')
    .orderBy('e.version')
    .execute()
  return rows.map(({ stream_id, type, at, disclosures }) => ({
    id: stream_id,
    type,
    at,
    body: bodyOf(disclosures),
  }))
}
