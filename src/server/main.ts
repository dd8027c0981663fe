/** `npm start`: brings up the database when none is given, then serves; worker and watch run as children of their own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'
import { refuseUnfinishedRestore } from './installation/restored-folder.ts'
import { ConfigFault, readConfig, type Config } from './platform/config.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/embedded-postgres/index.ts'
import { openLog, type Log } from './platform/log.ts'
import { serve, type Serving } from './serve.ts'

type RoleName = 'web' | 'engine' | 'worker' | 'watch'
const GRACE_MS = 10_000
const RESPAWN_MS = 1_000
/** Children live in the same release; this tells them which database the parent brought up. */
const CHILD_MARK = 'FORTNIGHT_CHILD'
/** The watch shares nothing with the engine, not even this program. */
const PROGRAM: Partial<Record<RoleName, string>> = { watch: 'watch/main.ts' }

const fail = (error: unknown): never => {
  const text = error instanceof ConfigFault || error instanceof Error ? error.message : String(error)
  process.stderr.write(`\nFortnight could not start.\n${text}\n`)
  process.exit(1)
}

/** A child that dies is started again; on stop it is asked first and killed after the grace. */
const keepChild = (
  role: RoleName,
  config: Config,
  connectionString: string,
  log: Log,
): { stop: () => Promise<void> } => {
  let child: ChildProcess | undefined
  let stopping = false
  const start = (): void => {
    child = spawn(
      process.execPath,
      [
        '--max-semi-space-size=2',
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, PROGRAM[role] ?? 'main.ts'),
      ],
      {
        env: {
          ...process.env,
          FORTNIGHT_ROLES: role,
          DATABASE_URL: connectionString,
          FORTNIGHT_DATA: resolve(config.FORTNIGHT_DATA),
          [CHILD_MARK]: '1',
        },
        stdio: ['pipe', 'inherit', 'inherit'],
      },
    )
    child.on('exit', (code, signal) => {
      if (stopping) return
      log.warn({ role, code, signal }, 'a child process ended and is started again')
      setTimeout(start, RESPAWN_MS).unref()
    })
  }
  start()
  return {
    stop: async () => {
      stopping = true
      const running = child
      if (!running || running.exitCode !== null || running.signalCode !== null) return
      const ended = new Promise<void>((done) => running.once('exit', () => done()))
      running.kill('SIGTERM')
      const timer = setTimeout(() => running.kill('SIGKILL'), GRACE_MS)
      await ended
      clearTimeout(timer)
    },
  }
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
  process.stdin.on('end', stop).on('error', stop)
}

const main = async (): Promise<void> => {
  const config = readConfig(process.env)
  const asked = config.FORTNIGHT_ROLES?.split(',') as RoleName[] | undefined
  if (asked?.every((role) => role === 'watch')) return void (await import('./watch/main.ts'))
  const roles: RoleName[] = (asked ?? ['web', 'engine']).filter((role) => role !== 'watch')
  const log = openLog(config.LOG_LEVEL, roles.join('+'))
  refuseUnfinishedRestore(config)
  const database = await bringDatabase(config, log)
  const serving = await serve({ config, connectionString: database.url, roles, log })
  const apart: RoleName[] = asked ? asked.filter((role) => role === 'watch') : ['worker', 'watch']
  const children = apart.map((role) => keepChild(role, config, database.url, log))
  if (roles.includes('web')) greet(config, serving)

  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    const hurry = setTimeout(() => process.exit(1), 2 * GRACE_MS + 5_000)
    void Promise.all(children.map((child) => child.stop()))
      .then(() => serving.stop(GRACE_MS))
      .then(() => database.embedded?.stop())
      .catch((error: Error) => log.error({ err: error.message }, 'the shutdown was not clean'))
      .finally(() => {
        clearTimeout(hurry)
        process.exit(0)
      })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  leaveWithParent(stop)
}

main().catch(fail)
