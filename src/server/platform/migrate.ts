/** Brings the schema up to date; safe when twenty processes start at once, and refuses a schema from the future. */
import { advisoryLocks } from './advisory-locks.ts'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientBase, Pool } from 'pg'
import { waitForOlderProcesses } from './schema-fence.ts'

export type Migration = {
  readonly name: string
  readonly number: number
  readonly sql: string
  readonly sha256: string
}

/** `-- breaking` on the first line: processes of older versions must not run beside it. */
export const isBreaking = (migration: Migration): boolean => /^-- breaking\b/.test(migration.sql)

export const readMigrations = async (folder: string): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8')
      const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1])
      if (!Number.isInteger(number)) throw new Error(`migrations/${name}: names are NNNN-area.sql`)
      return { name, number, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/** What was applied here; makes the table that remembers it. */
export const appliedMigrations = async (
  client: ClientBase,
): Promise<Map<string, { sha256: string; breaking: boolean }>> => {
  await client.query(`create table if not exists migrations (
    name text primary key, sha256 text not null, breaking boolean not null, applied_by text not null)`)
  await client.query(`comment on table migrations is 'class: machinery'`)
  const { rows } = await client.query<{ name: string; sha256: string; breaking: boolean }>(
    'select * from migrations',
  )
  return new Map(rows.map((row) => [row.name, row]))
}

/** Unknown newer migrations are fine (version N beside N−1) unless one of them is breaking. */
const refuseWhatWeCannotRunBeside = (
  known: readonly Migration[],
  done: Awaited<ReturnType<typeof appliedMigrations>>,
): void => {
  const ours = new Map(known.map((migration) => [migration.name, migration]))
  for (const [name, row] of done) {
    const migration = ours.get(name)
    if (!migration && row.breaking) {
      throw new Error(
        `This version of Fortnight is older than the database: it does not know the breaking migration ${name}. Start the newer version.`,
      )
    }
    if (migration && migration.sha256 !== row.sha256) {
      throw new Error(
        `migrations/${name} was changed after it was applied. Restore the file; changes go into a new migration.`,
      )
    }
  }
}

/** Runs one file and notes it, in the transaction that the caller has opened. */
export const applyMigration = async (
  client: ClientBase,
  migration: Migration,
  version: string,
): Promise<void> => {
  try {
    await client.query(migration.sql)
    await client.query('insert into migrations values ($1, $2, $3, $4)', [
      migration.name,
      migration.sha256,
      isBreaking(migration),
      version,
    ])
  } catch (error) {
    throw new Error(`migrations/${migration.name} failed: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Applies what is missing, each file in its own transaction. Before a breaking one, processes of older versions are made
 * to stop. Returns the names applied by this call.
 * @param pool of connections that have not joined the schema's fence: we would wait for ourselves
 */
export const migrate = async (
  pool: Pool,
  migrations: readonly Migration[],
  version: string,
  { patienceMs }: { readonly patienceMs?: number } = {},
): Promise<string[]> => {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.migration])
    const done = await appliedMigrations(client)
    refuseWhatWeCannotRunBeside(migrations, done)
    const missing = migrations.filter((migration) => !done.has(migration.name))
    if (missing.some(isBreaking)) await waitForOlderProcesses(client, patienceMs)
    for (const migration of missing) {
      await client.query('begin')
      try {
        await applyMigration(client, migration, version)
        await client.query('commit')
      } catch (error) {
        // Where the connection itself broke, this fails too, and the first fault is the one to tell.
        await client.query('rollback').catch(() => undefined)
        throw error
      }
    }
    return missing.map((migration) => migration.name)
  } finally {
    for (const lock of [advisoryLocks.schema, advisoryLocks.migration])
      await client.query('select pg_advisory_unlock($1)', [lock]).catch(() => undefined)
    client.release()
  }
}

export const schemaVersion = (migrations: readonly Migration[]): number => migrations.at(-1)?.number ?? 0
