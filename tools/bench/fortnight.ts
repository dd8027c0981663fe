// The product as `npm start` runs it, on a data folder of its own, with an invented team brought in through its public doors.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { teamDocument } from '../../src/simulator/team.ts'
import { buildServer } from '../build/server.ts'
import { buildWeb } from '../build/web.ts'
import { isPostgres, processTree, type Process } from './machine.ts'

export const projectRoot = join(import.meta.dirname, '..', '..')
const STOP_MS = 20_000

export type Fortnight = {
  readonly url: string
  readonly pid: number
  /** From the spawn to the first 200 of /health/ready. */
  readonly readyMs: number
  /** Said a moment after the server is ready; undefined when there is an administrator already. */
  readonly setupToken: () => Promise<string | undefined>
  readonly connectionString: () => Promise<string>
  readonly stop: () => Promise<void>
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'fortnight-bench-'))
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })

export const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** So that no bench measures the build. */
export const buildEverything = async (): Promise<void> => {
  await buildServer((line) => console.log(line))
  await buildWeb((line) => console.log(line))
}

const untilReady = async (url: string, child: ChildProcess): Promise<void> => {
  while (child.exitCode === null) {
    const ready = await fetch(`${url}/health/ready`).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (ready) return
    await pause(2)
  }
  throw new Error(`the server ended with code ${child.exitCode} before it was ready`)
}

const endOf = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(patience)
}

/** @param env settings beside the folder and the port; @param flags of Node, such as --cpu-prof */
export const startFortnight = async (
  folder: string,
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<Fortnight> => {
  const port = await freePort()
  const startedAt = performance.now()
  // What bin/start.mjs does once everything is built, without a second Node before it.
  const argv = flags.length > 0 ? [...flags, 'dist/server/main.mjs'] : ['bin/start.mjs']
  const child = spawn(process.execPath, argv, {
    cwd: projectRoot,
    env: { ...process.env, LOG_LEVEL: 'warn', ...env, FORTNIGHT_DATA: folder, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  const url = `http://127.0.0.1:${port}`
  await untilReady(url, child)
  const readyMs = performance.now() - startedAt
  const greeted = async (): Promise<void> => {
    while (child.exitCode === null && !/Fortnight is ready[^]*?\n\n/.test(said)) await pause(5)
  }
  return {
    url,
    pid: child.pid as number,
    readyMs,
    setupToken: async () => {
      await greeted()
      return /token=([\w-]+)/.exec(said)?.[1]
    },
    connectionString: async () => connectionStringOf(folder),
    stop: async () => {
      await greeted()
      await endOf(child)
    },
  }
}

const connectionStringOf = async (folder: string): Promise<string> => {
  const { readFile } = await import('node:fs/promises')
  const password = (await readFile(join(folder, 'postgres', 'password'), 'utf8')).trim()
  const socket = encodeURIComponent(join(folder, 'postgres', 'socket'))
  return `postgresql://fortnight:${password}@localhost/fortnight?host=${socket}`
}

export type Processes = { readonly ours: Process[]; readonly postgres: Process[] }

export const processesOf = ({ pid }: Fortnight): Processes => {
  const tree = processTree(pid)
  const postgres = tree.filter(isPostgres)
  // The shell that ends PostgreSQL when Node is killed belongs to neither: 1 MB.
  return { ours: tree.filter(({ name }) => /^(node|MainThread)/.test(name)), postgres }
}

export type Team = {
  readonly token: string
  /** of the administrator's session */
  readonly cookie: string
  readonly keyOf: (environment: string) => Promise<string>
}

export const call = async <Reply>(
  url: string,
  path: string,
  { token, body, cookie }: { token?: string; body?: unknown; cookie?: string },
): Promise<{ reply: Reply; cookie: string }> => {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(cookie ? { cookie, origin: url.replace('127.0.0.1', 'localhost') } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 500)}`)
  const set = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0])
  return { reply: (text === '' ? undefined : JSON.parse(text)) as Reply, cookie: set.join('; ') }
}

/** Monday two weeks ago, so that somebody is on call. */
const firstMonday = (): string => {
  const date = new Date(Date.now() - 14 * 86_400_000)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

export const bringTeam = async ({ url, setupToken }: Fortnight): Promise<Team> => {
  const about = {
    organisation: 'Example Operations',
    handle: 'ada',
    name: 'Ada Example',
    email: 'ada@example.org',
  }
  const password = `${crypto.randomUUID()}-${crypto.randomUUID()}`
  const setup = { ...about, zone: 'Europe/Stockholm', password, token: await setupToken() }
  const { cookie } = await call(url, '/api/setup', { body: setup })
  const made = await call<{ secret: string }>(url, '/api/me/tokens', {
    cookie,
    body: { name: 'bench', scopes: ['*'] },
  })
  const token = made.reply.secret
  await call(url, '/api/configuration/apply', { token, body: { document: teamDocument(firstMonday()) } })
  return {
    token,
    cookie,
    keyOf: async (environment) => {
      const path = `/api/environments/${environment}/keys`
      return (await call<{ secret: string }>(url, path, { token, body: { name: 'bench' } })).reply.secret
    },
  }
}
