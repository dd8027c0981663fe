/** A running session: the recorder's heart joined to its spool, its upload, its socket and its clock. */
import { createHmac, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CastEvent } from '../../domain/operations/operator-log/recording/asciicast.ts'
import type { RecordedCommand } from '../../domain/operations/operator-log/recording/command-list.ts'
import { SECRET_RULES } from '../../domain/operations/operator-log/recording/redaction/secret-rules.ts'
import type { InsideReply } from './control-socket.ts'
import type { ElapsedClock } from './elapsed-clock.ts'
import { openKubeContextReader } from './kube-context.ts'
import type {
  AttachDecision,
  ClosedCommand,
  CloseSession,
  OpenedSession,
  OpenSession,
  RecorderServer,
  RedactionRequest,
} from './server-port.ts'
import { isServerFault } from './server-port.ts'
import { NOTE, openSessionRecorder } from './session-recorder.ts'
import type { SessionRecorder } from './session-recorder.ts'
import { CLOSE_FILE } from './spool/session-record.ts'
import type { SessionState } from './spool/session-record.ts'
import { openSessionSpool } from './spool/session-spool.ts'
import { writeDurably } from './spool/spool-files.ts'
import { openUpload } from './upload-session.ts'
import type { Upload, UploadState, UploadTiming } from './upload-session.ts'

export type LiveRecording = {
  readonly recorder: SessionRecorder
  readonly directory: string
  readonly upload: Upload
  readonly attachDecision: (decision: string) => Promise<InsideReply>
  readonly redactLast: (seconds: number, why: string) => Promise<InsideReply>
  readonly decision: () => string | null
  /** Bytes recorded and not yet on the disk: more than a few megabytes, and the shell has to wait. */
  readonly backlogBytes: () => number
  readonly hasCommands: () => boolean
  /** Everything sealed and written; the upload still waits for `finish`. */
  readonly end: (exitCode: number | null, ended: 'exit' | 'signal') => Promise<CloseSession>
  readonly finish: (close: CloseSession, timeoutMs: number) => Promise<UploadState>
}

export type LiveRecordingOptions = {
  readonly root: string
  readonly open: OpenSession
  readonly opened: OpenedSession | null
  /** Null when nobody has signed in: the spool waits. */
  readonly server: RecorderServer | null
  readonly clock: ElapsedClock
  readonly nonce: string
  readonly known: readonly string[]
  readonly homeDirectory: string
  readonly socketPath: string
  readonly title: string
  readonly terminalType: string | undefined
  readonly timing: UploadTiming
  readonly onUpload: (state: UploadState) => void
  /** Null when it is well again. */
  readonly onDiskFault: (fault: string | null) => void
  readonly onReady: () => void
}

const FLUSH_EVERY_MS = 250
const SETTLE_EVERY_MS = 50

export const openLiveRecording = (options: LiveRecordingOptions): LiveRecording => {
  const { clock } = options
  const tagKey = randomBytes(32)
  let opened = options.opened
  let decisions: readonly (AttachDecision & { readonly delivered: boolean })[] = []
  let redactionRequests: readonly RedactionRequest[] = []
  let finalClose: CloseSession | null = null
  let activeAtMs = 0
  let diskFault: string | null = null

  const spool = openSessionSpool({
    root: options.root,
    open: options.open,
    opened,
    socketPath: options.socketPath,
    terminalType: options.terminalType,
    title: options.title,
    onSealed: () => upload.wake(),
  })
  const upload = openUpload(
    options.server ?? noServer(),
    {
      directory: spool.directory,
      open: options.open,
      opened: () => opened,
      setOpened: async (answer) => {
        opened = answer
        await spool.setOpened(answer)
        options.onUpload({ kind: 'working' })
      },
      chunks: spool.chunks,
      undelivered: () => decisions.filter((one) => !one.delivered).map(withoutDelivered),
      delivered: (done) => {
        decisions = decisions.map((one) => (isSame(one, done) ? { ...one, delivered: true } : one))
      },
      progress: () => ({
        chunks: spool.chunks().length,
        head: spool.chunks().at(-1)?.head ?? '0'.repeat(64),
        durationMs: clock.elapsedMs(),
        commands: recorder.facts().commands.length,
      }),
      close: () => finalClose,
    },
    options.onUpload,
    options.timing,
  )
  const recorder = openSessionRecorder({
    nonce: options.nonce,
    cols: options.open.cols,
    homeDirectory: options.homeDirectory,
    elapsedMs: clock.elapsedMs,
    kubeContext: openKubeContextReader(),
    redaction: {
      rules: SECRET_RULES,
      known: [...options.known, options.nonce],
      tag: (secret) => createHmac('sha256', tagKey).update(secret).digest('hex').slice(0, 6),
      decodeBase64,
    },
    onEvents: (events) => {
      activeAtMs = clock.elapsedMs()
      spool.append(events)
    },
    onCommand: (command) => spool.command(onTheWallClock(command, clock.startedAt)),
    onReady: options.onReady,
  })

  const state = (): SessionState => {
    const facts = recorder.facts()
    return {
      // While nothing happens and nothing is held, the state on the disk stays true as it is.
      elapsedMs: facts.heldSinceMs === null ? activeAtMs : clock.elapsedMs(),
      heldSinceMs: facts.heldSinceMs,
      redactions: facts.redactions,
      forgedMarks: facts.forgedMarks,
      shellMarks: facts.shellMarks,
      pauses: facts.pauses,
      redactionRequests,
      decisions,
    }
  }

  let flushing = false
  const flush = async (): Promise<void> => {
    if (flushing) return
    flushing = true
    try {
      await spool.flush(state(), clock.elapsedMs())
      if (diskFault !== null) options.onDiskFault((diskFault = null))
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error)
      if (diskFault === null) options.onDiskFault((diskFault = fault))
    } finally {
      flushing = false
    }
  }
  upload.wake()
  const timers = [
    setInterval(recorder.settle, SETTLE_EVERY_MS),
    setInterval(() => void flush(), FLUSH_EVERY_MS),
  ]

  return {
    recorder,
    directory: spool.directory,
    upload,
    decision: () => decisions.at(-1)?.decision ?? options.open.decision ?? null,
    backlogBytes: spool.backlogBytes,
    hasCommands: () => recorder.facts().commands.length > 0,
    attachDecision: async (decision) => {
      const attached: AttachDecision = {
        decision,
        atCommand: recorder.facts().commands.length + 1,
        atMs: clock.elapsedMs(),
      }
      const reply = await tellServer(options.server, opened, attached)
      if (!reply.ok) return reply
      decisions = [...decisions, { ...attached, delivered: reply.facts?.['delivered'] === true }]
      recorder.marker(`decision ${decision}`)
      upload.wake()
      return reply
    },
    redactLast: async (seconds, why) => {
      const toMs = clock.elapsedMs()
      const fromMs = Math.max(0, toMs - seconds * 1000)
      recorder.settle()
      const openFromMs = await spool.amendOpen((event) =>
        event.atMs >= fromMs && isShown(event) ? null : event,
      )
      recorder.cutCommandsSince(fromMs)
      await spool.replaceCommands(
        recorder.facts().commands.map((command) => onTheWallClock(command, clock.startedAt)),
      )
      redactionRequests = [...redactionRequests, { fromMs, toMs, why }]
      recorder.marker(`the last ${seconds} s cut by the operator: ${why}`)
      const wholly = openFromMs <= fromMs
      return {
        ok: true,
        detail: wholly ? 'Cut before it was sent' : 'Cut here; what was sent already is asked to be cut',
      }
    },
    end: async (exitCode, ended) => {
      for (const timer of timers) clearInterval(timer)
      recorder.end(exitCode)
      const facts = recorder.facts()
      return spool.close(state(), (chunks) => ({
        chunks: chunks.length,
        head: chunks.at(-1)!.head,
        durationMs: clock.elapsedMs(),
        exitCode,
        ended,
        commands: facts.commands.map((command) => onTheWallClock(command, clock.startedAt)),
        redactions: facts.redactions,
        lostTailMs: 0,
        forgedMarks: facts.forgedMarks,
        shellMarks: facts.shellMarks,
        pauses: facts.pauses,
        redactionRequests,
      }))
    },
    finish: async (close, timeoutMs) => {
      await writeDurably(join(spool.directory, CLOSE_FILE), JSON.stringify(close))
      finalClose = close
      const result = options.server === null ? upload.state() : await upload.finish(timeoutMs)
      upload.stop()
      if (result.kind === 'closed') rmSync(spool.directory, { recursive: true, force: true })
      return result
    },
  }
}

/** Directly, so that the operator hears a refusal; kept for later when the server is away. */
const tellServer = async (
  server: RecorderServer | null,
  opened: OpenedSession | null,
  attached: AttachDecision,
): Promise<InsideReply> => {
  const kept: InsideReply = {
    ok: true,
    detail: `${attached.decision} is noted here; the server hears of it when it can be reached`,
    facts: { delivered: false, atCommand: attached.atCommand },
  }
  if (server === null || opened === null) return kept
  try {
    await server.attachDecision(opened, attached)
    return {
      ok: true,
      detail: `From the next prompt on this is a change under ${attached.decision}`,
      facts: { delivered: true, atCommand: attached.atCommand },
    }
  } catch (error) {
    if (!isServerFault(error)) throw error
    return error.fault === 'unreachable' ? kept : { ok: false, code: error.code, detail: error.detail }
  }
}

/** What the terminal showed and what was typed; the recorder's own notes stay. */
const isShown = (event: CastEvent): boolean =>
  event.code === 'o' || (event.code === 'm' && !event.data.startsWith(NOTE))

const onTheWallClock = (command: RecordedCommand, startedAt: number): ClosedCommand => {
  const { startedAtMs, ...rest } = command
  return { ...rest, startedAt: startedAt + startedAtMs }
}

const isSame = (a: AttachDecision, b: AttachDecision): boolean =>
  a.decision === b.decision && a.atCommand === b.atCommand

const withoutDelivered = ({ decision, atCommand, atMs }: AttachDecision): AttachDecision => ({
  decision,
  atCommand,
  atMs,
})

const decodeBase64 = (text: string): string | null => {
  const bytes = Buffer.from(text, 'base64')
  const decoded = bytes.toString('utf8')
  // Binary is never shown as itself.
  return decoded.includes('\ufffd') ? null : decoded
}

const noServer = (): RecorderServer => {
  const away = (): Promise<never> =>
    Promise.reject({
      fault: 'unreachable',
      status: null,
      code: 'not-signed-in',
      detail: 'Nobody has signed in on this machine',
    })
  return {
    openSession: away,
    attachDecision: away,
    putChunk: away,
    progress: away,
    status: away,
    close: away,
  }
}
