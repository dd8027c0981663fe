/** SQL of the promises to tell people, and of the work on them. */
import { sql } from 'kysely'
import type { Delivery } from '../../../domain/operations/paging/delivery.ts'
import type { Channel } from '../../../domain/operations/paging/intent.ts'
import type { Db, Tx } from '../../platform/database.ts'

export type IntentStatus = 'intended' | 'sent' | 'failed' | 'cancelled'

export type IntentRow = {
  id: string
  page_id: string
  customer_id: string
  environment_id: string
  step: number
  round: number
  account_id: string
  channel: Channel
  status: IntentStatus
  intended_at: number
  ended_at: number | null
  outcome: string | null
  /** Null: at once. */
  due_at: number | null
  /** Which of the person's steps this is. */
  position: number
  /** Null where the account itself says where it goes. */
  method_id: string | null
  /** Sent although somebody has the page. */
  unless_closed: boolean
  delivery: Delivery | null
  delivery_at: number | null
  delivery_detail: string | null
}

export type SendRow = {
  intent_id: string
  attempt: number
  due_at: number
  lease_until_at: number | null
  /** The process that tries. */
  leased_by: string | null
  last_answer: string | null
  /** The message of several promises that carries this one; null: it goes by itself. */
  bundle_id: string | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    page_intents: IntentRow
    page_sends: SendRow
  }
}

/** As it is promised: nothing is reported of it yet. */
export type NewIntent = Omit<IntentRow, 'delivery' | 'delivery_at' | 'delivery_detail'>

export const insertIntents = async (db: Tx, rows: readonly NewIntent[]): Promise<void> => {
  await sql`
    insert into page_intents (id, page_id, customer_id, environment_id, step, round, account_id, channel, status,
      intended_at, ended_at, outcome, due_at, position, method_id, unless_closed)
    select id, page_id, customer_id, environment_id, step, round, account_id, channel, status,
      intended_at, ended_at, outcome, due_at, position, method_id, unless_closed
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as i (id uuid, page_id uuid, customer_id uuid, environment_id uuid, step int, round int, account_id uuid,
        channel text, status text, intended_at bigint, ended_at bigint, outcome text, due_at bigint, position int,
        method_id uuid, unless_closed boolean)`.execute(db)
}

export const findPageOfIntent = async (db: Db, intentId: string): Promise<string | undefined> => {
  const row = await db
    .selectFrom('page_intents')
    .select('page_id')
    .where('id', '=', intentId)
    .executeTakeFirst()
  return row?.page_id
}

type EndedRow = { readonly id: string; readonly status: IntentStatus; readonly outcome: string }

export const putOutcomes = async (db: Tx, rows: readonly EndedRow[], at: number): Promise<void> => {
  await sql`
    update page_intents i set status = e.status, ended_at = ${at}::bigint, outcome = e.outcome
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (id uuid, status text, outcome text)
    where i.id = e.id`.execute(db)
}

export const putDelivery = async (
  db: Tx,
  intentId: string,
  { delivery, at, detail }: { readonly delivery: Delivery; readonly at: number; readonly detail: string },
): Promise<void> => {
  await db
    .updateTable('page_intents')
    .set({ delivery, delivery_at: at, delivery_detail: detail })
    .where('id', '=', intentId)
    .execute()
}

export const findIntent = (db: Db, intentId: string): Promise<IntentRow | undefined> =>
  db.selectFrom('page_intents').selectAll().where('id', '=', intentId).executeTakeFirst()

export type ToldRow = Pick<IntentRow, 'page_id' | 'account_id' | 'method_id'> & {
  status: string
  bundle_id: string | null
}

/** Pages that went to a number lately, the latest first, whoever's number it is and whether they are still open. */
export const pagesToldBy = async (db: Db, targetDigest: Buffer, since: number): Promise<ToldRow[]> => {
  const { rows } = await sql<ToldRow>`
    select distinct on (i.intended_at, i.page_id, i.account_id) i.page_id, i.account_id, i.method_id, p.status, s.bundle_id
    from contact_methods m join page_intents i on i.method_id = m.id join pages p on p.id = i.page_id
      left join page_sends s on s.intent_id = i.id
    where m.kind = 'sms' and m.target_digest = ${targetDigest} and m.removed_at is null and m.verified_at is not null
      and i.intended_at >= ${since}::bigint and i.status = 'sent'
    order by i.intended_at desc, i.page_id, i.account_id limit 200`.execute(db)
  return rows
}

/** When each of these people was first told of each page in a window, by any channel. */
export const pagesToldTo = async (
  db: Db,
  accountIds: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<{ accountId: string; at: number }[]> => {
  if (accountIds.length === 0) return []
  const rows = await db
    .selectFrom('page_intents')
    .select(['account_id', 'page_id'])
    .select(({ fn }) => fn.min('intended_at').as('at'))
    .where('account_id', 'in', accountIds)
    .where('intended_at', '>=', from)
    .where('intended_at', '<', to)
    .groupBy(['account_id', 'page_id'])
    .execute()
  return rows.map(({ account_id, at }) => ({ accountId: account_id, at: Number(at) }))
}

export type CancelledIntent = Pick<IntentRow, 'id' | 'account_id' | 'channel'> & { readonly attempt: number }

/** Cancels the intents that no process is sending at this moment; one under way reports its own outcome. */
export const cancelUnclaimed = async (
  db: Tx,
  pageId: string,
  reason: string,
  at: number,
  { closed }: { readonly closed: boolean },
): Promise<CancelledIntent[]> => {
  const { rows } = await sql<CancelledIntent>`
    update page_intents i set status = 'cancelled', ended_at = ${at}::bigint, outcome = ${reason}
    where page_id = ${pageId}::uuid and status = 'intended' and (${closed}::boolean or not unless_closed)
      and not exists (select 1 from page_sends s where s.intent_id = i.id and s.lease_until_at > ${at}::bigint)
    returning id, account_id, channel,
      coalesce((select attempt from page_sends s where s.intent_id = i.id), 0) as attempt`.execute(db)
  return rows
}

export type IntentListRow = IntentRow &
  Pick<SendRow, 'attempt' | 'last_answer' | 'lease_until_at'> & { account_name: string }

export const findPageIntents = (db: Db, pageId: string): Promise<IntentListRow[]> =>
  db
    .selectFrom('page_intents')
    .innerJoin('accounts', 'accounts.id', 'page_intents.account_id')
    .leftJoin('page_sends', 'page_sends.intent_id', 'page_intents.id')
    .selectAll('page_intents')
    .select(['accounts.name as account_name', 'page_sends.lease_until_at', 'page_sends.last_answer'])
    .select(sql<number>`coalesce(page_sends.attempt, 0)`.as('attempt'))
    .where('page_id', '=', pageId)
    .orderBy('round')
    .orderBy('step')
    .orderBy('page_intents.id')
    .execute()

export type IntentAndSend = { readonly intent: IntentRow; readonly send: SendRow }

const freshSend = (intent: IntentRow): SendRow => ({
  intent_id: intent.id,
  attempt: 0,
  due_at: intent.due_at ?? intent.intended_at,
  lease_until_at: null,
  leased_by: null,
  last_answer: null,
  bundle_id: null,
})

/** The work begins with the first look at it. */
const withSends = async (db: Tx, intents: readonly IntentRow[]): Promise<IntentAndSend[]> => {
  const rows = await db
    .selectFrom('page_sends')
    .selectAll()
    .where(sql<boolean>`intent_id = any(${intents.map(({ id }) => id)}::uuid[])`)
    .execute()
  const sends = new Map(rows.map((row) => [row.intent_id, row]))
  return intents.map((intent) => ({ intent, send: sends.get(intent.id) ?? freshSend(intent) }))
}

const selectIntents = (db: Tx, ids: readonly string[]) =>
  db
    .selectFrom('page_intents')
    .selectAll()
    .where(sql<boolean>`id = any(${ids}::uuid[])`)

/** Intents and the work on them, locked in the order in which everybody locks several. */
export const lockSends = async (db: Tx, ids: readonly string[]): Promise<IntentAndSend[]> =>
  withSends(db, await selectIntents(db, ids).orderBy('id').forUpdate().execute())

export const lockSend = async (db: Tx, intentId: string): Promise<IntentAndSend | undefined> =>
  (await lockSends(db, [intentId]))[0]

/** Only to look at: what is decided by it is decided again under the locks. */
export const peekSends = async (db: Tx, ids: readonly string[]): Promise<IntentAndSend[]> =>
  withSends(db, await selectIntents(db, ids).execute())

export const putSends = async (db: Tx, sends: readonly SendRow[]): Promise<void> => {
  await sql`
    insert into page_sends (intent_id, attempt, due_at, lease_until_at, leased_by, last_answer, bundle_id)
    select intent_id, attempt, due_at, lease_until_at, leased_by, last_answer, bundle_id
    from jsonb_to_recordset(${JSON.stringify(sends)}::jsonb)
      as s (intent_id uuid, attempt int, due_at bigint, lease_until_at bigint, leased_by uuid,
        last_answer text, bundle_id uuid)
    on conflict (intent_id) do update set attempt = excluded.attempt, due_at = excluded.due_at,
      lease_until_at = excluded.lease_until_at, leased_by = excluded.leased_by, last_answer = excluded.last_answer, bundle_id = excluded.bundle_id`.execute(
    db,
  )
}

/** What a process that is gone had claimed may be tried again now; that it was tried stays known. @returns the promises */
export const endLeasesOf = async (db: Tx, processId: string, now: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    update page_sends s set lease_until_at = ${now}::bigint
    from page_intents i
    where i.id = s.intent_id and i.status = 'intended' and s.leased_by = ${processId}::uuid
      and s.lease_until_at > ${now}::bigint
    returning s.intent_id as id`.execute(db)
  return rows.map(({ id }) => id)
}
