/** `npm start`: brings up the database when none is given, then serves; worker and watch run as children of their own. */
import { flushCompileCache } from 'node:module'
import { join, resolve } from 'node:path'
import { refuseUnfinishedRestore } from './installation/restored-folder.ts'
import { CHILD_MARK, GRACE_MS, keepChild, type ChildRole } from './keep-child.ts'
import { ConfigFault, readConfig, type Config } from './platform/config.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/embedded-postgres/index.ts'
import { refuseUnusablePort } from './platform/http/listen.ts'
import { openLog, type Log } from './platform/log.ts'
import type { Serving } from './serve.ts'
import { stopInOrder } from './stop-in-order.ts'

type RoleName = 'web' | 'engine' | ChildRole

const fail = (error: unknown): never => {
  const text = error instanceof ConfigFault || error instanceof Error ? error.message : String(error)
  process.stderr.write(`\nFortnight could not start.\n${text}\n`)
  process.exit(1)
}

const bringDatabase = async (
  config: Config,
  log: Log,
): Promise<{ url: string; embedded?: EmbeddedPostgres }> => {
  if (config.DATABASE_URL) return { url: config.DATABASE_URL }
  const folder = join(resolve(config.FORTNIGHT_DATA), 'postgres')
  const embedded = await startEmbeddedPostgres({ folder, log: (line) => log.debug(line) })
  return { url: embedded.connectionString, embedded }
}

const greet = (config: Config, serving: Serving): void => {
  const lines = [`Fortnight is ready at ${serving.url ?? config.baseUrl}`]
  if (serving.setupLink)
    lines.push(
      `First visit: create the administrator with this one-time link (valid for 24 h):`,
      `  ${serving.setupLink}`,
    )
  if (serving.held)
    lines.push(
      'This installation is held after a restore: nothing is sent until an administrator has looked',
      '(`fortnight held`) and released it (`fortnight release`).',
    )
  if (!config.SMTP_URL) lines.push('No mail is sent until SMTP_URL is set (docs/config.md).')
  process.stdout.write(`\n${lines.join('\n')}\n\n`)
}

/** A child whose parent is gone has no one to restart or stop it: the pipe's end tells it to leave. */
const leaveWithParent = (stop: () => void): void => {
  if (!process.env[CHILD_MARK]) return
  process.stdin.resume()
  process.stdin.on('end', () => stop()).on('error', () => stop())
}

/** A promise that somebody forgot is a bug of ours and is told as one, but it must not take paging down with it. */
const surviveForgottenPromises = (log: Log): void => {
  process.on('unhandledRejection', (reason) => {
    log.error(
      { err: reason instanceof Error ? reason.stack : String(reason) },
      'a rejection that nobody handled',
    )
  })
}

const main = async (): Promise<void> => {
  const config = readConfig(process.env)
  const asked = config.FORTNIGHT_ROLES?.split(',') as RoleName[] | undefined
  if (asked?.every((role) => role === 'watch')) return void (await import('./watch/main.ts'))
  if (asked?.every((role) => role === 'worker')) return void (await import('./worker.ts'))
  const roles: RoleName[] = (asked ?? ['web', 'engine']).filter((role) => role !== 'watch')
  const log = openLog(config.LOG_LEVEL, roles.join('+'))
  refuseUnfinishedRestore(config)
  if (roles.includes('web')) await refuseUnusablePort(config)
  // Loads while the database starts.
  const loaded = import('./serve.ts')
  loaded.catch(() => undefined)
  const stopping = stopInOrder(log, 2 * GRACE_MS + 5_000)
  const database = await bringDatabase(config, log)
  stopping.before(() => database.embedded?.stop())
  const { serve } = await loaded
  const serving = await serve({ config, connectionString: database.url, roles, log })
  stopping.before(() => serving.stop(GRACE_MS))
  const apart: ChildRole[] = asked ? asked.filter((role) => role === 'watch') : ['worker', 'watch']
  const children = apart.map((role) =>
    keepChild(role, { config, connectionString: database.url, log, program: import.meta.filename }),
  )
  stopping.before(() => Promise.all(children.map((child) => child.stop())))
  // Otherwise written at the end, which a killed process never sees.
  flushCompileCache()

  void serving.outdated.then((sentence) => {
    process.stderr.write(`\n${sentence}\n`)
    // Whoever starts us again is told so at once, by the migration that we do not know.
    stopping.stop(1)
  })
  surviveForgottenPromises(log)
  leaveWithParent(stopping.stop)
  if (stopping.started() && roles.includes('web')) greet(config, serving)
}

main().catch(fail)
