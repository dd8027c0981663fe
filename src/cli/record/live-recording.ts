/** A running session: the recorder's heart joined to its spool, its upload, its socket and its clock. */
import { createHmac, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CastEvent } from '../../domain/operations/operator-log/recording/asciicast.ts'
import { isShown } from '../../domain/operations/operator-log/recording/cut-cast.ts'
import type { RecordedCommand } from '../../domain/operations/operator-log/recording/command-list.ts'
import { SECRET_RULES } from '../../domain/operations/operator-log/recording/redaction/secret-rules.ts'
import type { RedactorOptions } from '../../domain/operations/operator-log/recording/redaction/redactor.ts'
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
  RecorderServerFault,
  RedactionRequest,
} from './server-port.ts'
import { isServerFault } from './server-port.ts'
import { openSessionRecorder } from './session-recorder.ts'
import type { SessionRecorder } from './session-recorder.ts'
import { CLOSE_FILE } from './spool/session-record.ts'
import type { ChunkRecord, SessionState } from './spool/session-record.ts'
import { openSessionSpool } from './spool/session-spool.ts'
import type { SessionSpool } from './spool/session-spool.ts'
import { writeDurably } from './spool/spool-files.ts'
import { closedCommand } from './closed-command.ts'
import { openUpload } from './upload-session.ts'
import type { Upload, UploadSource, UploadState, UploadTiming } from './upload-session.ts'

export type LiveRecording = {
  readonly recorder: SessionRecorder
  readonly directory: string
  /** Records what the shell wrote; returns what the terminal is to show of it. */
  readonly feed: (bytes: Buffer) => readonly Buffer[]
  readonly attachDecision: (decision: string) => Promise<InsideReply>
  readonly redactLast: (seconds: number, why: string) => Promise<InsideReply>
  readonly decision: () => string | null
  /** Bytes recorded and not yet on the disk: more than a few megabytes, and the shell has to wait. */
  readonly backlogBytes: () => number
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
  /** The recorder itself failed: the shell goes on, and from here on nothing of it is recorded. */
  readonly onBroken: (error: unknown) => void
}

/** What the server takes in one close; a longer session keeps its last commands there, and all of them in its markers. */
const COMMANDS_MAX = 5_000
const SPANS_MAX = 1_000
const WHY_MAX = 500

const FLUSH_EVERY_MS = 250
const SETTLE_EVERY_MS = 50

export const openLiveRecording = (options: LiveRecordingOptions): LiveRecording =>
  new SpooledRecording(options)

class SpooledRecording implements LiveRecording {
  readonly recorder: SessionRecorder
  readonly #options: LiveRecordingOptions
  readonly #spool: SessionSpool
  readonly #upload: Upload
  readonly #timers: readonly NodeJS.Timeout[]
  #opened: OpenedSession | null
  #decisions: readonly (AttachDecision & { readonly delivered: boolean })[] = []
  #redactionRequests: readonly RedactionRequest[] = []
  /** Those that the server has not heard of, with the number of chunks it has to hold before. */
  #cutsToTell: readonly { readonly cut: RedactionRequest; readonly afterChunks: number }[] = []
  /** While a span is cut from sealed chunks, none of these is sent. */
  #holdFrom: number | null = null
  #finalClose: CloseSession | null = null
  #activeAtMs = 0
  #diskFault: string | null = null
  #flushing = false
  #brokenAtMs: number | null = null

  constructor(options: LiveRecordingOptions) {
    this.#options = options
    this.#opened = options.opened
    this.#spool = openSessionSpool({ ...options, onSealed: () => this.#upload.wake() })
    this.#upload = openUpload(
      options.server ?? NO_SERVER,
      this.#uploadSource(),
      options.onUpload,
      options.timing,
    )
    this.recorder = openSessionRecorder({
      ...options,
      cols: options.open.cols,
      elapsedMs: options.clock.elapsedMs,
      kubeContext: openKubeContextReader(),
      redaction: redactionOf(options),
      onEvents: (events) => {
        this.#activeAtMs = options.clock.elapsedMs()
        this.#spool.append(events.filter((event) => !this.#isCut(event)))
      },
      onCommand: (command) => this.#spool.command(this.#closed(command)),
    })
    this.#upload.wake()
    this.#timers = [
      setInterval(() => this.#guard(() => this.recorder.settle()), SETTLE_EVERY_MS),
      setInterval(() => void this.#flush(), FLUSH_EVERY_MS),
    ]
  }

  get directory(): string {
    return this.#spool.directory
  }

  feed(bytes: Buffer): readonly Buffer[] {
    return this.#guard(() => this.recorder.feed(bytes)) ?? [bytes]
  }

  decision(): string | null {
    return this.#decisions.at(-1)?.decision ?? this.#options.open.decision ?? null
  }

  backlogBytes(): number {
    return this.#spool.backlogBytes()
  }

  async attachDecision(decision: string): Promise<InsideReply> {
    const attached: AttachDecision = {
      decision,
      atCommand: this.recorder.facts().commands.length + 1,
      atMs: this.#options.clock.elapsedMs(),
    }
    const reply = await tellServer(this.#options.server, this.#opened, attached)
    if (!reply.ok) return reply
    this.#decisions = [...this.#decisions, { ...attached, delivered: reply.facts?.['delivered'] === true }]
    this.recorder.marker(`decision ${decision}`)
    this.#upload.wake()
    return reply
  }

  async redactLast(seconds: number, why: string): Promise<InsideReply> {
    const toMs = this.#options.clock.elapsedMs()
    const fromMs = Math.max(0, toMs - seconds * 1000)
    const cut = { fromMs, toMs, why: this.recorder.redactText(why).slice(0, WHY_MAX) }
    this.recorder.settle()
    // Held lines of the span settle later; they are dropped then.
    this.#redactionRequests = [...this.#redactionRequests, cut]
    const sent = this.#upload.sent()
    this.#holdFrom = sent
    let ownFromMs: number
    try {
      ownFromMs = await this.#spool.cut(cut, sent)
    } finally {
      this.#holdFrom = null
    }
    this.recorder.cutCommandsSince(fromMs)
    await this.#spool.replaceCommands(this.#commands())
    this.#cutsToTell = [...this.#cutsToTell, { cut, afterChunks: sent }]
    this.recorder.marker(`the last ${seconds} s cut by the operator: ${why}`)
    this.#upload.wake()
    const wholly = ownFromMs <= fromMs
    return {
      ok: true,
      detail: wholly ? 'Cut before it was sent' : 'Cut here; the server cuts what was sent already',
    }
  }

  #isCut(event: CastEvent): boolean {
    return (
      isShown(event) &&
      this.#redactionRequests.some(({ fromMs, toMs }) => event.atMs >= fromMs && event.atMs <= toMs)
    )
  }

  async end(exitCode: number | null, ended: 'exit' | 'signal'): Promise<CloseSession> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#guard(() => this.recorder.end(exitCode))
    return this.#spool.close(this.#state(), (chunks) => this.#describeClose(chunks, exitCode, ended))
  }

  async finish(close: CloseSession, timeoutMs: number): Promise<UploadState> {
    await writeDurably(join(this.directory, CLOSE_FILE), JSON.stringify(close))
    this.#finalClose = close
    const result = this.#options.server === null ? NOT_SIGNED_IN : await this.#upload.finish(timeoutMs)
    this.#upload.stop()
    if (result.kind === 'closed') rmSync(this.directory, { recursive: true, force: true })
    return result
  }

  /** A fault of ours must not take the operator's shell away in the middle of an incident; it must be seen, though. */
  #guard<T>(work: () => T): T | null {
    if (this.#brokenAtMs !== null) return null
    try {
      return work()
    } catch (error) {
      this.#brokenAtMs = this.#options.clock.elapsedMs()
      this.#options.onBroken(error)
      return null
    }
  }

  #describeClose(
    chunks: readonly ChunkRecord[],
    exitCode: number | null,
    ended: 'exit' | 'signal',
  ): CloseSession {
    const { redactions, forgedMarks, shellMarks, pauses } = this.recorder.facts()
    return {
      chunks: chunks.length,
      head: chunks.at(-1)!.head,
      durationMs: this.#options.clock.elapsedMs(),
      exitCode,
      ended: this.#brokenAtMs === null ? ended : 'recorder-lost',
      commands: this.#commands(),
      redactions,
      lostTailMs: this.#brokenAtMs === null ? 0 : this.#options.clock.elapsedMs() - this.#brokenAtMs,
      forgedMarks,
      shellMarks,
      pauses: pauses.slice(-SPANS_MAX),
      redactionRequests: this.#redactionRequests.slice(-SPANS_MAX),
    }
  }

  #uploadSource(): UploadSource {
    const { clock, open } = this.#options
    return {
      directory: this.#spool.directory,
      open,
      opened: () => this.#opened,
      setOpened: async (answer) => {
        this.#opened = answer
        await this.#spool.setOpened(answer)
        this.#options.onUpload({ kind: 'working' })
      },
      chunks: () => this.#spool.chunks().slice(0, this.#holdFrom ?? undefined),
      cuts: {
        due: (stored) => this.#cutsToTell.find(({ afterChunks }) => stored >= afterChunks)?.cut,
        settled: (done) => {
          this.#cutsToTell = this.#cutsToTell.filter(({ cut }) => cut !== done)
        },
      },
      undelivered: () => this.#decisions.filter((one) => !one.delivered).map(withoutDelivered),
      delivered: (done) => {
        this.#decisions = this.#decisions.map((one) =>
          isSame(one, done) ? { ...one, delivered: true } : one,
        )
      },
      refusedDecision: ({ decision }, fault) =>
        this.recorder.marker(`${decision} was not attached: ${fault.detail}`),
      progress: () => ({
        chunks: this.#spool.chunks().length,
        head: this.#spool.chunks().at(-1)?.head ?? '0'.repeat(64),
        durationMs: clock.elapsedMs(),
        commands: this.recorder.facts().commands.length,
      }),
      close: () => this.#finalClose,
    }
  }

  #state(): SessionState {
    const { heldSinceMs, redactions, forgedMarks, shellMarks, pauses } = this.recorder.facts()
    const nowMs = this.#options.clock.elapsedMs()
    return {
      // While nothing happens and nothing is held, what is on the disk stays true; a held line moves it each second.
      elapsedMs: heldSinceMs === null ? this.#activeAtMs : Math.max(heldSinceMs, nowMs - (nowMs % 1000)),
      heldSinceMs,
      redactions,
      forgedMarks,
      shellMarks,
      pauses,
      redactionRequests: this.#redactionRequests,
      decisions: this.#decisions,
    }
  }

  async #flush(): Promise<void> {
    if (this.#flushing) return
    this.#flushing = true
    try {
      await this.#spool.flush(this.#state(), this.#options.clock.elapsedMs())
      this.#setDiskFault(null)
    } catch (error) {
      this.#setDiskFault(error instanceof Error ? error.message : String(error))
    } finally {
      this.#flushing = false
    }
  }

  #setDiskFault(fault: string | null): void {
    const changed = (fault === null) !== (this.#diskFault === null)
    this.#diskFault = fault
    if (changed) this.#options.onDiskFault(fault)
  }

  #commands(): readonly ClosedCommand[] {
    return this.recorder
      .facts()
      .commands.slice(-COMMANDS_MAX)
      .map((command) => this.#closed(command))
  }

  #closed(command: RecordedCommand): ClosedCommand {
    return closedCommand(command, this.#options.clock.startedAt)
  }
}

const redactionOf = (options: LiveRecordingOptions): RedactorOptions => {
  const tagKey = randomBytes(32)
  return {
    rules: SECRET_RULES,
    known: [...options.known, options.nonce],
    tag: (secret) => createHmac('sha256', tagKey).update(secret).digest('hex').slice(0, 6),
    decodeBase64,
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

const NOT_SIGNED_IN_FAULT: RecorderServerFault = {
  fault: 'unreachable',
  status: null,
  code: 'not-signed-in',
  detail: 'Nobody has signed in on this machine',
}

const NOT_SIGNED_IN: UploadState = { kind: 'unreachable', fault: NOT_SIGNED_IN_FAULT }

const away = (): Promise<never> => Promise.reject(NOT_SIGNED_IN_FAULT)

const NO_SERVER: RecorderServer = {
  openSession: away,
  attachDecision: away,
  redact: away,
  putChunk: away,
  progress: away,
  status: away,
  close: away,
}
