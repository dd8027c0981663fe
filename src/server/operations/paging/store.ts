/** SQL of pages and of the alerts they carry. */
import { sql } from 'kysely'
import type { PageState } from '../../../domain/operations/paging/page.ts'
import type { Db, Tx } from '../../platform/database.ts'
import type { Keyset } from '../../platform/keyset.ts'

/** Keeps these advisory locks apart from everybody else's. */
const TURN_SEED = 4280

export type PageStatus = 'open' | 'acknowledged' | 'resolved'

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
  nobody_reached: boolean
  requested_at: number
  acknowledged_at: number | null
  acknowledged_by: string | null
  resolved_at: number | null
  /** Alerts that open later may join it: not a page for which somebody said whom to call. */
  joinable: boolean
  /** By the policy that a routing rule named; null: by the environment's. */
  routed_policy_id: string | null
  /** Rung to see whether it arrives: it counts in no report. */
  is_drill: boolean
}

declare module '../../platform/database.ts' {
  interface Tables {
    pages: PageRow
    page_alerts: { page_id: string; alert_id: string; customer_id: string; joined_at: number }
  }
}

/** The page, locked until the transaction ends: two acknowledgements queue here and the second sees the first. */
export const lockPage = (db: Tx, pageId: string): Promise<PageRow | undefined> =>
  db.selectFrom('pages').selectAll().where('id', '=', pageId).forUpdate().executeTakeFirst()

/** In the order in which everybody locks several pages; without those that somebody else has locked. */
export const lockFreePages = (db: Tx, pageIds: readonly string[]): Promise<PageRow[]> =>
  db
    .selectFrom('pages')
    .selectAll()
    .where(sql<boolean>`id = any(${pageIds}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()

/** In the order in which everybody locks several pages. */
export const lockPages = (db: Tx, pageIds: readonly string[]): Promise<PageRow[]> =>
  db
    .selectFrom('pages')
    .selectAll()
    .where(sql<boolean>`id = any(${pageIds}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute()

/** The environment's pages that nobody has taken and that ring for those on call, newest first, locked: whoever acknowledges one of them waits for us. */
export const lockOpenPages = async (db: Tx, environmentId: string): Promise<PageRow[]> => {
  const rows = await db
    .selectFrom('pages')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'open')
    .where('joinable', '=', true)
    // In the order in which everybody locks several pages.
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.sort((a, b) => b.requested_at - a.requested_at)
}

/** Two processes at once would both find no page to join and ring twice: the second waits here for the first. */
export const takeTurnsIn = async (db: Tx, environmentId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${environmentId}, ${TURN_SEED}))`.execute(db)
}

export type NewPage = Pick<
  PageRow,
  | 'id'
  | 'customer_id'
  | 'environment_id'
  | 'priority'
  | 'group_key'
  | 'title'
  | 'incident_id'
  | 'requested_at'
  | 'joinable'
  | 'routed_policy_id'
> & { readonly is_drill?: boolean }

export const insertPage = async (db: Tx, page: NewPage, state: PageState): Promise<void> => {
  await db
    .insertInto('pages')
    .values({
      is_drill: false,
      ...page,
      status: 'open',
      state: JSON.stringify(state),
      nobody_on_call: false,
      nobody_reached: false,
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
    })
    .execute()
}

export type BegunStep = {
  readonly id: string
  readonly state: PageState
  readonly nobodyOnCall: boolean
  readonly nobodyReached: boolean
}

/** What a step found stays with the page: once nobody was on call, it says so to the end. */
export const putSteps = async (db: Tx, steps: readonly BegunStep[]): Promise<void> => {
  await sql`
    update pages p set state = s.state, nobody_on_call = p.nobody_on_call or s."nobodyOnCall",
      nobody_reached = p.nobody_reached or s."nobodyReached"
    from jsonb_to_recordset(${JSON.stringify(steps)}::jsonb)
      as s (id uuid, state jsonb, "nobodyOnCall" boolean, "nobodyReached" boolean)
    where p.id = s.id`.execute(db)
}

export const putAcknowledgement = async (
  db: Tx,
  pageId: string,
  state: PageState,
  { at, by }: { readonly at: number; readonly by: string },
): Promise<void> => {
  await db
    .updateTable('pages')
    .set({ status: 'acknowledged', acknowledged_at: at, acknowledged_by: by, state: JSON.stringify(state) })
    .where('id', '=', pageId)
    .execute()
}

export const putResolution = async (db: Tx, pageId: string, state: PageState, at: number): Promise<void> => {
  await db
    .updateTable('pages')
    .set({ status: 'resolved', resolved_at: at, state: JSON.stringify(state) })
    .where('id', '=', pageId)
    .execute()
}

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

/**
 * The alerts of a page, locked in the order of their ids. Intake locks alerts before pages; whoever takes a page does
 * the same, or the two would wait for each other.
 */
export const lockAlertsOf = async (db: Tx, pageId: string): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select id from alerts where id in (select alert_id from page_alerts where page_id = ${pageId}::uuid)
    order by id for update`.execute(db)
  return rows.map((row) => row.id)
}

export const alertIdsOf = async (db: Tx, pageId: string): Promise<string[]> => {
  const rows = await db.selectFrom('page_alerts').select('alert_id').where('page_id', '=', pageId).execute()
  return rows.map((row) => row.alert_id)
}

/** Pages that carry one of these alerts and that nobody has taken. */
export const findOpenPagesCarrying = async (db: Tx, alertIds: readonly string[]): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct p.id from pages p join page_alerts pa on pa.page_id = p.id
    where pa.alert_id = any(${alertIds}::uuid[]) and p.status = 'open' order by p.id`.execute(db)
  return rows.map((row) => row.id)
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

/** Pages nobody has taken, of these alerts, on which everything left sleeps or is taken; and who took the last of it. */
export const pagesInHand = async (
  db: Tx,
  alertIds: readonly string[],
): Promise<{ id: string; by: string }[]> => {
  const { rows } = await sql<{ id: string; by: string | null }>`
    select p.id, (select a.acknowledged_by from page_alerts pa join alerts a on a.id = pa.alert_id
                  where pa.page_id = p.id and a.status = 'acknowledged'
                  order by a.acknowledged_at desc, a.id limit 1) as by
    from pages p
    where p.status = 'open'
      and p.id in (select page_id from page_alerts where alert_id = any(${alertIds}::uuid[]))
      and not exists (select 1 from page_alerts pa join alerts a on a.id = pa.alert_id
                      where pa.page_id = p.id and a.status = 'open')
    order by p.id`.execute(db)
  return rows.flatMap(({ id, by }) => (by === null ? [] : [{ id, by }]))
}

/** The pages that carried this alert, newest first: what somebody said to go on with is none of them. */
export const findPagesCarrying = (db: Tx, alertId: string): Promise<PageRow[]> =>
  db
    .selectFrom('pages')
    .innerJoin('page_alerts', 'page_alerts.page_id', 'pages.id')
    .selectAll('pages')
    .where('page_alerts.alert_id', '=', alertId)
    .where('pages.joinable', '=', true)
    .orderBy('pages.requested_at', 'desc')
    .orderBy('pages.id', 'desc')
    .limit(20)
    .execute()

/** The first page that rang for it. */
export const findPageOfAlert = async (db: Db, alertId: string): Promise<string | undefined> =>
  (
    await db
      .selectFrom('page_alerts')
      .innerJoin('pages', 'pages.id', 'page_alerts.page_id')
      .select('pages.id')
      .where('page_alerts.alert_id', '=', alertId)
      .orderBy('pages.requested_at')
      .orderBy('pages.id')
      .executeTakeFirst()
  )?.id

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
  customer_name: string
  alert_count: number
  acknowledged_by_name: string | null
}

const selectPages = (db: Db | Tx) =>
  db
    .selectFrom('pages')
    .innerJoin('environments', 'environments.id', 'pages.environment_id')
    .innerJoin('customers', 'customers.id', 'pages.customer_id')
    .leftJoin('accounts', 'accounts.id', 'pages.acknowledged_by')
    .selectAll('pages')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'customers.name as customer_name',
      'accounts.name as acknowledged_by_name',
    ])
    .select(sql<number>`(select count(*) from page_alerts pa where pa.page_id = pages.id)`.as('alert_count'))

type ListBy = {
  readonly status?: 'open' | 'acknowledged' | 'resolved' | 'unresolved'
  readonly environment?: string
  readonly account?: string
  readonly before?: Keyset
  readonly limit: number
}

export const listPageRows = (db: Db, by: ListBy): Promise<PageListRow[]> => {
  let query = selectPages(db)
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

export const findPageRow = (db: Db | Tx, pageId: string): Promise<PageListRow | undefined> =>
  selectPages(db).where('pages.id', '=', pageId).executeTakeFirst()

export type PageStanding = Pick<PageRow, 'id' | 'status' | 'priority' | 'environment_id'>

/** Only to look at. By id. */
export const findStandings = async (
  db: Tx,
  pageIds: readonly string[],
): Promise<ReadonlyMap<string, PageStanding>> => {
  const rows = await db
    .selectFrom('pages')
    .select(['id', 'status', 'priority', 'environment_id'])
    .where(sql<boolean>`id = any(${pageIds}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** The names a reader knows an environment by. */
export const findPlace = (
  db: Db | Tx,
  environmentId: string,
): Promise<{ environment: string; customer: string }> =>
  db
    .selectFrom('environments')
    .innerJoin('customers', 'customers.id', 'environments.customer_id')
    .select(['environments.name as environment', 'customers.name as customer'])
    .where('environments.id', '=', environmentId)
    .executeTakeFirstOrThrow()

/** The alerts of a page, most urgent first; a page may carry thousands, a person reads the first hundred. */
export const findPageAlerts = (db: Db | Tx, pageId: string, limit = 100) =>
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
