/** A whole installation as an operator runs it: the real server program in a process of its own, with its own folders. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

export type ServerProcess = {
  readonly url: string
  /** Everything it said on both streams. */
  readonly said: () => string
  readonly setupToken: () => string
  readonly pid: number
  /** As ctrl-C does; resolves when it is gone. */
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
}

export type Folders = { readonly data: string; readonly keys: string }

export const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => found(port))
    })
  })

const gone = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** The environment of every program of an installation: nothing of the machine's own settings reaches it. */
export const environmentOf = ({ data, keys }: Folders, more: Record<string, string> = {}) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: data,
  FORTNIGHT_DATA: data,
  FORTNIGHT_KEYS: keys,
  ...more,
})

/** Every server that was started and is not gone: a test that fails leaves none behind. */
const running = new Set<ChildProcess>()

const killGroup = async (child: ChildProcess): Promise<void> => {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL')
  } catch {
    // Gone already.
  }
  await gone(child)
}

export const killAll = async (): Promise<void> => {
  for (const child of running) await killGroup(child)
}

export type Started = { readonly server: ServerProcess } | { readonly refused: string }

/** Resolves when it is ready, or with what it said when it would not start. */
export const tryStart = async (folders: Folders, more: Record<string, string> = {}): Promise<Started> => {
  const port = await freePort()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/server/main.ts'], {
    cwd: root,
    env: environmentOf(folders, { PORT: String(port), LOG_LEVEL: 'warn', ...more }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: a kill takes its children along, as when a machine loses its power.
    detached: true,
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let text = ''
  const ready = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer): void => {
      text += chunk.toString()
      if (text.includes('Fortnight is ready at')) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
  })
  const isReady = await Promise.race([ready.then(() => true), gone(child).then(() => false)])
  if (!isReady) return { refused: text }
  const server: ServerProcess = {
    url: `http://127.0.0.1:${port}`,
    said: () => text,
    setupToken: () => /\/setup\?token=([\w-]+)/.exec(text)?.[1] ?? '',
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM')
      await gone(child)
    },
    kill: () => killGroup(child),
  }
  return { server }
}

export const startServer = async (
  folders: Folders,
  more: Record<string, string> = {},
): Promise<ServerProcess> => {
  const started = await tryStart(folders, more)
  if ('refused' in started) throw new Error(started.refused)
  return started.server
}

export type Reply<T> = { readonly status: number; readonly body: T }

export type Send = <T extends object = Readonly<Record<string, string>>>(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: object | Buffer,
  headers?: Record<string, string>,
) => Promise<Reply<T>>

/** Calls the API as a person with this token would; a server that is away is status 0. */
export const sender =
  (url: string, token: string): Send =>
  async <T extends object>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Reply<T>> => {
    const bytes = Buffer.isBuffer(body)
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { 'content-type': bytes ? 'application/octet-stream' : 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: bytes ? new Uint8Array(body) : JSON.stringify(body) } : {}),
    }).catch(() => undefined)
    if (!reply) return { status: 0, body: {} as T }
    const text = await reply.text().catch(() => '')
    return { status: reply.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as T }
  }
