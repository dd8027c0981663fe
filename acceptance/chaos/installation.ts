/** One installation that is killed and started again: PostgreSQL stays, our processes do not. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/server/platform/embedded-postgres/index.ts'
import { freePort, projectRoot } from '../chain/running-server.ts'

export type Installation = {
  readonly url: string
  readonly connectionString: string
  /** Starts our process and waits until it answers; `crashAt` as in src/server/platform/crash-point.ts. */
  readonly start: (crashAt?: string) => Promise<void>
  /** SIGKILL, as a machine loses power for this process. Resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** Resolves when the process has died by itself (a crash point), or after the time. */
  readonly died: (withinMs: number) => Promise<boolean>
  readonly said: () => string
  readonly close: () => Promise<void>
}

const START_WITHIN_MS = 60_000

export const openInstallation = async (env: Record<string, string>): Promise<Installation> => {
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-chaos-'))
  // Durable: what was answered 2xx must survive, so nothing may be faked about the disk.
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres({
    folder: join(folder, 'postgres'),
    log: () => undefined,
  })
  const port = await freePort()
  const url = `http://localhost:${port}`
  let child: ChildProcess | undefined
  let text = ''

  let exited: Promise<void> = Promise.resolve()

  return {
    url,
    connectionString: postgres.connectionString,
    said: () => text,
    start: async (crashAt) => {
      text = ''
      child = spawn(process.execPath, [join(projectRoot, 'src/server/main.ts')], {
        env: {
          ...process.env,
          DATABASE_URL: postgres.connectionString,
          FORTNIGHT_DATA: folder,
          FORTNIGHT_ROLES: 'web,engine',
          PORT: String(port),
          BASE_URL: url,
          LOG_LEVEL: 'error',
          SEAL_SECONDS: '1',
          ...env,
          ...(crashAt ? { FORTNIGHT_CRASH_AT: crashAt } : {}),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const running = child
      exited = new Promise((done) => running.once('exit', () => done()))
      child.stdout?.on('data', (part: Buffer) => (text += part.toString()))
      child.stderr?.on('data', (part: Buffer) => (text += part.toString()))
      const deadline = Date.now() + START_WITHIN_MS
      for (;;) {
        const ready = await fetch(`${url}/health/ready`).then(
          (reply) => reply.ok,
          () => false,
        )
        if (ready) return
        if (child.exitCode !== null || child.signalCode !== null) return
        if (Date.now() > deadline)
          throw new Error(`the server was not ready in ${START_WITHIN_MS} ms:\n${text}`)
        await new Promise((next) => setTimeout(next, 20))
      }
    },
    kill: async () => {
      if (!child) return
      child.kill('SIGKILL')
      await exited
    },
    died: async (withinMs) => {
      if (!child) return true
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), withinMs)))
      const dead = exited.then(() => true as const)
      const answer = await Promise.race([dead, late])
      clearTimeout(timer)
      return answer
    },
    close: async () => {
      child?.kill('SIGKILL')
      await exited
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
