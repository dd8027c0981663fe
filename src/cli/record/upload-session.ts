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
  readonly sentChunks: () => number
  /** Resolves when the upload is closed or refused, or after `timeoutMs`, or when the server cannot be reached twice. */
  readonly finish: (timeoutMs: number) => Promise<UploadState>
  readonly stop: () => void
}

export type UploadTiming = {
  readonly retryMinMs: number
  readonly retryMaxMs: number
  readonly progressEveryMs: number
}

export const UPLOAD_TIMING: UploadTiming = { retryMinMs: 1_000, retryMaxMs: 30_000, progressEveryMs: 60_000 }

export const openUpload = (
  server: RecorderServer,
  source: UploadSource,
  onChange: (state: UploadState) => void = () => {},
  timing: UploadTiming = UPLOAD_TIMING,
): Upload => {
  let state: UploadState = { kind: 'working' }
  /** What the server wants next; null when we have to ask. */
  let next: number | null = null
  let failures = 0
  let running = false
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  let progressAt = performance.now()
  let waiters: (() => void)[] = []

  const change = (to: UploadState): void => {
    const kindChanged = to.kind !== state.kind
    state = to
    if (kindChanged) onChange(state)
    for (const waiter of waiters) waiter()
  }

  /** One step towards the end; false when there is nothing to do for now. */
  const step = async (): Promise<boolean> => {
    const opened = source.opened()
    if (opened === null) {
      await source.setOpened(await server.openSession(source.open))
      return true
    }
    if (next === null) {
      next = await agreeOnNext(server, source, opened)
      return true
    }
    const decision = source.undelivered()[0]
    if (decision !== undefined) {
      await server.attachDecision(opened, decision)
      source.delivered(decision)
      return true
    }
    const chunk = source.chunks()[next]
    if (chunk !== undefined) {
      const bytes = await readFile(join(source.directory, chunkFileName(chunk.n)))
      await server.putChunk(opened, { ...chunk, bytes })
      next++
      return true
    }
    const close = source.close()
    if (close !== null && next === close.chunks) {
      change({ kind: 'closed', closed: await server.close(opened, close) })
      return false
    }
    return sendProgress(opened)
  }

  const sendProgress = async (opened: OpenedSession): Promise<boolean> => {
    if (performance.now() - progressAt < timing.progressEveryMs) return false
    progressAt = performance.now()
    const progress = source.progress()
    if (progress !== null) await server.progress(opened, progress)
    return false
  }

  const run = async (): Promise<void> => {
    if (running || stopped || state.kind === 'closed' || state.kind === 'refused') return
    running = true
    try {
      while (!stopped && (await step())) {
        failures = 0
        if (state.kind === 'unreachable') change({ kind: 'working' })
      }
      failures = 0
      if (state.kind === 'unreachable') change({ kind: 'working' })
    } catch (error) {
      failed(error)
    } finally {
      running = false
    }
    if (!stopped && timer === null && state.kind === 'working') again(Math.min(timing.progressEveryMs, 1_000))
  }

  const failed = (error: unknown): void => {
    const fault = isServerFault(error) ? error : localFault(error)
    // The server has another idea of where we are (it was restored, or another process uploaded): ask it.
    const lostStep = fault.code === 'chunk-out-of-order' || fault.code === 'chunks-missing'
    next = null
    failures++
    if (fault.fault === 'refused' && !(lostStep && failures < 3)) {
      change({ kind: 'refused', fault })
      return
    }
    again(Math.min(timing.retryMaxMs, timing.retryMinMs * 2 ** Math.min(failures - 1, 10)))
    change({ kind: 'unreachable', fault })
  }

  const again = (delayMs: number): void => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      timer = null
      void run()
    }, delayMs)
    timer.unref()
  }

  return {
    wake: () => {
      // While the server is away the timer decides, so that a busy shell does not knock without end.
      if (state.kind === 'working') void run()
    },
    state: () => state,
    sentChunks: () => next ?? 0,
    finish: async (timeoutMs) => {
      const deadline = performance.now() + timeoutMs
      failures = 0
      void run()
      while (!isOver(state) && performance.now() < deadline) {
        await changeOrTimeout(deadline - performance.now())
        if (state.kind === 'unreachable' && failures >= 2) break
      }
      return state
    },
    stop: () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }

  function changeOrTimeout(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(wait)
        waiters = waiters.filter((waiter) => waiter !== done)
        resolve()
      }
      const wait = setTimeout(done, Math.max(1, ms))
      waiters.push(done)
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
