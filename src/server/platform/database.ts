/** The pool and the query builder. Areas add their tables to `Tables` by declaration merging, each beside its store. */
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { Log } from './log.ts'
import { prepareMarked } from './prepared.ts'
import { Outdated, type SchemaFence } from './schema-fence.ts'

/** Merged by each area's store.ts: `declare module '../platform/database.ts' { interface Tables { … } }`. */
// eslint-disable-next-line typescript/no-empty-object-type
export interface Tables {}

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

// bigint columns hold epoch milliseconds and counts, all below 2^53; anything larger would be a bug worth a crash.
pg.types.setTypeParser(20, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} is beyond 2^53`)
  return value
})
// A date is a calendar day, not an instant: keep its text.
pg.types.setTypeParser(1082, (text) => text)

export type Database = {
  readonly pool: pg.Pool
  readonly db: Db
  readonly close: () => Promise<void>
  /**
   * The role under which contacts and integrations work; undefined where this login may not use it. Row-level security
   * then still confines them by the transaction's setting, because it is forced on the tables' owner, too.
   */
  readonly tenantRole: () => Promise<string | undefined>
  /** Undefined where the schema is only being made. */
  readonly fence?: SchemaFence
}

const TENANT_ROLE = 'fortnight_tenant'

/** @throws Error when neither the role nor row-level security would hold a tenant back */
const findTenantRole = async (pool: pg.Pool): Promise<string | undefined> => {
  const { rows } = await pool.query<{ usable: boolean; unconfined: boolean }>(
    `select coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = $1), false) as usable,
            (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as unconfined`,
    [TENANT_ROLE],
  )
  if (rows[0]?.usable) return TENANT_ROLE
  if (rows[0]?.unconfined)
    throw new Error(`The database has no role ${TENANT_ROLE}, without which customers could see each other.`)
  return undefined
}

const LONGEST_IDLE_TRANSACTION_MS = 60_000

/** Opens a pool. Errors of idle connections are logged, not thrown: the next query meets a fresh connection. */
export const openDatabase = (
  connectionString: string,
  size: number,
  log: Log,
  fence?: SchemaFence,
): Database => {
  const pool = new pg.Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // A transaction whose process hangs would hold back everybody's live feed and locks.
    idle_in_transaction_session_timeout: LONGEST_IDLE_TRANSACTION_MS,
    application_name: 'fortnight',
    // Awaited by pg-pool, whatever its types say: nobody gets a connection that may not work on this schema.
    ...(fence ? { onConnect: (client) => fence.join(client) } : {}),
  })
  // The pool says that it has ended before the last connection has: a database that stops then cuts it off, as we wanted.
  const tellLost = (error: Error, what: string): void => {
    if (!closed) log.warn({ err: error.message }, what)
  }
  pool.on('error', (error) => tellLost(error, 'an idle database connection was lost'))
  pool.on('connect', (client) => {
    prepareMarked(client)
    client.on('error', (error) => tellLost(error, 'a database connection was lost'))
  })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let closed: Promise<void> | undefined
  let role: Promise<string | undefined> | undefined
  const tenantRole = (): Promise<string | undefined> =>
    (role ??= findTenantRole(pool).catch((error: unknown) => {
      role = undefined
      throw error
    }))
  return { pool, db, close: () => (closed ??= db.destroy()), tenantRole, ...(fence ? { fence } : {}) }
}

/** SQLSTATEs after which the same transaction may simply be tried again. */
export const isRetryable = (error: unknown): boolean =>
  ['40001', '40P01'].includes((error as { code?: string } | null)?.code ?? '')

/** Shut down, crashed, starting; connection lost, refused or too many; cut off while idle in a transaction (25P03). */
const CONNECTION_STATES = ['57P01', '57P02', '57P03', '08000', '08003', '08006', '08001', '53300', '25P03']

/** True when the database is away (not when it refused what we asked): the caller answers 503. */
export const isDatabaseAway = (error: unknown): boolean => {
  if (error instanceof Outdated) return true
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string }
  return (
    CONNECTION_STATES.includes(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(code) ||
    /Connection terminated|not currently accepting connections|timeout exceeded when trying to connect|Cannot use a pool after|not queryable/.test(
      message,
    )
  )
}

/** 53100 disk full, 53200 out of memory: nothing was stored, the sender should try again later. */
export const isDatabaseFull = (error: unknown): boolean =>
  ['53100', '53200'].includes((error as { code?: string } | null)?.code ?? '')

/** 22021 and 22P05: a character that text or jsonb cannot hold (NUL, half a surrogate pair) came past the shapes. */
export const isUnstorable = (error: unknown): boolean =>
  ['22021', '22P05'].includes((error as { code?: string } | null)?.code ?? '')
