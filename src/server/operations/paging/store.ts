/** All SQL of pages, their alerts, the intents to tell people, and push subscriptions. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'

export type PageStatus = 'open' | 'acknowledged' | 'resolved'
export type IntentStatus = 'intended' | 'sent' | 'failed' | 'cancelled'
export type Channel = 'email' | 'web-push' | 'screen'

export type PageRow = {
  id: string
  customer_id: string
  environment_id: string
  status: PageStatus
  priority: number
  group_key: string
  title: string
  incident_id: string | null
  state: unknown
  nobody_on_call: boolean
  requested_at: number
  acknowledged_at: number | null
  acknowledged_by: string | null
  resolved_at: number | null
}

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
}

export type SendRow = {
  intent_id: string
  attempt: number
  due_at: number
  lease_until_at: number | null
  last_answer: string | null
}

declare module '../../platform/database.ts' {
  interface Tables {
    pages: PageRow
    page_alerts: { page_id: string; alert_id: string; customer_id: string; joined_at: number }
    page_intents: IntentRow
    page_sends: SendRow
    push_subscriptions: {
      id: string
      account_id: string
      endpoint: string
      p256dh: string
      auth: string
      user_agent: string
      created_at: number
      proven_at: number | null
      gone_at: number | null
    }
  }
}

/** The page, locked until the transaction ends: two acknowledgements queue here and the second sees the first. */
export const lockPage = (db: Tx, pageId: string): Promise<PageRow | undefined> =>
  db.selectFrom('pages').selectAll().where('id', '=', pageId).forUpdate().executeTakeFirst()

export const findUnresolvedPages = (db: Tx, environmentId: string): Promise<PageRow[]> =>
  db
    .selectFrom('pages')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('status', '<>', 'resolved')
    .orderBy('requested_at', 'desc')
    .forUpdate()
    .execute()

export const joinAlerts = async (
  db: Tx,
  page: Pick<PageRow, 'id' | 'customer_id'>,
  alertIds: readonly string[],
  at: number,
): Promise<void> => {
  await sql`
    insert into page_alerts (page_id, alert_id, customer_id, joined_at)
    select ${page.id}::uuid, alert_id, ${page.customer_id}::uuid, ${at}::bigint from unnest(${alertIds}::uuid[]) as a (alert_id)
    on conflict do nothing`.execute(db)
}

/** Unresolved pages all of whose alerts are closed, among those that carry these alerts. */
export const pagesWithNothingLeft = async (db: Tx, alertIds: readonly string[]): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select p.id from pages p
    where p.status <> 'resolved'
      and p.id in (select page_id from page_alerts where alert_id = any(${alertIds}::uuid[]))
      and not exists (select 1 from page_alerts pa join alerts a on a.id = pa.alert_id
                      where pa.page_id = p.id and a.status <> 'closed')
    order by p.id`.execute(db)
  return rows.map((row) => row.id)
}

export const findPagesOfIncident = async (db: Tx, incidentId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('pages')
    .select('id')
    .where('incident_id', '=', incidentId)
    .where('status', '<>', 'resolved')
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

export type PageListRow = PageRow & {
  environment_slug: string
  environment_name: string
  alert_count: number
  acknowledged_by_name: string | null
}

type ListBy = {
  readonly status?: 'open' | 'acknowledged' | 'resolved' | 'unresolved'
  readonly environment?: string
  readonly account?: string
  readonly before?: [number, string]
  readonly limit: number
}

export const listPageRows = (db: Db, by: ListBy): Promise<PageListRow[]> => {
  let query = db
    .selectFrom('pages')
    .innerJoin('environments', 'environments.id', 'pages.environment_id')
    .leftJoin('accounts', 'accounts.id', 'pages.acknowledged_by')
    .selectAll('pages')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'accounts.name as acknowledged_by_name',
    ])
    .select(sql<number>`(select count(*) from page_alerts pa where pa.page_id = pages.id)`.as('alert_count'))
    .orderBy('pages.requested_at', 'desc')
    .orderBy('pages.id', 'desc')
    .limit(by.limit)
  if (by.status === 'unresolved') query = query.where('pages.status', '<>', 'resolved')
  else if (by.status) query = query.where('pages.status', '=', by.status)
  if (by.environment) query = query.where('environments.slug', '=', by.environment)
  if (by.account) {
    const account = by.account
    query = query.where((where) =>
      where.exists(
        where
          .selectFrom('page_intents')
          .select('page_intents.id')
          .whereRef('page_intents.page_id', '=', 'pages.id')
          .where('page_intents.account_id', '=', account),
      ),
    )
  }
  if (by.before)
    query = query.where(
      sql<boolean>`(pages.requested_at, pages.id) < (${by.before[0]}::bigint, ${by.before[1]}::uuid)`,
    )
  return query.execute()
}

export const findPageRow = async (db: Db, pageId: string): Promise<PageListRow | undefined> =>
  db
    .selectFrom('pages')
    .innerJoin('environments', 'environments.id', 'pages.environment_id')
    .leftJoin('accounts', 'accounts.id', 'pages.acknowledged_by')
    .selectAll('pages')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'accounts.name as acknowledged_by_name',
    ])
    .select(sql<number>`(select count(*) from page_alerts pa where pa.page_id = pages.id)`.as('alert_count'))
    .where('pages.id', '=', pageId)
    .executeTakeFirst()

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

/** The alerts of a page, most urgent first; a page may carry thousands, a person reads the first hundred. */
export const findPageAlerts = (db: Db, pageId: string, limit = 100) =>
  db
    .selectFrom('page_alerts')
    .innerJoin('alerts', 'alerts.id', 'page_alerts.alert_id')
    .select([
      'alerts.id',
      'alerts.name',
      'alerts.summary',
      'alerts.priority',
      'alerts.status',
      'alerts.starts_at',
      'alerts.annotations',
      'alerts.labels',
    ])
    .where('page_alerts.page_id', '=', pageId)
    .orderBy(sql`alerts.status = 'closed'`)
    .orderBy('alerts.priority')
    .orderBy('alerts.starts_at')
    .limit(limit)
    .execute()

export const livePushSubscriptions = (db: Db | Tx, accountId: string) =>
  db
    .selectFrom('push_subscriptions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('gone_at', 'is', null)
    .execute()

/** The acts of a page that a person follows, oldest first; single sends are in the intents. */
export const findTimeline = async (db: Db, pageId: string) => {
  const { rows } = await sql<{
    type: string
    at: number
    actor_id: string | null
    actor_name: string | null
  }>`
    select e.type, e.at, e.actor_id, a.name as actor_name from events e left join accounts a on a.id = e.actor_id
    where e.stream_id = ${pageId}::uuid and e.type in
      ('page.requested', 'page.alerts-joined', 'page.step-began', 'page.acknowledged', 'page.resolved')
    order by e.version limit 200`.execute(db)
  return rows
}

/** An intent and the work on it, both locked; the work begins with the first look at it. */
export const lockSend = async (
  db: Tx,
  intentId: string,
): Promise<{ intent: IntentRow; send: SendRow } | undefined> => {
  const intent = await db
    .selectFrom('page_intents')
    .selectAll()
    .where('id', '=', intentId)
    .forUpdate()
    .executeTakeFirst()
  if (!intent) return undefined
  const send = await db
    .selectFrom('page_sends')
    .selectAll()
    .where('intent_id', '=', intentId)
    .executeTakeFirst()
  const fresh = {
    intent_id: intentId,
    attempt: 0,
    due_at: intent.intended_at,
    lease_until_at: null,
    last_answer: null,
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
