/** `fortnight administrator-link`: a one-time way in for an administrator who lost every other. Runs on the server's machine. */
import { parseArgs } from 'node:util'
import type { Command, Io } from '../shell/io.ts'
import { runServerProgram } from './server-program.ts'

const run = async (argv: readonly string[], io: Io): Promise<number> => {
  // Wrong words are told here, with the usage, before a process is started for them.
  parseArgs({ args: [...argv], options: { account: { type: 'string' }, grant: { type: 'boolean' } } })
  return runServerProgram('administrator-link.ts', argv, io)
}

export const administratorLink: Command = {
  usage: 'fortnight administrator-link [--account HANDLE [--grant]]',
  about: 'Print a one-time link for an administrator who lost every access (on the server’s machine)',
  run,
}
