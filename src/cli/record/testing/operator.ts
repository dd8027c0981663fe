/** An operator at a real terminal: a pseudo-terminal around the recorder, with hands to type and eyes to read. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { spawn } from '@lydell/node-pty'
import type { FakeRecorderServer } from './fake-recorder-server.ts'

export type Operator = {
  readonly type: (text: string) => void
  /** Resolves with everything shown so far once `text` was shown after the last match; rejects with the screen. */
  readonly sees: (text: string | RegExp, timeoutMs?: number) => Promise<string>
  readonly screen: () => string
  readonly resize: (cols: number, rows: number) => void
  readonly kill: (signal: string) => void
  readonly exited: Promise<number>
}

export type Desk = {
  readonly home: string
  readonly spool: string
  readonly env: Readonly<Record<string, string>>
  readonly sits: (args: readonly string[], more?: Readonly<Record<string, string>>) => Operator
  /** Every byte of every file in the spool, unpacked where packed. */
  readonly spoolText: () => string
  readonly spoolSessions: () => readonly string[]
  readonly clear: () => void
}

export const makeDesk = (server: Pick<FakeRecorderServer, 'url' | 'token'>, shell: string): Desk => {
  const home = mkdtempSync(join(tmpdir(), 'fortnight-desk-'))
  const run = join(home, 'run')
  mkdirSync(run, { mode: 0o700 })
  writeFileSync(join(home, '.bashrc'), "PS1='mine$ '\nexport RC_WAS_READ=bash\n")
  writeFileSync(join(home, '.zshrc'), "PS1='mine$ '\nexport RC_WAS_READ=zsh\n")
  const fish = join(home, '.config', 'fish')
  mkdirSync(fish, { recursive: true })
  writeFileSync(
    join(fish, 'config.fish'),
    "set -gx RC_WAS_READ fish\nfunction fish_prompt\n  echo -n 'mine$ '\nend\nset -g fish_greeting\n",
  )
  const env = {
    HOME: home,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    SHELL: shell,
    XDG_STATE_HOME: join(home, 'state'),
    XDG_RUNTIME_DIR: run,
    FORTNIGHT_URL: server.url,
    FORTNIGHT_TOKEN: server.token,
    FORTNIGHT_TEST_RETRY_MS: '50',
  }
  const spool = join(home, 'state', 'fortnight', 'spool')
  const sessions = (): readonly string[] => (existsSync(spool) ? readdirSync(spool) : [])
  return {
    home,
    spool,
    env,
    sits: (args, more = {}) => sitDown(args, { ...env, ...more }, home),
    spoolText: () =>
      sessions()
        .map((name) => readTree(join(spool, name)))
        .join('\n'),
    spoolSessions: sessions,
    clear: () => rmSync(home, { recursive: true, force: true }),
  }
}

const MAIN = fileURLToPath(new URL('record-main.ts', import.meta.url))

const sitDown = (args: readonly string[], env: Readonly<Record<string, string>>, cwd: string): Operator => {
  const terminal = spawn(process.execPath, [MAIN, ...args], {
    name: 'xterm-256color',
    cols: 80,
    rows: 24,
    cwd,
    env: { ...env },
  })
  let screen = ''
  let seen = 0
  const watchers = new Set<() => void>()
  terminal.onData((data) => {
    screen += data
    for (const watcher of watchers) watcher()
  })
  const exited = new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => resolve(exitCode))
  })
  return {
    type: (text) => terminal.write(text),
    sees: (text, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        const timeout = setTimeout(() => {
          watchers.delete(look)
          reject(
            new Error(
              `${String(text)} was not seen; the screen after ${seen}: ${JSON.stringify(screen.slice(seen).slice(-3_000))}`,
            ),
          )
        }, timeoutMs)
        const look = (): void => {
          const rest = screen.slice(seen)
          const found = typeof text === 'string' ? rest.indexOf(text) : (text.exec(rest)?.index ?? -1)
          if (found === -1) return
          const length = typeof text === 'string' ? text.length : (text.exec(rest)?.[0].length ?? 0)
          seen += found + length
          clearTimeout(timeout)
          watchers.delete(look)
          resolve(screen)
        }
        watchers.add(look)
        look()
      }),
    screen: () => screen,
    resize: (cols, rows) => terminal.resize(cols, rows),
    kill: (signal) => terminal.kill(signal),
    exited,
  }
}

/** What lies there at this moment: a draft that got its name between the list and the look is read under that the next time. */
const readTree = (directory: string): string =>
  readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .flatMap((path) => {
      const text = unpack(path)
      return text === undefined ? [] : [`${path}\n${text}`]
    })
    .join('\n')

const bytesOf = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const unpack = (path: string): string | undefined => {
  const bytes = bytesOf(path)
  return path.endsWith('.gz') && bytes ? gunzipSync(bytes).toString('utf8') : bytes?.toString('utf8')
}
