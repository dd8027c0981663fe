/** The operator's own terminal around the recorded shell: taken over at the start, given back whatever happens. */
import { spawnSync } from 'node:child_process'
import type { RecordIo } from './record-io.ts'

export type OperatorTerminal = {
  readonly cols: () => number
  readonly rows: () => number
  /** Raw mode; keys go to `onKeys` until `restore`. */
  readonly take: (onKeys: (bytes: Buffer) => void) => void
  readonly setTitle: (title: string) => void
  /** False when the terminal cannot keep up; `onDrain` tells when it can again. */
  readonly show: (bytes: Buffer) => boolean
  readonly onDrain: (listener: () => void) => void
  readonly onResize: (listener: () => void) => void
  /** @param afterSignal also undoes what a program that was cut off left behind (mouse, alternate screen). */
  readonly restore: (afterSignal: boolean) => void
}

const PUSH_TITLE = '\x1b[22;0t'
const POP_TITLE = '\x1b[23;0t'
/** Alternate screen, cursor, bracketed paste, mouse, application keys. */
const CALM = '\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1l\x1b>\x1b[0m'

export const openOperatorTerminal = (io: RecordIo): OperatorTerminal => {
  let taken = false
  let keys: ((bytes: Buffer) => void) | null = null
  let resized: (() => void) | null = null
  // The window may be gone (EIO, EPIPE): the shell hears of it through SIGHUP, not through our crash.
  const ignore = (): void => {}
  io.stdout.on('error', ignore)
  io.stdin.on('error', ignore)

  const restore = (afterSignal: boolean): void => {
    if (!taken) return
    taken = false
    if (keys !== null) io.stdin.off('data', keys)
    if (resized !== null) io.stdout.off('resize', resized)
    try {
      io.stdin.setRawMode(false)
      io.stdin.pause()
      io.stdout.write((afterSignal ? CALM : '') + POP_TITLE)
    } catch {
      // No terminal any more.
    }
    process.off('exit', onProcessExit)
  }
  const onProcessExit = (): void => restore(true)

  return {
    cols: () => io.stdout.columns || 80,
    rows: () => io.stdout.rows || 24,
    take: (onKeys) => {
      taken = true
      keys = onKeys
      process.on('exit', onProcessExit)
      io.stdin.setRawMode(true)
      // libuv's raw mode still turns \n into \r\n, which the inner terminal has done where it was wanted: full-screen
      // programs move the cursor down with a bare \n. setRawMode(false) brings the operator's own setting back.
      spawnSync('stty', ['-onlcr'], { stdio: [io.stdin, 'ignore', 'ignore'] })
      io.stdin.on('data', onKeys)
      io.stdin.resume()
      io.stdout.write(PUSH_TITLE)
    },
    setTitle: (title) => {
      // oxlint-disable-next-line no-control-regex
      io.stdout.write(`\x1b]0;${title.replaceAll(/[\x00-\x1f\x7f]/g, '')}\x07`)
    },
    show: (bytes) => io.stdout.write(bytes),
    onDrain: (listener) => void io.stdout.on('drain', listener),
    onResize: (listener) => {
      resized = listener
      io.stdout.on('resize', listener)
    },
    restore,
  }
}
