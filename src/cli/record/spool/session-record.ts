/** What a spooled session keeps beside its chunks, so that another process can finish it. No secret but the session's key. */
import type {
  AttachDecision,
  CloseSession,
  OpenedSession,
  OpenSession,
  Pause,
  RedactionRequest,
} from '../server-port.ts'

/** session.json: written at the start, and again when the server has opened the session. */
export type SessionRecord = {
  readonly format: 1
  readonly open: OpenSession
  /** Null until the server has answered. */
  readonly opened: OpenedSession | null
  /** The recorder that is alive answers here. */
  readonly socketPath: string
}

/** state.json: replaced each second while something happens. It bounds what a kill -9 can have taken. */
export type SessionState = {
  /** Milliseconds since the start at which this was written. */
  readonly elapsedMs: number
  /** When the oldest event was shown that had not been given to the disk; null when nothing was held back. */
  readonly heldSinceMs: number | null
  readonly redactions: Readonly<Record<string, number>>
  readonly forgedMarks: number
  readonly shellMarks: boolean
  readonly pauses: readonly Pause[]
  readonly redactionRequests: readonly RedactionRequest[]
  /** `delivered` once the server has it. */
  readonly decisions: readonly (AttachDecision & { readonly delivered: boolean })[]
}

/** A line of chunks.ndjson. */
export type ChunkRecord = {
  readonly n: number
  readonly sha256: string
  readonly head: string
  readonly recordedAt: number
}

/** close.json: written when the session ended in order, or by whoever recovers it. */
export type CloseRecord = CloseSession

export const SESSION_FILE = 'session.json'
export const STATE_FILE = 'state.json'
export const CHUNKS_FILE = 'chunks.ndjson'
export const COMMANDS_FILE = 'commands.ndjson'
export const CLOSE_FILE = 'close.json'

export const initialState = (): SessionState => ({
  elapsedMs: 0,
  heldSinceMs: null,
  redactions: {},
  forgedMarks: 0,
  shellMarks: false,
  pauses: [],
  redactionRequests: [],
  decisions: [],
})
