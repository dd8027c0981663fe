/** Puts a process together: configuration, keys, database, schema, clock, wake-ups. The same for every role. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { databaseClock, type Clock, type DisciplinedClock } from './clock.ts'
import type { Config } from './config.ts'
import type { Platform } from './context.ts'
import { openDatabase, type Database } from './database.ts'
import { openEvidenceOutbox } from './evidence-outbox.ts'
import { uuidv7, type Ids } from './ids.ts'
import type { Log } from './log.ts'
import { migrate, readMigrations, schemaVersion } from './migrate.ts'
import { openNotifier } from './notify.ts'
import { announceProcess, type ProcessRow } from './processes.ts'
import { openReactions, type Reactions } from './reactions.ts'
import { openSecrets } from './secrets.ts'

import { VERSION } from './version.ts'
export { VERSION }

/** Three up from here among the sources, fewer from the bundle in dist/. */
const findRoot = (folder: string): string => {
  if (existsSync(join(folder, 'migrations'))) return folder
  if (folder === dirname(folder)) throw new Error('The folder of the program has no migrations/ in it.')
  return findRoot(dirname(folder))
}
export const projectRoot = findRoot(import.meta.dirname)

export type Booted = {
  readonly platform: Platform
  readonly database: Database
  readonly process: ProcessRow
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

export const boot = async (given: Given): Promise<Booted> => {
  const { config, log } = given
  const database = openDatabase(given.connectionString, config.DATABASE_POOL, log)
  const migrations = await readMigrations(join(projectRoot, 'migrations'))
  const applied = await migrate(database.pool, migrations, VERSION)
  if (applied.length > 0) log.info({ applied }, 'the schema was brought up to date')

  const ownClock = given.clock ? undefined : databaseClock(database.pool)
  await ownClock?.discipline()
  const timer = ownClock && keepTime(ownClock, log)
  const clock = given.clock ?? (ownClock as Clock)
  const ids = given.ids ?? uuidv7()
  const notifier = openNotifier(given.connectionString, log)
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
    stop: async () => {
      clearInterval(timer)
      await process.leave()
      await notifier.close()
      await database.close()
    },
  }
}
