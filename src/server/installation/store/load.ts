/** Fills an empty database from a backup, inside one transaction that somebody else opened and will end. */
import type { ClientBase } from 'pg'
import type { BackupHead, BackupManifest } from '../../../domain/installation/backup/format.ts'
import { applyMigration, appliedMigrations, type Migration } from '../../platform/migrate.ts'
import { copyIn } from './copy.ts'

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Tables of the schema we would fill. */
export const tablesThere = async (client: ClientBase): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by 1`)
  return rows.map(({ name }) => name)
}

/** Makes the schema as it was when the backup was taken; later migrations follow at the first start. */
export const makeSchema = async (
  client: ClientBase,
  migrations: readonly Migration[],
  version: string,
): Promise<void> => {
  await appliedMigrations(client)
  for (const migration of migrations) await applyMigration(client, migration, version)
}

type Guard = {
  /** Foreign keys: rows arrive table by table, in whatever order. */
  readonly keys: readonly { on: string; name: string; definition: string }[]
  /** 'O' in force, 'A' always, 'R' on replicas, 'D' never (pg_trigger.tgenabled). */
  readonly triggers: readonly { on: string; name: string; state: 'O' | 'A' | 'R' | 'D' }[]
  /** Tables whose owner, too, is confined to rows it may see: COPY refuses to write to them. */
  readonly confined: readonly { on: string }[]
}

const readGuard = async (client: ClientBase): Promise<Guard> => {
  const keys = await client.query<Guard['keys'][number]>(`
    select conrelid::regclass::text as on, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where connamespace = current_schema()::regnamespace and contype = 'f' and conparentid = 0 order by 1, 2`)
  const triggers = await client.query<Guard['triggers'][number]>(`
    select t.tgrelid::regclass::text as on, t.tgname as name, t.tgenabled as state
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal and t.tgparentid = 0 order by 1, 2`)
  const confined = await client.query<{ on: string }>(`
    select oid::regclass::text as on from pg_class
    where relnamespace = current_schema()::regnamespace and relforcerowsecurity order by 1`)
  return { keys: keys.rows, triggers: triggers.rows, confined: confined.rows }
}

const ENABLING = { O: 'enable', A: 'enable always', R: 'enable replica', D: 'disable' } as const

/**
 * Takes the guards away that would stop rows from coming in, and gives back what puts each of them in its place again.
 * Whatever happens in between, the transaction's rollback puts them back as well.
 */
export const layGuardDown = async (client: ClientBase): Promise<() => Promise<void>> => {
  const before = await readGuard(client)
  for (const { on, name } of before.keys)
    await client.query(`alter table ${on} drop constraint ${quoted(name)}`)
  for (const { on, name } of before.triggers)
    await client.query(`alter table ${on} disable trigger ${quoted(name)}`)
  for (const { on } of before.confined) await client.query(`alter table ${on} no force row level security`)
  return async () => {
    for (const { on, name, definition } of before.keys)
      await client.query(`alter table ${on} add constraint ${quoted(name)} ${definition}`)
    for (const { on, name, state } of before.triggers)
      await client.query(`alter table ${on} ${ENABLING[state]} trigger ${quoted(name)}`)
    for (const { on } of before.confined) await client.query(`alter table ${on} force row level security`)
    if (JSON.stringify(await readGuard(client)) !== JSON.stringify(before))
      throw new Error('the guards of the database could not be put back as they were')
  }
}

/** Migrations may have put rows of their own into new tables; the backup has those, too. */
export const emptyTables = async (client: ClientBase, tables: BackupHead['tables']): Promise<void> => {
  const names = tables.map(({ name }) => quoted(name)).join(', ')
  if (names !== '') await client.query(`truncate ${names}`)
}

/** @returns how many rows the database took */
export const loadRows = (
  client: ClientBase,
  table: BackupHead['tables'][number],
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> =>
  copyIn(client, `copy ${quoted(table.name)} (${table.columns.map(quoted).join(', ')}) from stdin`, bytes)

/** What was given out in the old database is not given out again. */
export const setSequences = async (
  client: ClientBase,
  sequences: BackupManifest['sequences'],
): Promise<void> => {
  for (const { name, value } of sequences)
    await client.query('select setval($1::regclass, $2)', [quoted(name), value])
}

/** Files that a row names, of those asked for. */
export const countKnownBlobs = async (client: ClientBase, names: readonly string[]): Promise<number> => {
  const { rows } = await client.query<{ n: number }>(
    'select count(*)::int as n from blobs where name = any($1::text[])',
    [names],
  )
  return rows[0]?.n ?? 0
}

export const countBlobs = async (client: ClientBase): Promise<number> => {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from blobs')
  return rows[0]?.n ?? 0
}

/**
 * From here on nothing leaves the house. Processes of the old database hold no task any more; links that were sent and
 * not used are dead, because some of them were used after the backup was taken.
 */
export const holdInstallation = async (client: ClientBase, at: number, reason: string): Promise<void> => {
  await client.query('update installation set held_at = $1, held_reason = $2, released_at = null', [
    at,
    reason,
  ])
  await client.query('update tasks set leased_by = null, lease_until_at = null where leased_by is not null')
  await client.query('update one_time_tokens set used_at = $1 where used_at is null', [at])
  await client.query('update processes set stopped_at = seen_at where stopped_at is null')
}

/** The planner knows nothing of rows that came by the million a moment ago. */
export const analyse = async (client: ClientBase): Promise<void> => {
  await client.query('analyze')
}
