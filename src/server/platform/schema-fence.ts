/**
 * Keeps processes away from a schema they do not know. Every connection of a running process shares one lock; whoever
 * applies a breaking migration takes it alone, so that no older process can write any more when the schema changes.
 */
import type { ClientBase, Pool } from 'pg'
import { advisoryLocks } from './advisory-locks.ts'

const SENTENCE =
  'A newer version of Fortnight changes the database in a way that this version cannot work with. This process stops; start the newer version.'

/** The caller is answered 503: another process, or this one's successor, will do it. */
export class Outdated extends Error {}

export type SchemaFence = {
  /** For each new connection, before anybody gets it. @throws Outdated */
  readonly join: (client: ClientBase) => Promise<void>
  /** Whether somebody waits for us to leave. */
  readonly look: (pool: Pool) => Promise<void>
  readonly isOutdated: () => boolean
  /** Resolves, with the sentence for the operator, when this process has to stop. */
  readonly outdated: Promise<string>
}

/** pg_locks shows a lock of one number as its upper and lower half (classid, objid). */
const OURS = `locktype = 'advisory' and classid = 0 and objid = ${advisoryLocks.schema} and objsubid = 1
  and database = (select oid from pg_database where datname = current_database())`

/** @param known names of the breaking migrations that this version has */
export const openSchemaFence = (known: readonly string[]): SchemaFence => {
  const { promise: outdated, resolve } = Promise.withResolvers<string>()
  let over = false
  const end = (): void => {
    over = true
    resolve(SENTENCE)
  }
  return {
    join: async (client) => {
      const { rows } = await client.query<{ joined: boolean; breaking: string[] }>(
        `select pg_try_advisory_lock_shared($1) as joined, array(select name from migrations where breaking) as breaking`,
        [advisoryLocks.schema],
      )
      const { joined, breaking } = rows[0] ?? { joined: false, breaking: [] }
      if (joined && breaking.every((name) => known.includes(name))) return
      end()
      throw new Outdated(SENTENCE)
    },
    look: async (pool) => {
      const { rows } = await pool.query(
        `select 1 from pg_locks where ${OURS} and mode = 'ExclusiveLock' limit 1`,
      )
      if (rows.length > 0) end()
    },
    isOutdated: () => over,
    outdated,
  }
}

/** Older processes are asked, see it within a sign of life, and take half a minute at most to finish what they do. */
const PATIENCE_MS = 45_000
const MOST_TRIES = 5

/**
 * Waits until no process works on this schema; those that do not leave in time lose their connections, and get no new
 * ones while somebody waits here. The caller unlocks when the migration has committed.
 */
export const waitForOlderProcesses = async (client: ClientBase, patienceMs = PATIENCE_MS): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      await client.query(`set lock_timeout = ${patienceMs}`)
      await client.query('select pg_advisory_lock($1)', [advisoryLocks.schema])
      return
    } catch (error) {
      const waitedLongEnough = (error as { code?: string }).code === '55P03'
      if (!waitedLongEnough || tries === MOST_TRIES) throw error
    } finally {
      await client.query('set lock_timeout = 0').catch(() => undefined)
    }
    await client.query(
      `select pg_terminate_backend(pid) from pg_locks where ${OURS} and granted and pid <> pg_backend_pid()`,
    )
  }
}
