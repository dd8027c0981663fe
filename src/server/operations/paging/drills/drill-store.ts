/** SQL of drills, of their plans, and of what people said about them. */
import { sql } from 'kysely'
import type { DrillMissed, DrillState } from '../../../../domain/operations/paging/drill.ts'
import type { Db, Tx } from '../../../platform/database.ts'
import type { Keyset } from '../../../platform/keyset.ts'

export type DrillRow = {
  id: string
  customer_id: string
  environment_id: string
  account_id: string | null
  plan_id: string | null
  fingerprint: string
  status: Exclude<DrillState['status'], 'none'>
  why: DrillMissed | null
  asked_at: number
  asked_by: string | null
  due_at: number
  alert_id: string | null
  page_id: string | null
  overruled_rule: string | null
  rang_at: number | null
  ended_at: number | null
  taken_by: string | null
}

export type AnswerRow = {
  drill_id: string
  account_id: string
  method: string
  woke: boolean
  answered_at: number
}

declare module '../../../platform/database.ts' {
  interface Tables {
    drills: DrillRow
    drill_answers: AnswerRow
  }
}

export const stateOfDrill = ({ status, account_id, due_at }: DrillRow): DrillState => ({
  status,
  whom: account_id,
  dueAt: due_at,
})

export const insertDrill = async (db: Tx, row: DrillRow): Promise<void> => {
  await db.insertInto('drills').values(row).execute()
}

export const putDrill = async (db: Tx, row: DrillRow): Promise<void> => {
  const { id, ...change } = row
  await db.updateTable('drills').set(change).where('id', '=', id).execute()
}

export const lockDrill = (db: Tx, id: string): Promise<DrillRow | undefined> =>
  db.selectFrom('drills').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const lockDrillOfPage = (db: Tx, pageId: string): Promise<DrillRow | undefined> =>
  db.selectFrom('drills').selectAll().where('page_id', '=', pageId).forUpdate().executeTakeFirst()

/** Drills that wait for their alerts, by the fingerprints of those. */
export const lockAskedDrills = (
  db: Tx,
  environmentId: string,
  fingerprints: readonly string[],
): Promise<DrillRow[]> =>
  db
    .selectFrom('drills')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'asked')
    .where('fingerprint', 'in', [...fingerprints])
    .orderBy('id')
    .forUpdate()
    .execute()

export type DrillListRow = DrillRow & {
  environment_slug: string
  environment_name: string
  account_name: string | null
  asked_by_name: string | null
  taken_by_name: string | null
}

const selectDrills = (db: Db | Tx) =>
  db
    .selectFrom('drills')
    .innerJoin('environments', 'environments.id', 'drills.environment_id')
    .leftJoin('accounts as whom', 'whom.id', 'drills.account_id')
    .leftJoin('accounts as asker', 'asker.id', 'drills.asked_by')
    .leftJoin('accounts as taker', 'taker.id', 'drills.taken_by')
    .selectAll('drills')
    .select([
      'environments.slug as environment_slug',
      'environments.name as environment_name',
      'whom.name as account_name',
      'asker.name as asked_by_name',
      'taker.name as taken_by_name',
    ])

export const findDrill = (db: Db | Tx, id: string): Promise<DrillListRow | undefined> =>
  selectDrills(db).where('drills.id', '=', id).executeTakeFirst()

export const listDrillRows = (
  db: Db,
  by: { readonly environmentId?: string; readonly before?: Keyset; readonly limit: number },
): Promise<DrillListRow[]> => {
  let query = selectDrills(db).orderBy('drills.asked_at', 'desc').orderBy('drills.id', 'desc').limit(by.limit)
  if (by.environmentId !== undefined) query = query.where('drills.environment_id', '=', by.environmentId)
  if (by.before)
    query = query.where(
      sql<boolean>`(drills.asked_at, drills.id) < (${by.before[0]}::bigint, ${by.before[1]}::uuid)`,
    )
  return query.execute()
}

export const putAnswers = async (db: Tx, rows: readonly AnswerRow[]): Promise<void> => {
  if (rows.length === 0) return
  await db
    .insertInto('drill_answers')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['drill_id', 'account_id', 'method']).doUpdateSet((set) => ({
        woke: set.ref('excluded.woke'),
        answered_at: set.ref('excluded.answered_at'),
      })),
    )
    .execute()
}

export const answersTo = (db: Db | Tx, drillId: string, accountId: string): Promise<AnswerRow[]> =>
  db
    .selectFrom('drill_answers')
    .selectAll()
    .where('drill_id', '=', drillId)
    .where('account_id', '=', accountId)
    .execute()

/** By account: the apps that woke them in the last drill about which they said anything, if that was after `since`. */
export const appsThatWoke = async (
  db: Db | Tx,
  accountIds: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  if (accountIds.length === 0) return new Map()
  const { rows } = await sql<{ account_id: string; method: string }>`
    select account_id, method from (
      select distinct on (account_id, method) account_id, method, woke, answered_at from drill_answers
      where account_id = any(${accountIds}::uuid[])
      order by account_id, method, answered_at desc, drill_id desc) last
    where woke and answered_at > ${since}::bigint`.execute(db)
  const byAccount = Map.groupBy(rows, (row) => row.account_id)
  return new Map([...byAccount].map(([id, each]) => [id, new Set(each.map(({ method }) => method))]))
}

/** When a page that went out on something besides a screen was last taken by each of these people. */
export const lastProvenOf = async (
  db: Db | Tx,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  if (accountIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; at: number }>`
    select a.id, p.at from unnest(${accountIds}::uuid[]) as a (id)
    cross join lateral (
      select acknowledged_at as at from pages
      where acknowledged_by = a.id and acknowledged_at is not null
        and exists (select 1 from page_intents i where i.page_id = pages.id and i.account_id = a.id
                      and i.channel <> 'screen' and i.status = 'sent')
      order by acknowledged_at desc limit 1) p`.execute(db)
  return new Map(rows.map(({ id, at }) => [id, at]))
}

export type ProvenPlace = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly at: number | null
}

/** Every environment in use, with when a page by routing and policy was last taken: a drill of one person proves that person alone. */
export const lastProvenPlaces = async (db: Db | Tx): Promise<ProvenPlace[]> => {
  const { rows } = await sql<ProvenPlace>`
    select e.id, e.slug, e.name,
           (select acknowledged_at from pages p
            where p.environment_id = e.id and p.acknowledged_at is not null and p.incident_id is null
              and not exists (select 1 from drills d where d.page_id = p.id and d.account_id is not null)
              and exists (select 1 from page_intents i where i.page_id = p.id and i.channel <> 'screen' and i.status = 'sent')
            order by acknowledged_at desc limit 1) as at
    from environments e where e.archived_at is null order by e.name, e.id limit 2000`.execute(db)
  return rows
}
