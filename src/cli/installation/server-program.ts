/** Runs a program of the server's own, for commands that need its database: what it says goes where we say things. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CommandFault, type Io } from '../shell/io.ts'

/** Found among the sources alone: a command line tool that was installed by itself has no server beside it. */
const folder = join(import.meta.dirname, '../../server')

/**
 * A signal reaches the child by the terminal, or is handed on.
 * @param program below src/server
 * @returns its exit code
 */
export const runServerProgram = (program: string, argv: readonly string[], io: Io): Promise<number> => {
  const file = join(folder, program)
  if (!existsSync(file))
    throw new CommandFault(
      'This command needs the server’s program. Run it in the folder of the server (bin/fortnight).',
    )
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...argv], {
      env: { ...io.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const tell = (stream: NodeJS.ReadableStream, say: (line: string) => void): void => {
      let rest = ''
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) say(line)
      })
      stream.on('end', () => {
        if (rest !== '') say(rest)
      })
    }
    tell(child.stdout, io.out)
    tell(child.stderr, io.err)
    const hand = (signal: NodeJS.Signals): void => void child.kill(signal)
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, hand)
    child.on('error', reject)
    child.on('close', (code) => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.off(signal, hand)
      resolve(code ?? 1)
    })
  })
}
