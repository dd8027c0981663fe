/** SQL of maintenance windows, and which of them keep an environment quiet at an instant. */
import { sql, type RawBuilder } from 'kysely'
import type { AlertScope } from '../../../domain/operations/alerts/alert-condition.ts'
import type { WindowEnding, WindowState } from '../../../domain/operations/maintenance/window.ts'
import type { Db, Tx } from '../../platform/database.ts'
import type { Keyset } from '../../platform/keyset.ts'

export type WindowRow = {
  id: string
  customer_id: string
  environment_id: string
  decision_id: string
  scope: unknown
  starts_at: number
  announced_end_at: number
  ends_at: number
  ended_at: number | null
  ended_how: WindowEnding | null
  planned_at: number
  planned_by: string
}

declare module '../../platform/database.ts' {
  interface Tables {
    maintenance_windows: WindowRow
  }
}

export const stateOf = (row: WindowRow): WindowState => ({
  id: row.id,
  environmentId: row.environment_id,
  decisionId: row.decision_id,
  scope: row.scope as AlertScope,
  startsAt: row.starts_at,
  announcedEndAt: row.announced_end_at,
  endsAt: row.ends_at,
  ended: row.ended_at === null ? null : { at: row.ended_at, how: row.ended_how ?? 'announced' },
})

type Place = Pick<WindowRow, 'customer_id' | 'planned_at' | 'planned_by'>

export const putWindow = async (db: Tx, state: WindowState, place: Place): Promise<void> => {
  const row = {
    ...place,
    id: state.id,
    environment_id: state.environmentId,
    decision_id: state.decisionId,
    scope: JSON.stringify(state.scope),
    starts_at: state.startsAt,
    announced_end_at: state.announcedEndAt,
    ends_at: state.endsAt,
    ended_at: state.ended?.at ?? null,
    ended_how: state.ended?.how ?? null,
  }
  await db
    .insertInto('maintenance_windows')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Whoever keeps an alert quiet by it holds it too: either they are seen by who ends it, or they see that it is over. */
export const lockWindow = (db: Tx, windowId: string): Promise<WindowRow | undefined> =>
  db.selectFrom('maintenance_windows').selectAll().where('id', '=', windowId).forUpdate().executeTakeFirst()

/** Under which decision a window was planned; it never changes. */
export const decisionOf = async (db: Tx, windowId: string): Promise<string | undefined> => {
  const row = await db
    .selectFrom('maintenance_windows')
    .select('decision_id')
    .where('id', '=', windowId)
    .executeTakeFirst()
  return row?.decision_id
}

export const windowsUnder = async (db: Tx, decisionId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('maintenance_windows')
    .select('id')
    .where('decision_id', '=', decisionId)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** A window that keeps quiet now. @property number of its decision */
export type WindowInForce = {
  readonly id: string
  readonly decisionId: string
  readonly number: number
  readonly scope: AlertScope
  readonly endsAt: number
}

/** A decision that is not decided, ended, or past its time keeps nothing quiet, whatever was planned under it. */
const covers = (at: number) => sql`
  (d.status = 'decided' or (d.status = 'break-glass-owed' and d.write_up_by > ${at}::bigint))
  and (d.valid_until is null or d.valid_until > ${at}::bigint)`

const inForce = (at: number) => sql`
  w.ended_at is null and w.starts_at <= ${at}::bigint and w.ends_at > ${at}::bigint and ${covers(at)}`

/** A list of `WindowInForce` as one value, for a question that asks for more. @param environmentId an expression */
export const windowsInForce = (environmentId: RawBuilder<unknown>, at: number): RawBuilder<unknown> => sql`
  (select json_agg(json_build_object('id', w.id, 'decisionId', d.id, 'number', d.number, 'scope', w.scope,
                                     'endsAt', w.ends_at) order by w.ends_at desc, w.id)
   from maintenance_windows w join decisions d on d.id = w.decision_id
   where w.environment_id = ${environmentId} and ${inForce(at)})`

/** Of these windows, those that still keep quiet, held until the transaction ends: nobody ends them meanwhile. */
export const holdInForce = async (db: Tx, windowIds: readonly string[], at: number): Promise<Set<string>> => {
  const { rows } = await sql<{ id: string }>`
    select w.id from maintenance_windows w join decisions d on d.id = w.decision_id
    where w.id = any(${windowIds}::uuid[]) and ${inForce(at)} order by w.id for share of w`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

export type WindowListRow = WindowRow & {
  environment_slug: string
  environment_name: string
  planned_by_name: string
  suppresses: boolean
  suppressed_count: number
}

type FindBy = {
  readonly id?: string
  readonly environment?: string
  readonly decision?: string
  readonly current?: boolean
  readonly before?: Keyset
  readonly limit: number
}

/** Those that begin last first. @param at for what keeps quiet now */
export const findWindows = async (db: Db, by: FindBy, at: number): Promise<WindowListRow[]> => {
  const wanted = [
    by.id ? sql`w.id = ${by.id}::uuid` : undefined,
    by.environment ? sql`e.slug = ${by.environment}` : undefined,
    by.decision ? sql`w.decision_id = ${by.decision}::uuid` : undefined,
    by.current ? sql`w.ended_at is null` : undefined,
    by.before ? sql`(w.starts_at, w.id) < (${by.before[0]}::bigint, ${by.before[1]}::uuid)` : undefined,
  ].filter((condition) => condition !== undefined)
  const { rows } = await sql<WindowListRow>`
    select w.*, e.slug as environment_slug, e.name as environment_name, a.name as planned_by_name,
           (${inForce(at)}) as suppresses,
           (select count(*) from suppressed_alerts s where s.window_id = w.id) as suppressed_count
    from maintenance_windows w join environments e on e.id = w.environment_id
    join decisions d on d.id = w.decision_id join accounts a on a.id = w.planned_by
    where ${wanted.length === 0 ? sql`true` : sql.join(wanted, sql` and `)}
    order by w.starts_at desc, w.id desc limit ${by.limit}`.execute(db)
  return rows
}

export type SuppressedRow = {
  readonly id: string
  readonly name: string
  readonly summary: string
  readonly priority: number
  readonly status: 'open' | 'acknowledged' | 'closed'
  readonly suppressedAt: number
}

export const findSuppressed = async (db: Db, windowId: string, limit: number): Promise<SuppressedRow[]> => {
  const { rows } = await sql<SuppressedRow>`
    select a.id, a.name, a.summary, a.priority, a.status, s.suppressed_at as "suppressedAt"
    from suppressed_alerts s join alerts a on a.id = s.alert_id
    where s.window_id = ${windowId}::uuid order by a.priority, s.suppressed_at, a.id limit ${limit}`.execute(
    db,
  )
  return rows
}
