/** One recorded session from the banner to the last word: terminal, shell, recording and upload, and their orderly end. */
import { randomBytes } from 'node:crypto'
import { askAtTheEnd } from './closing-questions.ts'
import { listenInside } from './control-socket.ts'
import type { InsideReply, InsideRequest } from './control-socket.ts'
import type { ElapsedClock } from './elapsed-clock.ts'
import { knownSecrets } from './known-secrets.ts'
import { openLiveRecording } from './live-recording.ts'
import type { LiveRecording } from './live-recording.ts'
import type { OperatorTerminal } from './operator-terminal.ts'
import type { RecordIo } from './record-io.ts'
import type { RecordRequest } from './record-options.ts'
import { banner, closingWords, labelOf } from './recording-words.ts'
import type { OpenedSession, OpenSession, RecorderServer } from './server-port.ts'
import { runShell } from './run-shell.ts'
import type { ShellExit } from './run-shell.ts'
import { prepareShell } from './shell/prepare-shell.ts'
import type { PreparedShell } from './shell/prepare-shell.ts'
import { spoolRoot } from './spool/spool-files.ts'
import { UPLOAD_TIMING } from './upload-session.ts'
import { listSpool, uploadSpooled } from './upload-spooled.ts'

export type SessionToRecord = {
  readonly request: RecordRequest
  readonly io: RecordIo
  readonly server: RecorderServer | null
  readonly terminal: OperatorTerminal
  readonly clock: ElapsedClock
  readonly shellFile: string
  readonly open: OpenSession
  readonly opened: OpenedSession | null
  /** Why the server could not be asked at the start; null when it answered. */
  readonly offlineReason: string | null
}

const FINISH_MS = 20_000
const FINISH_AFTER_SIGNAL_MS = 2_000

/** Resolves to the shell's exit code, 128 + n after signal n. */
export const recordSession = async (session: SessionToRecord): Promise<number> => {
  const { io, request, terminal } = session
  const root = spoolRoot(io.env, io.homeDirectory)
  const waiting = (await listSpool(root)).filter((entry) => !entry.alive).length
  const joined = joinParts(session, root)
  const { live, shell, label } = joined
  const control = await listenInside(shell.socketPath, joined.answer)
  io.stdout.write(banner(request, session.offlineReason, session.server === null ? 0 : waiting))
  const earlier = uploadEarlier(root, session)
  let exit: ShellExit
  try {
    exit = await runShell(session, shell, live, label)
  } catch (error) {
    // The shell did not start. The server has the session: close it, so that nobody looks for a recording.
    await live.finish(
      { ...(await live.end(null, 'exit')), summary: 'The shell could not be started' },
      FINISH_AFTER_SIGNAL_MS,
    )
    throw error
  } finally {
    terminal.restore(false)
    control.close()
    joined.end()
  }
  const code = await finish(session, live, exit)
  for (const words of earlier()) io.stdout.write(words)
  return code
}

type Joined = {
  readonly live: LiveRecording
  readonly shell: PreparedShell
  readonly label: () => string
  /** The shell is gone: no prompt and no title to label any more. */
  readonly end: () => void
  readonly answer: (request: InsideRequest) => Promise<InsideReply>
}

const joinParts = (session: SessionToRecord, root: string): Joined => {
  const { io, open, terminal } = session
  const nonce = randomBytes(16).toString('hex')
  let offline = session.opened === null
  let broken = false
  const label = (): string =>
    labelOf({
      environment: open.environment,
      kind: open.kind,
      decision: live?.decision() ?? open.decision ?? null,
      offline,
      paused: live?.recorder.isPaused() ?? false,
      broken,
    })
  let live: LiveRecording | null = null
  const shell = prepareShell({ shell: session.shellFile, env: io.env, nonce, label: label() })
  let over = false
  const relabel = (): void => {
    if (over) return
    shell.setLabel(label())
    terminal.setTitle(label())
  }
  live = openLiveRecording({
    root,
    open,
    opened: session.opened,
    server: session.server,
    clock: session.clock,
    nonce,
    known: [
      ...knownSecrets(io.env, io.homeDirectory),
      ...(io.connection === null ? [] : [io.connection.token]),
    ],
    homeDirectory: io.homeDirectory,
    socketPath: shell.socketPath,
    title: label().slice(2),
    terminalType: io.env['TERM'],
    timing: io.timing ?? UPLOAD_TIMING,
    onUpload: (state) => {
      if (state.kind === 'closed') return
      offline = state.kind !== 'working'
      relabel()
    },
    onDiskFault: (fault) => {
      const words =
        fault === null
          ? 'the recording is written to the disk again'
          : `the recording cannot be written (${fault}): it is held in memory until it can`
      terminal.show(Buffer.from(`\r\n\x1b[31m●\x1b[0m ${words}\r\n`))
    },
    onReady: shell.forgetNonce,
    onBroken: (error) => {
      broken = true
      relabel()
      const reason = error instanceof Error ? error.message : String(error)
      terminal.show(
        Buffer.from(
          `\r\n\x1b[31m○ The recorder failed (${reason}): from here on this shell is NOT RECORDED.\x1b[0m\r\n`,
        ),
      )
    },
  })
  const recording = live
  return {
    live: recording,
    shell,
    label,
    end: () => {
      over = true
      shell.remove()
    },
    answer: async (request) => {
      const reply = await answerInside(recording, open, request)
      relabel()
      return reply
    },
  }
}

const answerInside = async (
  live: LiveRecording,
  open: OpenSession,
  request: InsideRequest,
): Promise<InsideReply> => {
  switch (request.verb) {
    case 'status':
      return {
        ok: true,
        detail: `Recording ${open.environment}`,
        facts: {
          environment: open.environment,
          kind: open.kind,
          decision: live.decision(),
          localId: open.localId,
        },
      }
    case 'attach-decision':
      return live.attachDecision(request.decision)
    case 'pause':
      live.recorder.pause(request.why)
      return {
        ok: true,
        detail: 'Nothing is recorded until `fortnight record --resume`; the gap and its reason are shown',
      }
    case 'resume':
      live.recorder.resume()
      return { ok: true, detail: 'Recording again' }
    case 'redact-last':
      return live.redactLast(request.seconds, request.why)
  }
}

const finish = async (session: SessionToRecord, live: LiveRecording, exit: ShellExit): Promise<number> => {
  const { io, request } = session
  let close
  try {
    close = await live.end(exit.signalled ? null : exit.code, exit.signalled ? 'signal' : 'exit')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    io.stderr.write(
      `\nThe end of the recording could not be written (${reason}). What was written waits in ${live.directory}\n`,
    )
    return exit.code
  }
  if (!exit.signalled) close = { ...close, ...(await askAtTheEnd(io, request, live.decision())) }
  const result = await live.finish(close, exit.signalled ? FINISH_AFTER_SIGNAL_MS : FINISH_MS)
  const { environment, kind, decision } = session.open
  const under = {
    environment,
    kind,
    decision: live.decision() ?? decision ?? null,
    offline: false,
    paused: false,
    broken: false,
  }
  io.stdout.write(closingWords(labelOf(under).slice(2), close, result, live.directory))
  return exit.code
}

/** In the background, in silence; what came of it is told at the end. */
const uploadEarlier = (root: string, session: SessionToRecord): (() => readonly string[]) => {
  const words: string[] = []
  const { server, io } = session
  if (server === null || session.opened === null) return () => words
  const work = async (): Promise<void> => {
    for await (const result of uploadSpooled(root, server, FINISH_MS, io.timing)) {
      const { environment, startedAt } = result.session.record.open
      const which = `the session of ${new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC in ${environment}`
      words.push(
        result.kind === 'uploaded'
          ? `  Also uploaded: ${which}\n`
          : `  Still here: ${which} (${result.detail})\n`,
      )
    }
  }
  work().catch((error: unknown) =>
    words.push(`  Earlier sessions: ${error instanceof Error ? error.message : String(error)}\n`),
  )
  return () => words
}
