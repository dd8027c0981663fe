/** SQL of messages that went to a destination, and of what a message of several pages listed. */
import { sql } from 'kysely'
import type { Channel } from '../../../../domain/operations/paging/intent.ts'
import type { ToldMessage } from '../../../../domain/operations/paging/throttle.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import type { OpenedAlert } from '../../alerts/index.ts'
import type { IntentRow } from '../intent-store.ts'
import type { PageStatus } from '../store.ts'

/** Keeps these advisory locks apart from everybody else's. */
const TURN_SEED = 4280
/** One message carries no more; what is left goes with the next. */
const MOST_CARRIED = 500

declare module '../../../platform/database.ts' {
  interface Tables {
    page_messages: {
      id: string
      account_id: string
      channel: Channel
      method_id: string | null
      told_at: number
      environment_ids: string[]
    }
    page_bundle_pages: { bundle_id: string; page_id: string; customer_id: string; made_at: number }
    page_bundle_alerts: { bundle_id: string; page_id: string; alert_id: string; customer_id: string }
  }
}

/** Where a message goes: one person, one channel, and which way of theirs where they have several. */
export type Destination = Pick<IntentRow, 'account_id' | 'channel' | 'method_id'>

/** A destination, under the id of the promise that asks for it. */
type Lead = Destination & { readonly id: string }

/** For a statement that asks for several destinations: `d (id, account_id, channel, method_id)`. */
const destinations = (leads: readonly Lead[]) => sql`
  unnest(${leads.map(({ id }) => id)}::uuid[], ${leads.map((lead) => lead.account_id)}::uuid[],
    ${leads.map(({ channel }) => channel)}::text[], ${leads.map((lead) => lead.method_id)}::uuid[])
    as d (id, account_id, channel, method_id)`

export const nameOf = (to: Destination): string => `${to.account_id} ${to.channel} ${to.method_id ?? ''}`

/** Others wait behind a transaction that does several: rather than that it waits for a lock that somebody keeps, it fails. */
const LOCK_PATIENCE = '1s'

export const beImpatient = async (db: Tx): Promise<void> => {
  await sql`select set_config('lock_timeout', ${LOCK_PATIENCE}, true)`.execute(db)
}

/**
 * Two processes at once would both find that a destination is quiet: the second waits here. Taken before any page, and
 * several in one order for all.
 */
export const takeTurnsAt = async (
  db: Tx,
  to: readonly Destination[],
  { isAlone }: { readonly isAlone: boolean },
): Promise<void> => {
  const names = [...new Set(to.map((each) => `page-destination ${nameOf(each)}`))].sort()
  await sql`
    select case when ${isAlone} then '' else set_config('lock_timeout', ${LOCK_PATIENCE}, true) end,
      pg_advisory_xact_lock(hashtextextended(name, ${TURN_SEED})) from unnest(${names}::text[]) as n (name)`.execute(
    db,
  )
}

/** Where these promises lead that still stand. */
export const findDestinations = (db: Tx, intentIds: readonly string[]): Promise<Destination[]> =>
  db
    .selectFrom('page_intents')
    .select(['account_id', 'channel', 'method_id'])
    .where(sql<boolean>`id = any(${intentIds}::uuid[])`)
    .where('status', '=', 'intended')
    .execute()

export type Told = ToldMessage & { readonly id: string }

/** What went to each of the destinations, under the id of the promise that asks. */
export const findTold = async (db: Tx, leads: readonly Lead[], since: number): Promise<Told[]> => {
  const { rows } = await sql<Told>`
    select d.id, m.at, m.environments from ${destinations(leads)} cross join lateral (
      select told_at as at, environment_ids as environments from page_messages
      where account_id = d.account_id and channel = d.channel and method_id is not distinct from d.method_id
        and told_at > ${since}::bigint
      order by told_at desc limit 100) m`.execute(db)
  return rows
}

type NewMessage = {
  readonly id: string
  readonly to: Destination
  readonly environments: readonly string[]
}

/** A repeat of a message is the same message. */
export const noteMessages = async (
  db: Tx,
  messages: readonly NewMessage[],
  { at, forgetBefore }: { readonly at: number; readonly forgetBefore: number },
): Promise<void> => {
  await sql`
    delete from page_messages m using ${destinations(messages.map(({ id, to }) => ({ ...to, id })))}
    where m.account_id = d.account_id and m.channel = d.channel and m.told_at <= ${forgetBefore}::bigint`.execute(
    db,
  )
  const rows = messages.map(({ id, to: { account_id, channel, method_id }, environments }) => ({
    id,
    account_id,
    channel,
    method_id,
    environments,
  }))
  await sql`
    insert into page_messages (id, account_id, channel, method_id, told_at, environment_ids)
    select id, account_id, channel, method_id, ${at}::bigint, environments
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as m (id uuid, account_id uuid, channel text, method_id uuid, environments uuid[])
    on conflict (id) do nothing`.execute(db)
}

/** They certainly did not arrive. */
export const forgetMessages = async (db: Tx, messageIds: readonly string[]): Promise<void> => {
  await sql`delete from page_messages where id = any(${messageIds}::uuid[])`.execute(db)
}

export type Carried = { readonly intentId: string; readonly pageId: string }

/**
 * Promises to the same destination whose time has come, on pages nobody has taken; none that was tried with unknown
 * outcome. Under the id of the promise that asks.
 */
export const findWaitingFor = async (
  db: Tx,
  leads: readonly Lead[],
  now: number,
): Promise<(Carried & { readonly id: string })[]> => {
  const { rows } = await sql<Carried & { readonly id: string }>`
    select d.id, w."intentId", w."pageId" from ${destinations(leads)} cross join lateral (
      select i.id as "intentId", i.page_id as "pageId"
      from page_intents i join pages p on p.id = i.page_id left join page_sends s on s.intent_id = i.id
      where i.status = 'intended' and i.account_id = d.account_id and i.channel = d.channel
        and i.method_id is not distinct from d.method_id
        and (p.status = 'open' or p.status = 'acknowledged' and i.unless_closed)
        and coalesce(i.due_at, i.intended_at) <= ${now}::bigint
        and (s.intent_id is null or s.bundle_id is null and s.lease_until_at is null
             and (s.attempt = 0 or s.due_at <= ${now}::bigint))
      order by p.priority, i.intended_at, i.id limit ${MOST_CARRIED}) w`.execute(db)
  return rows
}

/** The promises that bundles carry and that have no outcome yet. */
export const findCarried = async (
  db: Tx,
  bundleIds: readonly string[],
): Promise<(Carried & { readonly bundleId: string })[]> => {
  const { rows } = await sql<Carried & { readonly bundleId: string }>`
    select s.bundle_id as "bundleId", i.id as "intentId", i.page_id as "pageId"
    from page_sends s join page_intents i on i.id = s.intent_id
    where s.bundle_id = any(${bundleIds}::uuid[]) and i.status = 'intended' order by i.id`.execute(db)
  return rows
}

export type Listed = { readonly bundleId: string; readonly pageId: string }

/** The pages must be locked: what joins one of them later is not listed. */
export const insertBundles = async (db: Tx, listed: readonly Listed[], at: number): Promise<void> => {
  // Of one page several promises may wait: of two steps, or of one that tells somebody twice.
  const rows = sql`
    (select distinct * from unnest(
      ${listed.map(({ bundleId }) => bundleId)}::uuid[], ${listed.map(({ pageId }) => pageId)}::uuid[])
      as l (bundle_id, page_id)) as l`
  await sql`
    insert into page_bundle_pages (bundle_id, page_id, customer_id, made_at)
    select l.bundle_id, p.id, p.customer_id, ${at}::bigint from ${rows} join pages p on p.id = l.page_id`.execute(
    db,
  )
  await sql`
    insert into page_bundle_alerts (bundle_id, page_id, alert_id, customer_id)
    select l.bundle_id, a.page_id, a.alert_id, a.customer_id from ${rows} join page_alerts a on a.page_id = l.page_id`.execute(
    db,
  )
}

export type BundlePage = {
  id: string
  status: PageStatus
  priority: number
  title: string
  customer_id: string
  environment_id: string
  environment_name: string
  customer_name: string
  acknowledged_by: string | null
  acknowledged_by_name: string | null
  alert_count: number
  /** Came to the page after the message was made: not covered. */
  later_count: number
}

/** What a message says of each page that it lists. */
export type ListedPage = Pick<
  BundlePage,
  'id' | 'status' | 'priority' | 'title' | 'environment_id' | 'environment_name' | 'acknowledged_by_name'
> & { readonly bundle_id: string }

/** In the order in which they are read: most urgent first. */
export const findListedPages = async (db: Tx, bundleIds: readonly string[]): Promise<ListedPage[]> => {
  const { rows } = await sql<ListedPage>`
    select b.bundle_id, p.id, p.status, p.priority, p.title, p.environment_id, e.name as environment_name,
      a.name as acknowledged_by_name
    from page_bundle_pages b join pages p on p.id = b.page_id join environments e on e.id = p.environment_id
      join customers c on c.id = p.customer_id left join accounts a on a.id = p.acknowledged_by
    where b.bundle_id = any(${bundleIds}::uuid[]) order by p.priority, c.name, e.name, p.id`.execute(db)
  return rows
}

export const findBundlePages = async (db: Db, bundleId: string): Promise<BundlePage[]> => {
  const { rows } = await sql<BundlePage>`
    select p.id, p.status, p.priority, p.title, p.customer_id, p.environment_id, e.name as environment_name,
      c.name as customer_name, p.acknowledged_by, a.name as acknowledged_by_name,
      (select count(*) from page_bundle_alerts ba where ba.bundle_id = b.bundle_id and ba.page_id = p.id) as alert_count,
      (select count(*) from page_alerts pa join alerts x on x.id = pa.alert_id
       where pa.page_id = p.id and x.status = 'open' and not exists (
         select 1 from page_bundle_alerts ba
         where ba.bundle_id = b.bundle_id and ba.page_id = p.id and ba.alert_id = pa.alert_id)) as later_count
    from page_bundle_pages b join pages p on p.id = b.page_id join environments e on e.id = p.environment_id
      join customers c on c.id = p.customer_id left join accounts a on a.id = p.acknowledged_by
    where b.bundle_id = ${bundleId}::uuid order by p.priority, c.name, e.name, p.id`.execute(db)
  return rows
}

export type BundleAlert = {
  page_id: string
  name: string
  summary: string
  priority: number
  status: string
  starts_at: number
}

export const findBundleAlerts = async (db: Db, bundleId: string): Promise<BundleAlert[]> => {
  const { rows } = await sql<BundleAlert>`
    select b.page_id, a.name, a.summary, a.priority, a.status, a.starts_at
    from page_bundle_alerts b join alerts a on a.id = b.alert_id
    where b.bundle_id = ${bundleId}::uuid order by a.priority, a.name, a.starts_at, a.id`.execute(db)
  return rows
}

export const findBundlePageIds = async (db: Tx, bundleId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('page_bundle_pages')
    .select('page_id')
    .where('bundle_id', '=', bundleId)
    .orderBy('page_id')
    .execute()
  return rows.map((row) => row.page_id)
}

export const findCovered = async (db: Tx, bundleId: string, pageId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('page_bundle_alerts')
    .select('alert_id')
    .where('bundle_id', '=', bundleId)
    .where('page_id', '=', pageId)
    .orderBy('alert_id')
    .execute()
  return rows.map((row) => row.alert_id)
}

/** The alerts of all pages of a bundle, locked in one order before any of the pages: as intake does. */
export const lockAlertsOfBundle = async (db: Tx, bundleId: string): Promise<void> => {
  await sql`
    select id from alerts where id in (
      select pa.alert_id from page_alerts pa join page_bundle_pages b on b.page_id = pa.page_id
      where b.bundle_id = ${bundleId}::uuid)
    order by id for update`.execute(db)
}

/** Takes off the page what came after the message was made, as long as nobody has it; those asleep page when they wake. */
export const takeOffLater = async (db: Tx, bundleId: string, pageId: string): Promise<OpenedAlert[]> => {
  const { rows } = await sql<OpenedAlert>`
    with later as (
      delete from page_alerts pa using alerts a
      where a.id = pa.alert_id and pa.page_id = ${pageId}::uuid and a.status = 'open' and not exists (
        select 1 from page_bundle_alerts b
        where b.bundle_id = ${bundleId}::uuid and b.page_id = pa.page_id and b.alert_id = pa.alert_id)
      returning a.*)
    select id, fingerprint, priority, group_key as "groupKey", name, summary, starts_at as "startsAt", '' as digest
    from later where snoozed_until_at is null order by opened_at, id`.execute(db)
  return rows
}

export type SentIntent = IntentRow & { readonly bundle_id: string | null }

/** The promises that a message carried, by the id under which it went out: the promise's own, or the bundle's. */
export const findSentAs = async (db: Db, messageId: string): Promise<SentIntent[]> => {
  const { rows } = await sql<SentIntent>`
    select i.*, s.bundle_id from page_intents i left join page_sends s on s.intent_id = i.id
    where i.id = ${messageId}::uuid or i.id in (select intent_id from page_sends where bundle_id = ${messageId}::uuid)
    order by i.id`.execute(db)
  return rows
}
