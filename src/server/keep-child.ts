/** Runs a role in a process of its own, and again when it dies. */
import { spawn, type ChildProcess } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import type { Config } from './platform/config.ts'
import type { Log } from './platform/log.ts'

export type ChildRole = 'worker' | 'watch'

export const GRACE_MS = 10_000
const RESPAWN_MS = 1_000
/** Children live in the same release; this tells them which database the parent brought up. */
export const CHILD_MARK = 'FORTNIGHT_CHILD'

/** Neither loads what the other or we need: the watch shares nothing with the engine, the worker waits with little. */
const PROGRAMS: Readonly<Record<ChildRole, string>> = { worker: 'worker.ts', watch: 'watch/main.ts' }

/** Beside the parent's program, written as that is: `.ts` among the sources, `.mjs` in the bundle. */
const programOf = (role: ChildRole, ours: string): string =>
  join(dirname(ours), PROGRAMS[role].replace(/\.ts$/, extname(ours)))

/**
 * Measured at rest on the bundle: 1 MB for the young generation instead of 16 saves 1 to 6 MB of a child. One arena of
 * the allocator saves another 1 to 2 MB.
 */
const FLAGS = ['--max-semi-space-size=1', '--disable-warning=ExperimentalWarning']

type Given = {
  readonly config: Config
  readonly connectionString: string
  readonly log: Log
  /** The file of main.ts, as it runs. */
  readonly program: string
}

/**
 * Heavy work gives way: on two cores a page found its processor taken by a pack that was being built (docs/performance.md).
 * Said from here, before the child has made its threads, so that they inherit it.
 */
const giveWay = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already; the next one will be told.
  }
}

/** A child that dies is started again; on stop it is asked first and killed after the grace. */
export const keepChild = (
  role: ChildRole,
  { config, connectionString, log, program }: Given,
): { stop: () => Promise<void> } => {
  let child: ChildProcess | undefined
  let stopping = false
  const start = (): void => {
    // It may have ended just before we were asked to stop.
    if (stopping) return
    child = spawn(process.execPath, [...FLAGS, programOf(role, program)], {
      env: {
        MALLOC_ARENA_MAX: '1',
        ...process.env,
        FORTNIGHT_ROLES: role,
        DATABASE_URL: connectionString,
        FORTNIGHT_DATA: resolve(config.FORTNIGHT_DATA),
        [CHILD_MARK]: '1',
      },
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    if (role === 'worker') giveWay(child)
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
