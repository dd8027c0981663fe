/** One consistent look at every table, however long the reading takes and whatever is written meanwhile. */
import { advisoryLocks } from '../../platform/advisory-locks.ts'
import type { Pool, PoolClient } from 'pg'
import type { BackupHead, LedgerHead } from '../../../domain/installation/backup/format.ts'
import { copyOut } from './copy.ts'

/** Arbitrary but fixed: one backup is taken at a time. */

export type Snapshot = {
  readonly tables: BackupHead['tables']
  readonly migrations: BackupHead['migrations']
  readonly postgres: string
  readonly sequences: readonly { readonly name: string; readonly value: number }[]
  readonly ledger: readonly LedgerHead[]
  readonly rowsOf: (table: BackupHead['tables'][number]) => AsyncGenerator<Buffer, number>
  /** Names of stored files, in order, some at a time. */
  readonly blobNames: () => AsyncGenerator<readonly string[]>
  /** May be called again. `midway`: reading ended before its end, and the connection is of no use any more. */
  readonly close: (midway: boolean) => Promise<void>
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Every table but `migrations`, which a restore writes by migrating. Left out of a table are columns that the database
 * fills by itself: generated ones, and the transaction's number (an order of the old database only; the restored rows
 * get the number of the restore, so that what comes later is later).
 */
const findTables = async (client: PoolClient): Promise<BackupHead['tables']> => {
  const { rows } = await client.query<{ name: string; columns: string[] }>(`
    select c.relname as name, array(
      select a.attname::text from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        and not (a.atttypid = 'xid8'::regtype and coalesce(pg_get_expr(d.adbin, d.adrelid), '') = 'pg_current_xact_id()')
      order by a.attnum) as columns
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> 'migrations'
    order by c.relname`)
  return rows
}

/** What numbers were given out: more than the snapshot's rows hold, never fewer. */
const findSequences = async (client: PoolClient): Promise<Snapshot['sequences']> => {
  const { rows } = await client.query<{ name: string; value: number }>(`
    select sequencename as name, last_value as value from pg_sequences
    where schemaname = current_schema() and last_value is not null order by 1`)
  return rows
}

const findLedgerHeads = async (client: PoolClient): Promise<LedgerHead[]> => {
  const { rows } = await client.query<{ log: string; origin: string; size: number; root: Buffer }>(`
    select l.id as log, l.origin, h.size, h.root from ledger_heads h join ledger_logs l on l.id = h.log_id order by l.id`)
  return rows.map((row) => ({ ...row, root: row.root.toString('base64') }))
}

const NAMES_AT_ONCE = 1_000

async function* namesOfBlobs(client: PoolClient): AsyncGenerator<readonly string[]> {
  for (let after = ''; ;) {
    const { rows } = await client.query<{ name: string }>(
      'select name from blobs where name > $1 order by name limit $2',
      [after, NAMES_AT_ONCE],
    )
    if (rows.length === 0) return
    yield rows.map(({ name }) => name)
    after = rows.at(-1)?.name ?? ''
  }
}

/** The connection goes with its settings; its lock is given back before, so that the next backup finds it free. */
const close = async (client: PoolClient, midway: boolean): Promise<void> => {
  try {
    if (!midway) await client.query(`rollback; select pg_advisory_unlock(${advisoryLocks.backup})`)
  } finally {
    client.release(true)
  }
}

/**
 * @param beforehand runs when it is our turn and before the look is taken, so that what it commits is part of it
 * @returns undefined when another backup is under way, in whatever process
 */
export const openSnapshot = async (
  pool: Pool,
  beforehand: () => Promise<void>,
): Promise<Snapshot | undefined> => {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
      advisoryLocks.backup,
    ])
    if (rows[0]?.mine !== true) {
      client.release()
      return undefined
    }
    await beforehand()
    await client.query('begin isolation level repeatable read, read only')
    // A slow reader is no reason to give up, and rows must read the same whatever this server's settings are.
    await client.query(`
      set local idle_in_transaction_session_timeout = 0; set local statement_timeout = 0; set local datestyle = 'ISO, YMD';
      set local intervalstyle = 'postgres'; set local bytea_output = 'hex'; set local timezone = 'UTC';
      set local extra_float_digits = 1; set local client_encoding = 'UTF8'`)
    const tables = await findTables(client)
    // From here on no migration changes a table under our hands; readers and writers are not in the way.
    await client.query(`lock table ${tables.map(({ name }) => quoted(name)).join(', ')} in access share mode`)
    const version = await client.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    )
    const migrations = await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from migrations order by name',
    )
    let closed: Promise<void> | undefined
    return {
      tables,
      migrations: migrations.rows,
      postgres: version.rows[0]?.version ?? '',
      sequences: await findSequences(client),
      ledger: await findLedgerHeads(client),
      rowsOf: ({ name, columns }) =>
        copyOut(client, `copy (select ${columns.map(quoted).join(', ')} from ${quoted(name)}) to stdout`),
      blobNames: () => namesOfBlobs(client),
      close: (midway) => (closed ??= close(client, midway)),
    }
  } catch (error) {
    client.release(true)
    throw error
  }
}
