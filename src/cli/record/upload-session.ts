/** Brings one spooled session to the server, as it grows or afterwards; any step may fail and be done again. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyHead } from '../../domain/operations/operator-log/recording/chunk-head.ts'
import { isServerFault } from './server-port.ts'
import type {
  AttachDecision,
  ClosedSession,
  CloseSession,
  OpenedSession,
  OpenSession,
  Progress,
  RecorderServer,
  RecorderServerFault,
  RedactionRequest,
} from './server-port.ts'
import { chunkFileName } from './spool/spool-files.ts'
import type { ChunkRecord } from './spool/session-record.ts'

/** What is to be uploaded. Everything but `open` grows while the session lasts. */
export type UploadSource = {
  readonly directory: string
  readonly open: OpenSession
  readonly opened: () => OpenedSession | null
  readonly setOpened: (opened: OpenedSession) => Promise<void>
  readonly chunks: () => readonly ChunkRecord[]
  readonly undelivered: () => readonly AttachDecision[]
  readonly delivered: (decision: AttachDecision) => void
  /** The server said no to it, for good. */
  readonly refusedDecision: (decision: AttachDecision, fault: RecorderServerFault) => void
  /** Spans the operator had cut. Of a session that is over the close says them. */
  readonly cuts?: {
    /** The next one that the server can act on: it holds this many chunks. */
    readonly due: (storedChunks: number) => RedactionRequest | undefined
    readonly settled: (cut: RedactionRequest) => void
  }
  readonly progress: () => Progress | null
  /** Null until the session has ended. */
  readonly close: () => CloseSession | null
}

export type UploadState =
  | { readonly kind: 'working' }
  | { readonly kind: 'unreachable'; readonly fault: RecorderServerFault }
  | { readonly kind: 'refused'; readonly fault: RecorderServerFault }
  | { readonly kind: 'closed'; readonly closed: ClosedSession }

export type Upload = {
  /** There is something new to send. */
  readonly wake: () => void
  readonly state: () => UploadState
  /** How many chunks the server may hold: what is behind them never left this machine. */
  readonly sent: () => number
  /** Resolves when the upload is closed or refused, or after `timeoutMs`, or when the server cannot be reached twice. */
  readonly finish: (timeoutMs: number) => Promise<UploadState>
  readonly stop: () => void
}

export type UploadTiming = {
  readonly retryMinMs: number
  readonly retryMaxMs: number
  readonly progressEveryMs: number
}

/** How often we look for something new when nobody woke us. */
const IDLE_MS = 1_000

export const UPLOAD_TIMING: UploadTiming = { retryMinMs: 1_000, retryMaxMs: 30_000, progressEveryMs: 60_000 }

export const openUpload = (
  server: RecorderServer,
  source: UploadSource,
  onChange: (state: UploadState) => void = () => {},
  timing: UploadTiming = UPLOAD_TIMING,
): Upload => new StepwiseUpload(server, source, onChange, timing)

class StepwiseUpload implements Upload {
  readonly #server: RecorderServer
  readonly #source: UploadSource
  readonly #onChange: (state: UploadState) => void
  readonly #timing: UploadTiming
  #state: UploadState = { kind: 'working' }
  /** What the server wants next; null when we have to ask. */
  #next: number | null = null
  #sent = 0
  #failures = 0
  #running = false
  #stopped = false
  #timer: NodeJS.Timeout | null = null
  #progressAt = performance.now()
  readonly #waiters = new Set<() => void>()

  constructor(
    server: RecorderServer,
    source: UploadSource,
    onChange: (state: UploadState) => void,
    timing: UploadTiming,
  ) {
    this.#server = server
    this.#source = source
    this.#onChange = onChange
    this.#timing = timing
  }

  wake(): void {
    // While the server is away the timer decides, so that a busy shell does not knock without end.
    if (this.#state.kind === 'working') void this.#run()
  }

  state(): UploadState {
    return this.#state
  }

  sent(): number {
    return this.#sent
  }

  async finish(timeoutMs: number): Promise<UploadState> {
    const deadline = performance.now() + timeoutMs
    this.#failures = 0
    void this.#run()
    while (!isOver(this.#state) && performance.now() < deadline) {
      await this.#changeOrTimeout(deadline - performance.now())
      if (this.#state.kind === 'unreachable' && this.#failures >= 2) break
    }
    return this.#state
  }

  stop(): void {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  async #run(): Promise<void> {
    if (this.#running || this.#stopped || isOver(this.#state)) return
    this.#running = true
    try {
      while (!this.#stopped && (await this.#step())) this.#worked()
      this.#worked()
    } catch (error) {
      this.#failed(error)
    } finally {
      this.#running = false
    }
    if (!this.#stopped && this.#timer === null && this.#state.kind === 'working') {
      this.#again(Math.min(this.#timing.progressEveryMs, IDLE_MS))
    }
  }

  /** One step towards the end; false when there is nothing to do for now. */
  async #step(): Promise<boolean> {
    const opened = this.#source.opened()
    if (opened === null) {
      await this.#source.setOpened(await this.#server.openSession(this.#source.open))
      return true
    }
    if (this.#next === null) {
      this.#next = await agreeOnNext(this.#server, this.#source, opened)
      this.#sent = Math.max(this.#sent, this.#next)
      return true
    }
    const decision = this.#source.undelivered()[0]
    if (decision !== undefined) {
      await this.#attach(opened, decision)
      return true
    }
    const cut = this.#source.cuts?.due(this.#next)
    if (cut !== undefined) {
      await this.#cut(opened, cut)
      return true
    }
    const chunk = this.#source.chunks()[this.#next]
    if (chunk !== undefined) {
      // Before the first wait: from here on nobody may change it any more.
      this.#sent = Math.max(this.#sent, chunk.n + 1)
      const bytes = await readFile(join(this.#source.directory, chunkFileName(chunk.n)))
      await this.#server.putChunk(opened, { ...chunk, bytes })
      this.#next++
      return true
    }
    const close = this.#source.close()
    if (close === null || this.#next !== close.chunks) return this.#sendProgress(opened)
    this.#change({ kind: 'closed', closed: await this.#server.close(opened, close) })
    return false
  }

  /** A decision that the server does not take must not keep the recording from it. */
  async #attach(opened: OpenedSession, decision: AttachDecision): Promise<void> {
    try {
      await this.#server.attachDecision(opened, decision)
    } catch (error) {
      if (!isServerFault(error) || error.fault !== 'refused') throw error
      this.#source.refusedDecision(decision, error)
    }
    this.#source.delivered(decision)
  }

  /** A server that does not take it hears of it once more at the close. */
  async #cut(opened: OpenedSession, cut: RedactionRequest): Promise<void> {
    try {
      await this.#server.redact(opened, cut)
    } catch (error) {
      if (!isServerFault(error) || error.fault !== 'refused') throw error
    }
    this.#source.cuts?.settled(cut)
  }

  async #sendProgress(opened: OpenedSession): Promise<boolean> {
    if (performance.now() - this.#progressAt < this.#timing.progressEveryMs) return false
    this.#progressAt = performance.now()
    const progress = this.#source.progress()
    if (progress !== null) await this.#server.progress(opened, progress)
    return false
  }

  #worked(): void {
    this.#failures = 0
    if (this.#state.kind === 'unreachable') this.#change({ kind: 'working' })
  }

  #failed(error: unknown): void {
    const fault = isServerFault(error) ? error : localFault(error)
    // The server has another idea of where we are (it was restored, or another process uploaded): ask it.
    const lostStep = fault.code === 'chunk-out-of-order' || fault.code === 'chunks-missing'
    this.#next = null
    this.#failures++
    if (fault.fault === 'refused' && !(lostStep && this.#failures < 3)) {
      this.#change({ kind: 'refused', fault })
      return
    }
    const { retryMinMs, retryMaxMs } = this.#timing
    this.#again(Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(this.#failures - 1, 10)))
    this.#change({ kind: 'unreachable', fault })
  }

  #again(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#run()
    }, delayMs)
    this.#timer.unref()
  }

  #change(state: UploadState): void {
    const kindChanged = state.kind !== this.#state.kind
    this.#state = state
    if (kindChanged) this.#onChange(state)
    for (const waiter of this.#waiters) waiter()
  }

  #changeOrTimeout(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timeout)
        this.#waiters.delete(done)
        resolve()
      }
      const timeout = setTimeout(done, Math.max(1, ms))
      this.#waiters.add(done)
    })
  }
}

const isOver = (state: UploadState): boolean => state.kind === 'closed' || state.kind === 'refused'

/** A closed session wants nothing more; its close is sent once more, for the answer that was lost. */
const agreeOnNext = async (
  server: RecorderServer,
  source: UploadSource,
  opened: OpenedSession,
): Promise<number> => {
  const status = await server.status(opened)
  const chunks = source.chunks()
  const before = status.next === 0 ? Buffer.from(emptyHead()).toString('hex') : chunks[status.next - 1]?.head
  if (before !== status.head) {
    throw {
      fault: 'refused',
      status: null,
      code: 'another-recording',
      detail: `The server holds ${status.next} chunks of this session that are not these; the spool is kept`,
    } satisfies RecorderServerFault
  }
  return status.next
}

/** Reading our own spool failed: worth another try, never worth giving the recording up. */
const localFault = (error: unknown): RecorderServerFault => ({
  fault: 'unreachable',
  status: null,
  code: 'spool-unreadable',
  detail: error instanceof Error ? error.message : String(error),
})
