/** Puts a process together: configuration, keys, database, schema, clock, wake-ups. The same for every role. */
import { join, resolve } from 'node:path'
import { databaseClock, type Clock, type DisciplinedClock } from './clock.ts'
import type { Config } from './config.ts'
import type { Platform } from './context.ts'
import { openDatabase, type Database } from './database.ts'
import { openEvidenceOutbox } from './evidence-outbox.ts'
import { holdLife } from './gone-processes.ts'
import { uuidv7, type Ids } from './ids.ts'
import type { Log } from './log.ts'
import { isBreaking, migrate, readMigrations, schemaVersion, type Migration } from './migrate.ts'
import { openNotifier } from './notify.ts'
import { announceProcess, type ProcessRow } from './processes.ts'
import { projectRoot } from './project-root.ts'
import { openReactions, type Reactions } from './reactions.ts'
import { openSchemaFence } from './schema-fence.ts'
import { openSecrets } from './secrets.ts'

import { VERSION } from './version.ts'
export { VERSION }

export { projectRoot }

export type Booted = {
  readonly platform: Platform
  readonly database: Database
  readonly process: ProcessRow
  /** Resolves with a sentence when a newer version needs the schema for itself: stop. */
  readonly outdated: Promise<string>
  readonly stop: () => Promise<void>
}

const DISCIPLINE_EVERY_MS = 60_000

/** Tests and the simulator hand in their own clock and ids; a server lets the database keep the time. */
type Given = {
  readonly config: Config
  readonly connectionString: string
  readonly roles: readonly string[]
  readonly log: Log
  readonly clock?: Clock
  readonly ids?: Ids
  /** Reactions between areas, registered by chains/ before the first request. */
  readonly chains?: (reactions: Reactions) => void
}

const keepTime = (clock: DisciplinedClock, log: Log): NodeJS.Timeout =>
  setInterval(() => {
    clock
      .discipline()
      .catch((error: Error) => log.warn({ err: error.message }, 'the clock could not be compared'))
  }, DISCIPLINE_EVERY_MS).unref()

/** Over a connection of its own, which is not counted among those that work on the schema. */
const bringUpToDate = async (
  connectionString: string,
  migrations: readonly Migration[],
  log: Log,
): Promise<string[]> => {
  const { pool } = openDatabase(connectionString, 1, log)
  try {
    return await migrate(pool, migrations, VERSION)
  } finally {
    // Not by way of Kysely: it closes only what it has used itself.
    await pool.end()
  }
}

export const boot = async (given: Given): Promise<Booted> => {
  const { config, log } = given
  const migrations = await readMigrations(join(projectRoot, 'migrations'))
  const applied = await bringUpToDate(given.connectionString, migrations, log)
  if (applied.length > 0) log.info({ applied }, 'the schema was brought up to date')
  const fence = openSchemaFence(migrations.filter(isBreaking).map(({ name }) => name))
  const database = openDatabase(given.connectionString, config.DATABASE_POOL, log, fence)

  const ownClock = given.clock ? undefined : databaseClock(database.pool)
  await ownClock?.discipline()
  const timer = ownClock && keepTime(ownClock, log)
  const clock = given.clock ?? (ownClock as Clock)
  const ids = given.ids ?? uuidv7()
  const reactions = openReactions()
  given.chains?.(reactions)
  const process = await announceProcess(database, {
    id: ids.next(clock.now()),
    roles: given.roles,
    version: VERSION,
    schemaVersion: schemaVersion(migrations),
    clock,
    offsetMs: () => ownClock?.offsetMs() ?? 0,
    log,
  })
  const notifier = openNotifier(given.connectionString, log, (client) => holdLife(client, process))
  const platform: Platform = {
    config,
    database,
    clock,
    ids,
    log,
    notifier,
    reactions,
    outbox: openEvidenceOutbox(),
    secrets: openSecrets(resolve(config.FORTNIGHT_KEYS ?? join(config.FORTNIGHT_DATA, 'keys'))),
    processId: process.id,
  }
  return {
    platform,
    database,
    process,
    outdated: fence.outdated,
    stop: async () => {
      clearInterval(timer)
      await process.leave()
      await notifier.close()
      await database.close()
    },
  }
}
