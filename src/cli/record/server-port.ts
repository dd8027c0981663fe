/** What the recorder asks of a server, in plain types: the server is built to this page, the tests' own server too. */

/** `look` needs no decision; `decided` names one; `break-glass` owes one. */
export type RecordingKind = 'look' | 'decided' | 'break-glass'

/**
 * POST /api/recordings. Idempotent on `localId`: asked again with the same one, the server answers with the session it
 * already opened (200 instead of 201).
 */
export type OpenSession = {
  /** Chosen by the recorder (UUID), so that an open whose answer was lost is not opened twice. */
  readonly localId: string
  readonly kind: RecordingKind
  /** Name of the environment, such as `acme-prod`. */
  readonly environment: string
  /** Number or id of the decision, such as `D-12`. Required when kind is `decided`. */
  readonly decision?: string
  readonly alertId?: string
  readonly incidentId?: string
  /** Required when kind is `break-glass`. */
  readonly why?: string
  readonly host: string
  /** `bash`, `zsh`, `fish`, or another shell's base name. */
  readonly shell: string
  /** Version of the redaction rules. */
  readonly ruleset: string
  /** When the shell started, epoch milliseconds by the operator's clock: the honest recordedAt of a later upload. */
  readonly startedAt: number
  readonly cols: number
  readonly rows: number
  /** Present when the session began while the server could not be reached; it was recorded before it was opened. */
  readonly offline?: {
    /** What the operator had asked for. The session's own kind is then `break-glass`. */
    readonly requestedKind: RecordingKind
    readonly reason: string
  }
}

/** 201 (or 200 when it was open already). */
export type OpenedSession = {
  readonly sessionId: string
  /** When given, sent back as header `x-session-key` with every later call for this session. */
  readonly sessionKey?: string
  /** Where a person sees the recording. */
  readonly url?: string
}

/** POST /api/recordings/:id/decision. Idempotent on (decision, atCommand). */
export type AttachDecision = {
  readonly decision: string
  /** From the command with this number on the session is a change. Commands count from 1. */
  readonly atCommand: number
  /** Milliseconds since the recording's start. */
  readonly atMs: number
}

/**
 * PUT /api/recordings/:id/chunks/:n. The body is the chunk as it is kept (`application/gzip`: asciicast v3 lines; chunk
 * 0 begins with the header line, so all chunks unpacked one after another are a `.cast` file).
 * Headers: `x-chunk-sha256` hex of the body's SHA-256; `x-chunk-head` hex of the running head after this chunk
 * (h_i = SHA-256(0x03 || h_{i-1} || sha256(chunk_i)), h_{-1} = 32 zero bytes); `x-chunk-recorded-at` epoch ms.
 * 204 stored, also when the same chunk is already there. 409 `chunk-out-of-order` when n is not the next one,
 * 409 `chunk-differs` when n is there with other bytes, 422 `chunk-hash-mismatch` when body, hash or head disagree.
 */
export type Chunk = {
  readonly n: number
  readonly bytes: Uint8Array
  /** Lower-case hex. */
  readonly sha256: string
  /** Lower-case hex. */
  readonly head: string
  /** When the chunk's last event happened, epoch milliseconds. */
  readonly recordedAt: number
}

/** POST /api/recordings/:id/progress, each minute: bounds what can be cut off the end without being missed. 204. */
export type Progress = {
  readonly chunks: number
  readonly head: string
  readonly durationMs: number
  readonly commands: number
}

/**
 * POST /api/recordings/:id/redactions: what the server holds of this span goes. Idempotent. 202; it is shown no more from
 * then on, and its chunks are replaced soon after. Heads go on over the digests as they were sent.
 */
export type RedactionRequest = { readonly fromMs: number; readonly toMs: number; readonly why: string }

/** GET /api/recordings/:id. */
export type SessionStatus = {
  readonly state: 'open' | 'closed' | 'abandoned'
  /** Number of the chunk that the server wants next. */
  readonly next: number
  /** Hex of the running head that the server has reached; 64 zeros before the first chunk. */
  readonly head: string
}

export type ClosedCommand = {
  readonly n: number
  /** Redacted by the recorder. */
  readonly command: string
  readonly cwd: string | null
  /** Name of the kubeconfig context. */
  readonly context: string | null
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly durationMs: number | null
  readonly exitCode: number | null
}

/**
 * POST /api/recordings/:id/close. Only once every chunk is stored. Idempotent: the same body again is answered alike
 * (200), another one is 409 `already-closed`. 409 `chunks-missing` when `chunks` or `head` are not the server's.
 * After an `abandoned` state the server still takes chunks and this close, and marks them as late.
 */
export type CloseSession = {
  readonly chunks: number
  readonly head: string
  readonly durationMs: number
  /** The shell's exit status; null when the recorder did not live to see it. */
  readonly exitCode: number | null
  readonly ended: 'exit' | 'signal' | 'recorder-lost'
  readonly commands: readonly ClosedCommand[]
  /** How many were cut, by rule. */
  readonly redactions: Readonly<Record<string, number>>
  /** How much of the end may be missing, in milliseconds. 0 when the recorder ended in order. */
  readonly lostTailMs: number
  /** Control strings that posed as marks of the shell. */
  readonly forgedMarks: number
  /** Whether the shell told where commands begin and end; without it `commands` is empty, not complete. */
  readonly shellMarks: boolean
  /** Spans, in ms since the start, that the operator chose not to record. */
  readonly pauses: readonly Pause[]
  /** Spans that the operator had cut after the fact: the server cuts whatever of them was sent. */
  readonly redactionRequests: readonly RedactionRequest[]
  /** The operator's own word, asked at the end of a look. */
  readonly changedSomething?: boolean
  readonly summary?: string
}

export type Pause = { readonly fromMs: number; readonly toMs: number; readonly why: string }

export type ClosedSession = { readonly entry?: string; readonly url?: string }

/**
 * Every call rejects with a `RecorderServerFault`. `unreachable` is worth trying again (no connection, a time-out, 5xx,
 * 429); `refused` is not (4xx: the code says why).
 */
export type RecorderServer = {
  readonly openSession: (session: OpenSession) => Promise<OpenedSession>
  readonly attachDecision: (session: OpenedSession, decision: AttachDecision) => Promise<void>
  readonly redact: (session: OpenedSession, cut: RedactionRequest) => Promise<void>
  readonly putChunk: (session: OpenedSession, chunk: Chunk) => Promise<void>
  readonly progress: (session: OpenedSession, progress: Progress) => Promise<void>
  readonly status: (session: OpenedSession) => Promise<SessionStatus>
  readonly close: (session: OpenedSession, close: CloseSession) => Promise<ClosedSession>
}

export type RecorderServerFault = {
  readonly fault: 'unreachable' | 'refused'
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null
  /** The problem's code, such as `decision-required`. */
  readonly code: string
  /** A sentence for the operator. */
  readonly detail: string
}

export const isServerFault = (error: unknown): error is RecorderServerFault =>
  typeof error === 'object' && error !== null && 'fault' in error && 'detail' in error
