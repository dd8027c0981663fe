/** All SQL of the lines that people call and of the calls on them. Row-level security knows customers alone: the environment is always named. */
import { sql } from 'kysely'
import type { PhoneCall } from '../../../domain/operations/phone-lines/phone-call.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { bodyOf } from '../../platform/event-body.ts'

export type PhoneLineRow = {
  id: string
  customer_id: string
  environment_id: string
  number: string
  name: string
  greeting: string
  priority: number
  ring_seconds: number
  created_at: number
  removed_at: number | null
}

type PhoneCallTable = {
  id: string
  customer_id: string
  environment_id: string
  line_id: string
  gateway_id: string
  event_id: string
  state: unknown
  status: PhoneCall['status']
  received_at: number
  ended_at: number | null
  message_event_id: string | null
}
export type PhoneCallRow = Omit<PhoneCallTable, 'state'> & { state: PhoneCall }

declare module '../../platform/database.ts' {
  interface Tables {
    phone_lines: PhoneLineRow
    phone_calls: PhoneCallTable
  }
}

export const linesOf = (db: Db | Tx, environmentId: string): Promise<PhoneLineRow[]> =>
  db
    .selectFrom('phone_lines')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('removed_at', 'is', null)
    .orderBy('number')
    .limit(100)
    .execute()

export const lineOfNumber = (db: Db | Tx, number: string): Promise<PhoneLineRow | undefined> =>
  db
    .selectFrom('phone_lines')
    .selectAll()
    .where('number', '=', number)
    .where('removed_at', 'is', null)
    .executeTakeFirst()

export const findLine = (db: Db | Tx, id: string): Promise<PhoneLineRow | undefined> =>
  db.selectFrom('phone_lines').selectAll().where('id', '=', id).executeTakeFirst()

export const putLine = async (db: Tx, row: PhoneLineRow): Promise<void> => {
  await db
    .insertInto('phone_lines')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

const asCall = (row: PhoneCallTable): PhoneCallRow => ({ ...row, state: row.state as PhoneCall })

export const callBy = async (
  db: Db | Tx,
  by: { readonly id: string } | { readonly gatewayId: string },
): Promise<PhoneCallRow | undefined> => {
  const query = db.selectFrom('phone_calls').selectAll()
  const row = await (
    'id' in by ? query.where('id', '=', by.id) : query.where('gateway_id', '=', by.gatewayId)
  ).executeTakeFirst()
  return row && asCall(row)
}

/** Reports about one call may come at once: the second waits here. */
export const lockCall = async (db: Tx, id: string): Promise<PhoneCallRow | undefined> => {
  const row = await db
    .selectFrom('phone_calls')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && asCall(row)
}

/** @returns false when the gateway told of this call before */
export const insertCall = async (db: Tx, row: PhoneCallRow): Promise<boolean> => {
  const inserted = await db
    .insertInto('phone_calls')
    .values({ ...row, state: JSON.stringify(row.state) })
    .onConflict((conflict) => conflict.column('gateway_id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export const putState = async (
  db: Tx,
  id: string,
  state: PhoneCall,
  endedAt: number | null,
): Promise<void> => {
  await db
    .updateTable('phone_calls')
    .set({ state: JSON.stringify(state), status: state.status, ended_at: endedAt })
    .where('id', '=', id)
    .execute()
}

export const putMessage = async (db: Tx, id: string, eventId: string): Promise<void> => {
  await db.updateTable('phone_calls').set({ message_event_id: eventId }).where('id', '=', id).execute()
}

const MOST_CALLS = 10

export type CallWithWords = PhoneCallRow & {
  readonly from: string | null
  readonly messageUrl: string | null
}
type Worded = PhoneCallTable & { received: string[] | null; left: string[] | null }

const wordIn = (disclosures: string[] | null, name: string): string | null => {
  const word = bodyOf(disclosures ?? [])[name]
  return typeof word === 'string' && word !== '' ? word : null
}

/** The last calls of each line, newest first. */
export const lastCalls = async (db: Db | Tx, lineIds: readonly string[]): Promise<CallWithWords[]> => {
  if (lineIds.length === 0) return []
  const { rows } = await sql<Worded>`
    select c.*, received.disclosures as received, message.disclosures as left
    from unnest(${lineIds}::uuid[]) as line (id)
    cross join lateral (
      select * from phone_calls where line_id = line.id order by received_at desc, id desc limit ${MOST_CALLS}
    ) c
    left join event_bodies received on received.event_id = c.event_id
    left join event_bodies message on message.event_id = c.message_event_id
    order by c.received_at desc, c.id desc`.execute(db)
  return rows.map(({ received, left, ...row }) => ({
    ...asCall(row),
    from: wordIn(received, 'from'),
    messageUrl: wordIn(left, 'url'),
  }))
}

/** Who called, while that is not erased; '' otherwise. */
export const callerOf = async (db: Db | Tx, eventId: string): Promise<string> => {
  const row = await db
    .selectFrom('event_bodies')
    .select('disclosures')
    .where('event_id', '=', eventId)
    .executeTakeFirst()
  return wordIn(row?.disclosures ?? null, 'from') ?? ''
}

/** Of environments in use, by number. */
export const allLines = async (
  db: Db | Tx,
): Promise<{ readonly environment: string; readonly row: PhoneLineRow }[]> => {
  const rows = await db
    .selectFrom('phone_lines')
    .innerJoin('environments', 'environments.id', 'phone_lines.environment_id')
    .selectAll('phone_lines')
    .select('environments.slug')
    .where('phone_lines.removed_at', 'is', null)
    .where('environments.archived_at', 'is', null)
    .orderBy('phone_lines.number')
    .execute()
  return rows.map(({ slug, ...row }) => ({ environment: slug, row }))
}
