/** Starts the operator's shell in a pseudo-terminal, or says in plain words why this machine cannot. */
import type * as NodePty from '@lydell/node-pty'

export type Pty = {
  readonly write: (bytes: Buffer) => void
  readonly resize: (cols: number, rows: number) => void
  readonly pause: () => void
  readonly resume: () => void
  readonly kill: (signal: string) => void
  readonly onData: (listener: (bytes: Buffer) => void) => void
  readonly onExit: (listener: (exit: { exitCode: number; signal: number }) => void) => void
}

export type PtyOptions = {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly cols: number
  readonly rows: number
}

/** @throws PtyUnavailable with a sentence for the operator. */
export const spawnPty = async (options: PtyOptions): Promise<Pty> => {
  const { spawn } = await loadPty()
  let terminal: ReturnType<typeof spawn>
  try {
    terminal = spawn(options.file, [...options.args], {
      name: options.env['TERM'] ?? 'xterm-256color',
      cols: options.cols,
      rows: options.rows,
      cwd: options.cwd,
      env: { ...options.env },
      // Bytes, not text: the terminal must get what the shell wrote even where it is no UTF-8.
      encoding: null,
    })
  } catch (error) {
    throw new PtyUnavailable(
      `${options.file} could not be started: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  return {
    // The type says string; with a null encoding it is bytes in both directions.
    write: (bytes) => terminal.write(bytes as unknown as string),
    resize: (cols, rows) => {
      try {
        terminal.resize(cols, rows)
      } catch {
        // The shell has just ended.
      }
    },
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
    kill: (signal) => terminal.kill(signal),
    onData: (listener) => void terminal.onData((data) => listener(data as unknown as Buffer)),
    onExit: (listener) =>
      void terminal.onExit(({ exitCode, signal }) => listener({ exitCode, signal: signal ?? 0 })),
  }
}

export class PtyUnavailable extends Error {
  override readonly name = 'PtyUnavailable'
}

/** @throws PtyUnavailable with a sentence for the operator. */
export const loadPty = async (): Promise<typeof NodePty> => {
  // A binary for glibc may load on musl and crash on the first spawn: refuse before it can.
  if (isMusl()) throw new PtyUnavailable(noBinary('Alpine and other musl systems are not supported'))
  try {
    return await import('@lydell/node-pty')
  } catch (error) {
    throw new PtyUnavailable(noBinary(error instanceof Error ? error.message.split('\n')[0]! : String(error)))
  }
}

const noBinary = (reason: string): string =>
  `The pseudo-terminal for ${process.platform}-${process.arch} cannot be loaded (${reason}).\n` +
  'Nothing was started and nothing is recorded. Until it is mended, record with `script -q session.log` and attach the file to the Operator Log.'

const isMusl = (): boolean => {
  if (process.platform !== 'linux') return false
  // Looking up the host names of open sockets would take seconds; not in the types yet.
  Object.assign(process.report, { excludeNetwork: true })
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined
}
