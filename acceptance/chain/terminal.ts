/** The command line as a person uses it: the real program, in a real terminal where it wants one. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import { projectRoot } from './running-server.ts'

const fortnight = join(projectRoot, 'src/cli/main.ts')

export type Finished = { readonly code: number; readonly out: string }

/** Runs one command to its end. */
export const run = (env: Record<string, string>, ...argv: string[]): Promise<Finished> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [fortnight, ...argv],
      { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out: stdout + stderr })
      },
    )
  })

export type Terminal = {
  readonly sees: (pattern: RegExp) => Promise<void>
  readonly type: (text: string) => void
  readonly exited: Promise<number>
}

const PATIENCE_MS = 30_000

export const openTerminal = (env: Record<string, string>, ...argv: string[]): Terminal => {
  const pty = spawn(process.execPath, [fortnight, ...argv], {
    cols: 100,
    rows: 30,
    env: { ...process.env, ...env, SHELL: '/bin/bash', TERM: 'xterm-256color' } as Record<string, string>,
  })
  let text = ''
  const waiting = new Set<() => void>()
  pty.onData((part) => {
    text += part
    for (const look of waiting) look()
  })
  return {
    exited: new Promise((done) => pty.onExit(({ exitCode }) => done(exitCode))),
    type: (line) => pty.write(line),
    sees: (pattern) =>
      new Promise((seen, failed) => {
        const look = (): void => {
          const match = pattern.exec(text)
          if (!match) return
          // What was seen is behind us: the same words must appear again to be seen again.
          text = text.slice(match.index + match[0].length)
          clearTimeout(timer)
          waiting.delete(look)
          seen()
        }
        const timer = setTimeout(() => {
          waiting.delete(look)
          failed(new Error(`${pattern} did not appear:\n${text.slice(-2_000)}`))
        }, PATIENCE_MS)
        waiting.add(look)
        look()
      }),
  }
}
