/** `record` as a command among the others. */
import { findConnection } from '../shell/connection.ts'
import type { Command } from '../shell/io.ts'
import { processIo } from './record-io.ts'
import { runRecord } from './run-record.ts'

export const recordCommand: Command = {
  usage:
    'fortnight record --environment acme-prod (--decision D-12 | --look [--alert ID | --incident ID] | --break-glass "why")',
  about: 'Open your own shell, recorded: to change something under a decision, or to look without one.',
  run: (argv, io) => runRecord(argv, processIo(findConnection(io.env) ?? null)),
}
