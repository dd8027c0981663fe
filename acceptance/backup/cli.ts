/** `fortnight` with the commands around an installation, as a process that a test may kill. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { installationCommands } from '../../src/cli/installation/index.ts'
import { processIo } from '../../src/cli/shell/io.ts'
import { runCommand } from '../../src/cli/shell/run.ts'
import { environmentOf, type Folders } from './server-process.ts'

const here = fileURLToPath(import.meta.url)

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ran> }

/** @param at which server with which token, for commands that ask one */
export const begin = (
  argv: readonly string[],
  folders: Folders,
  at?: { readonly url: string; readonly token: string },
  more: Record<string, string> = {},
): Running => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', here, ...argv], {
    env: environmentOf(folders, {
      ...(at ? { FORTNIGHT_URL: at.url, FORTNIGHT_TOKEN: at.token } : {}),
      ...more,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
  return { child, ended }
}

export const run = (...args: Parameters<typeof begin>): Promise<Ran> => begin(...args).ended

if (process.argv[1] === here)
  process.exitCode = await runCommand(installationCommands, process.argv.slice(2), processIo())
