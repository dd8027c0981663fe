/** A database to restore into, and the one transaction in which everything of a restore becomes true or nothing does. */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { systemCtx, type Platform } from '../../platform/context.ts'
import type { Config } from '../../platform/config.ts'
import type { Database, Tables } from '../../platform/database.ts'
import { openEvidenceOutbox } from '../../platform/evidence-outbox.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { silentLog } from '../../platform/log.ts'
import { openReactions } from '../../platform/reactions.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import type { Secrets } from '../../platform/secrets.ts'

/** `client` is the connection of the transaction `tx`: rows go in by COPY, which the query builder does not speak. */
export type RestoreTx = { readonly tx: WriteTx; readonly client: pg.ClientBase }

const notNeeded = (): never => {
  throw new Error('a restore neither opens nor seals anything')
}
const noSecrets: Secrets = {
  derive: notNeeded,
  seal: notNeeded,
  open: notNeeded,
  ledgerKey: undefined,
  get pushKey() {
    return notNeeded()
  },
  folder: '',
}

type Opened = { readonly database: Database; readonly client: () => pg.ClientBase }

/** One connection, which we can reach below the query builder. */
const openOne = (connectionString: string): Opened => {
  const pool = new pg.Pool({ connectionString, max: 1, application_name: 'fortnight restore' })
  pool.on('error', () => undefined)
  let last: pg.PoolClient | undefined
  const connect = async (): Promise<pg.PoolClient> => {
    last = await pool.connect()
    return last
  }
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end() } as never }),
  })
  return {
    database: { pool, db, close: () => db.destroy(), tenantRole: async () => undefined },
    client: () => {
      if (!last) throw new Error('no transaction is open')
      return last
    },
  }
}

/** Runs `work` in one write transaction and commits; any error rolls everything back. `after` runs when it is committed. */
export const restoreInto = async <T>(
  connectionString: string,
  config: Config,
  work: (restoring: RestoreTx) => Promise<T>,
  after: (client: pg.ClientBase) => Promise<void>,
): Promise<T> => {
  const { database, client } = openOne(connectionString)
  const ids = uuidv7()
  const clock = { now: Date.now }
  const platform: Platform = {
    config,
    database,
    clock,
    ids,
    log: silentLog(),
    notifier: {
      say: () => undefined,
      hear: () => undefined,
      close: async () => undefined,
      listening: () => false,
    },
    reactions: openReactions(),
    outbox: openEvidenceOutbox(),
    secrets: noSecrets,
    processId: ids.next(clock.now()),
  }
  try {
    const done = await record(systemCtx(platform, 'restore'), (tx) => work({ tx, client: client() }))
    const free = await database.pool.connect()
    await after(free).finally(() => free.release())
    return done
  } finally {
    await database.close()
  }
}
