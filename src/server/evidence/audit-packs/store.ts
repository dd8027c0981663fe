/** SQL of audit packs: the request, its progress, its end. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database.ts'
import type { Keyset } from '../../platform/keyset.ts'

export type PackEnd = { readonly log: string; readonly size: number }
export type PackRow = {
  id: string
  customer_id: string | null
  environment_ids: string[]
  requested_by: string
  requested_event_id: string
  requested_at: number
  from_at: number
  to_at: number
  status: 'building' | 'ready' | 'failed' | 'withdrawn'
  outcome_event_id: string | null
  ended_at: number | null
  size: number | null
  sha256: Buffer | null
  entries: number | null
  ends: readonly PackEnd[]
}

declare module '../../platform/database.ts' {
  interface Tables {
    audit_packs: PackRow
    audit_pack_progress: { pack_id: string; step: string; updated_at: number }
  }
}

export type NewPack = Pick<
  PackRow,
  | 'id'
  | 'customer_id'
  | 'environment_ids'
  | 'requested_by'
  | 'requested_event_id'
  | 'requested_at'
  | 'from_at'
  | 'to_at'
>

export const insertPack = async (db: Tx, row: NewPack): Promise<void> => {
  await db
    .insertInto('audit_packs')
    .values({
      ...row,
      status: 'building',
      outcome_event_id: null,
      ended_at: null,
      size: null,
      sha256: null,
      entries: null,
      ends: sql`'[]'::jsonb` as never,
    })
    .execute()
}

export const lockPack = (db: Tx, packId: string): Promise<PackRow | undefined> =>
  db.selectFrom('audit_packs').selectAll().where('id', '=', packId).forUpdate().executeTakeFirst()

export type PackEnding = {
  readonly status: 'ready' | 'failed' | 'withdrawn'
  readonly outcome_event_id: string
  readonly ended_at: number
  readonly size?: number
  readonly sha256?: Buffer
  readonly entries?: number
  readonly ends?: readonly PackEnd[]
}

export const endPack = async (db: Tx, packId: string, { ends, ...ending }: PackEnding): Promise<void> => {
  await db
    .updateTable('audit_packs')
    .set({ ...ending, ...(ends ? { ends: sql`${JSON.stringify(ends)}::jsonb` as never } : {}) })
    .where('id', '=', packId)
    .execute()
  await db.deleteFrom('audit_pack_progress').where('pack_id', '=', packId).execute()
}

export const noteStep = async (db: Db, packId: string, step: string, now: number): Promise<void> => {
  await sql`
    insert into audit_pack_progress (pack_id, step, updated_at)
    select id, ${step}, ${now}::bigint from audit_packs where id = ${packId}::uuid and status = 'building'
    on conflict (pack_id) do update set step = excluded.step, updated_at = excluded.updated_at`.execute(db)
}

export type PackViewRow = PackRow & {
  readonly step: string | null
  readonly requested_disclosures: string[]
  readonly outcome_disclosures: string[]
  readonly environments: { id: string; slug: string; name: string }[]
}

const selectPacks = sql`
  select p.*, g.step, coalesce(r.disclosures, '{}') as requested_disclosures, coalesce(o.disclosures, '{}') as outcome_disclosures,
         coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'slug', e.slug, 'name', e.name) order by e.slug)
                   from environments e where e.id = any(p.environment_ids)), '[]') as environments
  from audit_packs p
  left join audit_pack_progress g on g.pack_id = p.id
  left join event_bodies r on r.event_id = p.requested_event_id
  left join event_bodies o on o.event_id = p.outcome_event_id`

export const findPack = async (db: Db | Tx, packId: string): Promise<PackViewRow | undefined> => {
  const { rows } = await sql<PackViewRow>`${selectPacks} where p.id = ${packId}::uuid`.execute(db)
  return rows[0]
}

export const findPacks = async (db: Db, limit: number, before?: Keyset): Promise<PackViewRow[]> => {
  const [at, id] = before ?? [null, null]
  const { rows } = await sql<PackViewRow>`
    ${selectPacks}
    where ${at}::bigint is null or (p.requested_at, p.id) < (${at}::bigint, ${id}::uuid)
    order by p.requested_at desc, p.id desc limit ${limit}`.execute(db)
  return rows
}

/** Packs that show an environment (null: the organisation's log) and are or may become downloadable; locked. */
export const lockPacksOf = async (db: Tx, environmentId: string | null): Promise<PackRow[]> => {
  const { rows } = await sql<PackRow>`
    select * from audit_packs
    where status in ('building', 'ready')
      and case when ${environmentId}::uuid is null then environment_ids = '{}' else ${environmentId}::uuid = any(environment_ids) end
    order by id for update`.execute(db)
  return rows
}

export const lockPacksEndedBefore = async (db: Tx, at: number): Promise<PackRow[]> =>
  db
    .selectFrom('audit_packs')
    .selectAll()
    .where('status', '=', 'ready')
    .where('ended_at', '<', at)
    .orderBy('id')
    .forUpdate()
    .execute()

/** Sizes of a log at which earlier packs ended: their readers may ask whether this one follows from theirs. */
export const findEarlierEnds = async (db: Db | Tx, logId: string, below: number): Promise<number[]> => {
  const { rows } = await sql<{ size: number }>`
    select distinct (e ->> 'size')::bigint as size from audit_packs p, jsonb_array_elements(p.ends) e
    where e ->> 'log' = ${logId} and (e ->> 'size')::bigint between 1 and ${below - 1}::bigint
    order by size desc limit 200`.execute(db)
  return rows.map((row) => row.size)
}

/** Whether somebody took this pack away a moment ago: once more is the same taking. */
export const wasDownloadedSince = async (
  db: Tx,
  packId: string,
  by: string,
  since: number,
): Promise<boolean> => {
  const row = await db
    .selectFrom('events')
    .select('id')
    .where('stream_id', '=', packId)
    .where('type', '=', 'evidence.downloaded')
    .where('actor_id', '=', by)
    .where('at', '>', since)
    .executeTakeFirst()
  return row !== undefined
}
