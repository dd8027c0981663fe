/** The process of the watch: a connection of its own and nothing of the engine, so that nothing of the engine takes it along. */
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { serverReachesDatabase } from './ask-server.ts'
import { databaseClock } from '../platform/clock.ts'
import { uuidv7 } from '../platform/ids.ts'
import { openLog, type Log } from '../platform/log.ts'
import { isBreaking, readMigrations } from '../platform/migrate.ts'
import { projectRoot } from '../platform/project-root.ts'
import { openSchemaFence } from '../platform/schema-fence.ts'
import { VERSION } from '../platform/version.ts'
import { openHeartbeatOut } from './heartbeat-out.ts'
import { readWatchSettings } from './settings.ts'
import { openConnection, putEndOfLife } from './store.ts'
import { openTell } from './tell-administrators.ts'
import { LOOK_EVERY_MS, openWatch } from './watch.ts'

const DISCIPLINE_EVERY = 12
/** Started by a parent (main.ts) whose end shows as the end of our standard input. */
const CHILD_MARK = 'FORTNIGHT_CHILD'
/**
 * A parent that was killed takes the engine with it and starts nobody again: that is when a watch is needed. It stays
 * until it could say so, or until another engine is alive, and at most this long.
 */
const STAY_ALONE_MS = 5 * 60_000
/** A killed engine looks alive until it has missed its signs of life; and a new one needs time to start. */
const BEFORE_BELIEVING_MS = 45_000

const stays = (aloneSinceMs: number | undefined, engineAlive: boolean | undefined): boolean => {
  if (aloneSinceMs === undefined) return true
  const aloneMs = performance.now() - aloneSinceMs
  return aloneMs < BEFORE_BELIEVING_MS || (aloneMs < STAY_ALONE_MS && engineAlive !== true)
}

/** @returns asked: SIGTERM or SIGINT, leave now; alone: the parent is gone */
const listenForTheEnd = (wake: () => void) => {
  const end = { asked: false, aloneSinceMs: undefined as number | undefined }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      end.asked = true
      wake()
    })
  const alone = (): void => {
    end.aloneSinceMs ??= performance.now()
  }
  if (process.env[CHILD_MARK]) process.stdin.resume().on('end', alone).on('error', alone)
  return end
}

const run = async (log: Log): Promise<void> => {
  const settings = readWatchSettings(process.env)
  const migrations = await readMigrations(join(projectRoot, 'migrations'))
  const fence = openSchemaFence(migrations.filter(isBreaking).map(({ name }) => name))
  const pool = openConnection(settings.connectionString, fence)
  const clock = databaseClock(pool)
  const ids = uuidv7()
  const about = { id: ids.next(Date.now()), host: hostname(), pid: process.pid, version: VERSION }
  const tell = openTell(settings.mail, settings.baseUrl)
  const watch = openWatch({
    pool,
    clock,
    ids,
    log,
    baseUrl: settings.baseUrl,
    pagesByMail: settings.pagesByMail,
    canTell: settings.mail.SMTP_URL !== undefined,
    tell,
    serverReachesDatabase: () => serverReachesDatabase(settings.serverAddresses),
    about,
  })
  const heartbeat = openHeartbeatOut(settings.heartbeat, log)
  const waking = new AbortController()
  const end = listenForTheEnd(() => waking.abort())
  void fence.outdated.then((sentence) => {
    log.warn(sentence)
    end.asked = true
    waking.abort()
  })
  for (let looks = 0; !end.asked && stays(end.aloneSinceMs, watch.engineAlive()); looks++) {
    if (looks % DISCIPLINE_EVERY === 0)
      await clock
        .discipline()
        .catch((error: Error) => log.warn({ err: error.message }, 'no clock to compare with'))
    await watch.look()
    await heartbeat(watch.pagingHealthy(), clock.now())
    await fence.look(pool).catch(() => undefined)
    await pause(LOOK_EVERY_MS, undefined, { signal: waking.signal }).catch(() => undefined)
  }
  await putEndOfLife(pool, about.id, clock.now()).catch(() => undefined)
  await pool.end().catch(() => undefined)
}

const log = openLog(process.env['LOG_LEVEL'] || 'info', 'watch')
run(log).then(
  () => process.exit(0),
  (error: Error) => {
    log.error({ err: error.message }, 'the watch could not start')
    process.exit(1)
  },
)
