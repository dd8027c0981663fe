/** `fortnight restore`: fills an empty folder from a backup, in a process of the server's own program. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CommandFault, usageFault, type Command, type Io } from '../shell/io.ts'
import { checkBackupFile, describeBackup } from './check-backup-file.ts'

const USAGE =
  'fortnight restore FILE --data FOLDER [--database-url URL] [--keys FOLDER]\n       fortnight restore FILE --check'

/** Restoring needs the server's program: it brings up the database. */
const program = join(import.meta.dirname, '../../server/installation/restore/main.ts')

const check = async (file: string, io: Io): Promise<number> => {
  for (const line of describeBackup(await checkBackupFile(file))) io.out(line)
  io.out(`${file} is whole: every row and file is as it was backed up.`)
  return 0
}

/** What the child says goes where we say things; a signal reaches it by the terminal, or is handed on. */
const runProgram = (argv: readonly string[], io: Io): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...argv], {
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

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      'database-url': { type: 'string' },
      keys: { type: 'string' },
      check: { type: 'boolean' },
    },
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw usageFault('Name one backup file.')
  if (values.check === true) return check(file, io)
  if (values.data === undefined)
    throw usageFault('Say with --data FOLDER which empty folder is to be filled, or look only with --check.')
  if (!existsSync(program))
    throw new CommandFault(
      'Restoring needs the server’s program. Run this command in the folder of the server (bin/fortnight).',
    )
  return runProgram(argv, io)
}

export const restore: Command = {
  usage: USAGE,
  about: 'Restore a backup into an empty folder; the installation starts held',
  run,
}
