/** SQL of alerts put together by labels, and of how many a question finds: piece after piece, newest first, as the list is read. */
import { sql, type RawBuilder } from 'kysely'
import type { GroupKey, GroupValue } from '../../../domain/operations/alerts/grouping.ts'
import type { Db } from '../../platform/database.ts'
import type { Keyset } from '../../platform/keyset.ts'
import { newestSql, planOfList, type ListBy } from './list-store.ts'
import { querySql } from './query-store.ts'

/** Rows looked at for one part of an answer: the first is to be there at once, the others may take four times as long. */
const FIRST_LOOKED_AT = 5_000
const MOST_LOOKED_AT = 20_000
/** Of one part; the worst and largest first. */
const MOST_GROUPS = 1_000

export type FoundGroup = {
  readonly values: GroupValue[]
  readonly count: number
  readonly acknowledged: number
  readonly priority: number
  readonly newestAt: number
}
type Part = {
  readonly groups: readonly FoundGroup[]
  readonly looked: number
  /** Groups of this part that are not told. */
  readonly left: number
  readonly lookedTo: Keyset | null
}

const valueSql = (key: GroupKey): RawBuilder<unknown> => {
  switch (key.kind) {
    case 'environment':
      return sql`(select e.slug from environments e where e.id = a.environment_id)`
    case 'priority':
      return sql`'P' || a.priority`
    case 'label':
      return sql`a.labels ->> ${key.name}::text`
  }
}

type Row = { [K in keyof FoundGroup]: FoundGroup[K] | null } & {
  looked: number
  groups: number
  last_at: number | null
  last_id: string | null
}

/** One statement: the piece is read once, and told even when nothing in it fits. */
export const findGroups = async (
  db: Db,
  by: ListBy & { readonly keys: readonly GroupKey[] },
): Promise<Part> => {
  const most = by.mostLookedAt ?? (by.before ? MOST_LOOKED_AT : FIRST_LOOKED_AT)
  const { first, looked } = planOfList(by)
  const fits = looked === null ? sql`true` : querySql(looked, by.asking)
  const values = sql.join(by.keys.map((key) => valueSql(key)))
  const { rows } = await sql<Row>`
    with piece as materialized (
      select a.opened_at, a.id, a.status, a.priority, a.environment_id, ${fits} as fits, array[${values}] as "values"
      from (${newestSql({ ...by, query: first })} limit ${most}::int) a),
    grouped as (
      select "values", count(*) as count, count(*) filter (where status = 'acknowledged') as acknowledged,
             min(priority) as priority, max(opened_at) as newest
      from piece where fits group by "values"),
    worst as (select * from grouped order by priority, count desc, newest desc limit ${MOST_GROUPS}::int),
    last as (select opened_at, id from piece order by opened_at, id limit 1)
    select w."values", w.count, w.acknowledged, w.priority, w.newest as "newestAt",
           (select count(*) from piece) as looked, (select count(*) from grouped) as groups,
           (select opened_at from last) as last_at, (select id from last) as last_id
    from (select 1) one left join worst w on true
    order by w.priority, w.count desc, w.newest desc`.execute(db)
  const [row] = rows
  const groups = rows.filter((each): each is Row & FoundGroup => each.values !== null)
  const stopped = row !== undefined && row.looked === most && row.last_at !== null && row.last_id !== null
  return {
    groups,
    looked: row?.looked ?? 0,
    left: (row?.groups ?? 0) - groups.length,
    lookedTo: stopped ? [row.last_at as number, row.last_id as string] : null,
  }
}

/** How many of the newest `most` alerts it finds; `isAll` when there were no more to look at. */
export const countFound = async (
  db: Db,
  by: ListBy,
  most: number,
): Promise<{ readonly count: number; readonly isAll: boolean }> => {
  const { first, looked } = planOfList(by)
  const fits = looked === null ? sql`true` : querySql(looked, by.asking)
  const { rows } = await sql<{ count: number; looked: number }>`
    select count(*) filter (where ${fits}) as count, count(*) as looked
    from (${newestSql({ ...by, query: first })} limit ${most}::int) a`.execute(db)
  const [row] = rows
  return { count: row?.count ?? 0, isAll: (row?.looked ?? 0) < most }
}
