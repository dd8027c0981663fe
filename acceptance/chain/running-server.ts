/** Fortnight as a stranger starts it: the real processes, an empty data folder, and the link that it prints. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const projectRoot = resolve(import.meta.dirname, '../..')

export const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => found(port))
    })
  })

export type RunningServer = {
  readonly url: string
  readonly setupLink: string
  readonly folder: string
  readonly stop: () => Promise<void>
}

/** Resolves when the text has appeared in what the process printed. */
export const waitForText = (
  child: ChildProcess,
  pattern: RegExp,
  withinMs: number,
  said: () => string,
): Promise<RegExpExecArray> =>
  new Promise((found, failed) => {
    const look = (): void => {
      const match = pattern.exec(said())
      if (!match) return
      finish(() => found(match))
    }
    const timer = setTimeout(
      () => finish(() => failed(new Error(`${pattern} did not appear in ${withinMs} ms:\n${said()}`))),
      withinMs,
    )
    const ended = (): void =>
      finish(() => failed(new Error(`the process ended before ${pattern} appeared:\n${said()}`)))
    const finish = (end: () => void): void => {
      clearTimeout(timer)
      child.stdout?.off('data', look)
      child.off('exit', ended)
      end()
    }
    child.stdout?.on('data', look)
    child.on('exit', ended)
    look()
  })

export const startServer = async (env: Record<string, string>): Promise<RunningServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-chain-'))
  const port = await freePort()
  // Passkeys and cookies need a name: localhost, not an address.
  const url = `http://localhost:${port}`
  const child = spawn(process.execPath, [join(projectRoot, 'src/server/main.ts')], {
    env: {
      ...process.env,
      FORTNIGHT_DATA: folder,
      PORT: String(port),
      BASE_URL: url,
      LOG_LEVEL: 'warn',
      SEAL_SECONDS: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (part: Buffer) => (text += part.toString()))
  child.stderr.on('data', (part: Buffer) => (text += part.toString()))
  const [, setupLink = ''] = await waitForText(child, /(http:\/\/\S+\/setup\?token=\S+)/, 60_000, () => text)
  return {
    url,
    setupLink,
    folder,
    stop: async () => {
      const ended = new Promise<void>((done) => child.once('exit', () => done()))
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
