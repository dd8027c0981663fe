/** Runs the shell between the operator's terminal and the recording: keys in, output out, sizes, signals, and who waits for whom. */
import { SESSION_VARIABLE, SOCKET_VARIABLE } from './inside.ts'
import type { LiveRecording } from './live-recording.ts'
import type { OperatorTerminal } from './operator-terminal.ts'
import { spawnPty } from './pty.ts'
import type { Pty } from './pty.ts'
import type { RecordIo } from './record-io.ts'
import type { OpenedSession, OpenSession } from './server-port.ts'
import type { PreparedShell } from './shell/prepare-shell.ts'

type ShellToRun = {
  readonly io: RecordIo
  readonly terminal: OperatorTerminal
  readonly open: OpenSession
  readonly opened: OpenedSession | null
}

export type ShellExit = { readonly code: number; readonly signalled: boolean }

/** Held in memory and not yet written: above it the shell waits, so that a flood cannot fill the memory. */
const BACKLOG_MAX_BYTES = 8 * 1024 * 1024
const KILL_AFTER_MS = 1_000

/** Joins terminal, shell and recording until the shell ends. */
export const runShell = async (
  session: ShellToRun,
  shell: PreparedShell,
  live: LiveRecording,
  label: () => string,
): Promise<ShellExit> => {
  const { io, terminal } = session
  const pty = await spawnPty({
    file: shell.file,
    args: shell.args,
    cwd: io.cwd,
    env: childEnvironment(session, shell),
    cols: terminal.cols(),
    rows: terminal.rows(),
  })
  const flow = openFlow(pty, live)
  terminal.onDrain(flow.drained)
  terminal.onResize(() => {
    pty.resize(terminal.cols(), terminal.rows())
    live.recorder.resize(terminal.cols(), terminal.rows())
  })
  pty.onData((bytes) => {
    for (const part of live.feed(bytes)) if (!terminal.show(part)) flow.full()
    flow.check()
  })
  terminal.take((keys) => pty.write(keys))
  terminal.setTitle(label())
  return new Promise((resolve) => {
    const signals = openSignals((signal) => {
      pty.kill('SIGHUP')
      setTimeout(() => pty.kill('SIGKILL'), KILL_AFTER_MS).unref()
      terminal.restore(true)
      flow.resumeForGood()
      return signal
    })
    pty.onExit(({ exitCode, signal }) => {
      flow.close()
      const received = signals.close()
      const code = received !== null ? 128 + received : signal > 0 ? 128 + signal : exitCode
      resolve({ code, signalled: received !== null })
    })
  })
}

/** The two who may be slower than the shell: the operator's terminal and the disk. */
const openFlow = (pty: Pty, live: LiveRecording) => {
  let terminalFull = false
  let waiting = false
  let forGood = false
  const apply = (): void => {
    const wait = !forGood && (terminalFull || live.backlogBytes() > BACKLOG_MAX_BYTES)
    if (wait === waiting) return
    waiting = wait
    if (wait) pty.pause()
    else pty.resume()
  }
  const timer = setInterval(() => {
    if (waiting) apply()
  }, 20)
  return {
    full: () => {
      terminalFull = true
    },
    drained: () => {
      terminalFull = false
      apply()
    },
    check: apply,
    resumeForGood: () => {
      forGood = true
      apply()
    },
    close: () => clearInterval(timer),
  }
}

const SIGNALS = { SIGHUP: 1, SIGTERM: 15 } as const

/** A closed window or a shutdown ends the session in order; SIGINT from outside is the shell's business, not ours. */
const openSignals = (onFirst: (signal: number) => void): { close: () => number | null } => {
  let received: number | null = null
  const listeners = Object.entries(SIGNALS).map(([name, number]) => {
    const listener = (): void => {
      if (received !== null) return
      received = number
      onFirst(number)
    }
    process.on(name, listener)
    return { name, listener }
  })
  const ignoreInterrupt = (): void => {}
  process.on('SIGINT', ignoreInterrupt)
  return {
    close: () => {
      for (const { name, listener } of listeners) process.off(name, listener)
      process.off('SIGINT', ignoreInterrupt)
      return received
    },
  }
}

const childEnvironment = (
  { io, open, opened }: ShellToRun,
  shell: PreparedShell,
): Readonly<Record<string, string>> => {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(io.env)) if (value !== undefined) env[name] = value
  return {
    ...env,
    ...shell.env,
    // The server's id where there is one: `fortnight decide` asks by it for the environment and the incident.
    [SESSION_VARIABLE]: opened?.sessionId ?? open.localId,
    [SOCKET_VARIABLE]: shell.socketPath,
    FORTNIGHT_ENVIRONMENT: open.environment,
  }
}
