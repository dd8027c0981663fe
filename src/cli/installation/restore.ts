/** `fortnight restore`: fills an empty folder from a backup, in a process of the server's own program. */
import { parseArgs } from 'node:util'
import { usageFault, type Command, type Io } from '../shell/io.ts'
import { runServerProgram } from './server-program.ts'
import { checkBackupFile, describeBackup } from './check-backup-file.ts'

const USAGE =
  'fortnight restore FILE --data FOLDER [--database-url URL] [--keys FOLDER]\n       fortnight restore FILE --check'

const check = async (file: string, io: Io): Promise<number> => {
  for (const line of describeBackup(await checkBackupFile(file))) io.out(line)
  io.out(`${file} is whole: every row and file is as it was backed up.`)
  return 0
}

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
  return runServerProgram('installation/restore/main.ts', argv, io)
}

export const restore: Command = {
  usage: USAGE,
  about: 'Restore a backup into an empty folder; the installation starts held',
  run,
}
