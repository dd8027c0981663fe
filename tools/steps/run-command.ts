// Runs one command of a check and keeps what it said, so that steps can run side by side and still print in order.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const projectRoot = join(import.meta.dirname, '..', '..')

export type CommandResult = {
  readonly code: number
  readonly output: string
  readonly seconds: number
  readonly timedOut: boolean
}

export type CommandOptions = {
  /** after this it gets SIGTERM, and SIGKILL ten seconds later */
  readonly limitMs?: number
  /** show the output as it comes instead of keeping it */
  readonly live?: boolean
  readonly env?: NodeJS.ProcessEnv
}

const patienceMs = 10_000

/** Path of a tool that npm installed. */
export const installed = (name: string): string => join(projectRoot, 'node_modules', '.bin', name)

/** Never rejects: a command that cannot be started has code 127. */
export function runCommand(
  [command, ...args]: readonly [string, ...string[]],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const startedAt = performance.now()
  const path = `${join(projectRoot, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: projectRoot,
      env: { ...process.env, PATH: path, ...options.env },
      stdio: ['ignore', options.live ? 'inherit' : 'pipe', options.live ? 'inherit' : 'pipe'],
    })
    let output = ''
    let timedOut = false
    child.stdout?.on('data', (chunk) => (output += String(chunk)))
    child.stderr?.on('data', (chunk) => (output += String(chunk)))
    const limit = setTimeout(() => {
      timedOut = true
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), patienceMs).unref()
    }, options.limitMs ?? 2_147_483_647)
    const end = (code: number): void => {
      clearTimeout(limit)
      resolve({ code, output, seconds: (performance.now() - startedAt) / 1000, timedOut })
    }
    child.on('error', (fault) => {
      output += `${command} could not be started: ${fault.message}\n`
      end(127)
    })
    child.on('close', (code) => end(code ?? 1))
  })
}
