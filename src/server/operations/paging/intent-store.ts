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
  await db
    .insertInto('page_intents')
    .values(rows.map((row) => ({ ...row, delivery: null, delivery_at: null, delivery_detail: null })))
    .execute()
}

export const findPageOfIntent = async (db: Db, intentId: string): Promise<string | undefined> => {
  const row = await db
    .selectFrom('page_intents')
    .select('page_id')
    .where('id', '=', intentId)
    .executeTakeFirst()
  return row?.page_id
}

export const putOutcome = async (
  db: Tx,
  intentId: string,
  end: { readonly status: IntentStatus; readonly at: number; readonly outcome: string },
): Promise<void> => {
  await db
    .updateTable('page_intents')
    .set({ status: end.status, ended_at: end.at, outcome: end.outcome })
    .where('id', '=', intentId)
    .execute()
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

/** An intent and the work on it, both locked; the work begins with the first look at it. */
export const lockSend = async (db: Tx, intentId: string): Promise<IntentAndSend | undefined> => {
  const intent = await db
    .selectFrom('page_intents')
    .selectAll()
    .where('id', '=', intentId)
    .forUpdate()
    .executeTakeFirst()
  return intent && withSend(db, intent)
}

/** Only to look at: what is decided by it is decided again under the locks. */
export const peekSend = async (db: Tx, intentId: string): Promise<IntentAndSend | undefined> => {
  const intent = await findIntent(db, intentId)
  return intent && withSend(db, intent)
}

const withSend = async (db: Tx, intent: IntentRow): Promise<IntentAndSend> => {
  const intentId = intent.id
  const send = await db
    .selectFrom('page_sends')
    .selectAll()
    .where('intent_id', '=', intentId)
    .executeTakeFirst()
  const fresh = {
    intent_id: intentId,
    attempt: 0,
    due_at: intent.due_at ?? intent.intended_at,
    lease_until_at: null,
    last_answer: null,
    bundle_id: null,
  }
  return { intent, send: send ?? fresh }
}

export const putSend = async (db: Tx, send: SendRow): Promise<void> => {
  const { intent_id: _, ...change } = send
  await db
    .insertInto('page_sends')
    .values(send)
    .onConflict((conflict) => conflict.column('intent_id').doUpdateSet(change))
    .execute()
}
