/** A recorded command as it leaves this machine: on the wall clock, and no longer than a list can hold. */
import type { RecordedCommand } from '../../domain/operations/operator-log/recording/command-list.ts'
import type { ClosedCommand } from './server-port.ts'

const COMMAND_MAX = 4_000
const CWD_MAX = 1_000
const CONTEXT_MAX = 300

/** Cut after redaction, so that no secret loses the end by which it is known. @param startedAt epoch ms of the recording. */
export const closedCommand = (command: RecordedCommand, startedAt: number): ClosedCommand => ({
  n: command.n,
  command: shorten(command.command, COMMAND_MAX),
  cwd: command.cwd === null ? null : shorten(command.cwd, CWD_MAX),
  context: command.context === null ? null : shorten(command.context, CONTEXT_MAX),
  startedAt: startedAt + command.startedAtMs,
  durationMs: command.durationMs,
  exitCode: command.exitCode,
})

const shorten = (text: string, length: number): string =>
  (text.length <= length ? text : `${text.slice(0, length - 1)}…`).toWellFormed()
