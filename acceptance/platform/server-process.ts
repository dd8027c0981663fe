/** The real server in a process of its own, started as `npm start` starts it, on a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const main = join(import.meta.dirname, '../../src/server/main.ts')

export type ServerProcess = {
  readonly url: string
  readonly child: ChildProcess
  readonly output: () => string
  /** Exit code, or the signal it died of. */
  readonly ended: Promise<number | NodeJS.Signals>
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

export const startServer = (
  folder: string,
  port: number,
  env: Record<string, string> = {},
): ServerProcess => {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(FORTNIGHT_|NODE_TEST|DATABASE_URL|SMTP_URL)/.test(name),
    ),
  )
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { ...clean, PORT: String(port), FORTNIGHT_DATA: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr] as Socket[]) {
    stream.on('data', (chunk) => (output += String(chunk)))
    // A watch that outlives its killed parent holds these open for minutes: no test waits for that.
    stream.unref()
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    // Not 'close': a watch that outlives a killed parent for a while keeps the pipes open.
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 1))
  })
  return { url: `http://127.0.0.1:${port}`, child, output: () => output, ended }
}

export const readyStatus = async ({ url }: ServerProcess): Promise<number> => {
  try {
    const reply = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) })
    await reply.text()
    return reply.status
  } catch {
    return 0
  }
}

/** @throws Error with what the server said when it ends, or is not ready within a minute */
export const untilReady = async (server: ServerProcess): Promise<void> => {
  let over = false
  void server.ended.then(() => (over = true))
  const deadline = performance.now() + 60_000
  // The greeting is the last thing of a start: only who has read it may ask the server to stop.
  const isUp = async (): Promise<boolean> =>
    server.output().includes('Fortnight is ready') && (await readyStatus(server)) === 200
  while (!(await isUp())) {
    if (over || performance.now() > deadline) throw new Error(`the server is not ready:\n${server.output()}`)
    await pause(50)
  }
}

type Process = { readonly pid: number; readonly parent: number; readonly command: string }
const processes = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (fields[0] === 'Z') return []
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\u0000', ' ')
        return [{ pid: Number(name), parent: Number(fields[1]), command }]
      } catch {
        return []
      }
    })

/** Everything that a process has started, and what those have started. Linux only. */
export const descendantsOf = (pid: number): Process[] => {
  const all = processes()
  const found: Process[] = []
  for (let parents = new Set([pid]); parents.size > 0;) {
    const children = all.filter(({ parent }) => parents.has(parent))
    found.push(...children)
    parents = new Set(children.map((child) => child.pid))
  }
  return found
}

export const alive = (pids: readonly number[]): Process[] =>
  processes().filter(({ pid }) => pids.includes(pid))

export const stopServer = async ({ child, ended }: ServerProcess): Promise<number | NodeJS.Signals> => {
  child.kill('SIGTERM')
  return ended
}
