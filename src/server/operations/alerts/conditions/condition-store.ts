/** SQL of what conditions name: customers and environments, by id and by slug. */
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database.ts'

export type Slugs = { readonly ids: ReadonlyMap<string, string>; readonly slugs: ReadonlyMap<string, string> }

type Row = { readonly id: string; readonly slug: string }
export const slugsOf = (rows: readonly Row[]): Slugs => ({
  ids: new Map(rows.map(({ id, slug }) => [slug, id])),
  slugs: new Map(rows.map(({ id, slug }) => [id, slug])),
})

/** Slugs to ids and back of everything that conditions may name. */
export const slugsForConditions = async (
  db: Db | Tx,
): Promise<Readonly<Record<'customers' | 'environments', Slugs>>> => {
  const [customers, environments] = await Promise.all(
    (['customers', 'environments'] as const).map((table) =>
      db.selectFrom(table).select(['id', 'slug']).execute(),
    ),
  )
  return { customers: slugsOf(customers ?? []), environments: slugsOf(environments ?? []) }
}

export type Named = { readonly name: string; readonly archived: boolean }

/** Names of what conditions mention, by id; `archived`: it must not be mentioned anew. */
export const namedByConditions = async (
  db: Db | Tx,
  ids: { readonly customers: readonly string[]; readonly environments: readonly string[] },
): Promise<ReadonlyMap<string, Named>> => {
  const { rows } = await sql<Named & { id: string }>`
    select id, name, archived_at is not null as archived from customers where id = any(${ids.customers}::uuid[])
    union all
    select id, name, archived_at is not null from environments where id = any(${ids.environments}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map(({ id, ...named }) => [id, named]))
}
