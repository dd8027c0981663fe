/** What a command may touch of the outside world, so that tests can hand in their own. */
import { printableLines } from './printable.ts'

export type Io = {
  /** Lines for a person: what could drive the terminal is shown as a replacement sign. */
  readonly out: (line: string) => void
  readonly err: (line: string) => void
  /** A document for a file or a pipe, byte for byte; on a terminal the same as `out`. */
  readonly exact?: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTerminal: boolean
  /** Width of the terminal; undefined when piped: then nothing is cut. */
  readonly columns?: number | undefined
}

/** A command ends with an exit code; 0 done, 1 refused or failed, 3 used wrongly. */
export type Command = {
  readonly usage: string
  readonly about: string
  readonly run: (argv: readonly string[], io: Io) => Promise<number>
}

/** A sentence for the person at the shell; the exit code says whether the words of the command were wrong. */
export class CommandFault extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

export const usageFault = (message: string): CommandFault => new CommandFault(message, 3)

export const processIo = (): Io => ({
  out: (line) => void process.stdout.write(`${printableLines(line)}\n`),
  err: (line) => void process.stderr.write(`${printableLines(line)}\n`),
  exact: (text) => void process.stdout.write(`${process.stdout.isTTY ? printableLines(text) : text}\n`),
  env: process.env,
  isTerminal: process.stdout.isTTY === true,
  columns: process.stdout.columns,
})
