/** Turns redacted events into chunks on disk: open lines first, then a sealed gzip file and the head that names it. */
import { createHash } from 'node:crypto'
import { appendFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { encodeEvent } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import type { CastEvent } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import { emptyHead, nextHead } from '../../../domain/operations/operator-log/recording/chunk-head.ts'
import { openQueue } from './queue.ts'
import { CHUNKS_FILE } from './session-record.ts'
import type { ChunkRecord } from './session-record.ts'
import { chunkFileName, openChunkFileName, syncPath, writeDurably, writeWhole } from './spool-files.ts'

export const CHUNK_MAX_BYTES = 256 * 1024
export const CHUNK_MAX_MS = 5_000
/** A single event's text; escapes can make it six times as long in JSON. */
const EVENT_MAX_CHARACTERS = 16 * 1024

export type ChunkStore = {
  /** Takes events that are settled and redacted. Nothing is on disk before the next `flush`. */
  readonly append: (events: readonly CastEvent[]) => void
  /** Gives what was appended to the disk; seals the chunk when it is full or old enough. */
  readonly flush: (nowMs: number) => Promise<void>
  /** Seals what is open, however little. */
  readonly seal: () => Promise<void>
  /** Rewrites events that are in no sealed chunk yet; returns the time from which on they were. */
  readonly amendOpen: (change: (event: CastEvent) => CastEvent | null) => Promise<number>
  /**
   * Rewrites sealed chunks from number `from` on, which nobody else may have seen yet: their digests and all heads behind
   * become others. Returns the time from which on they were.
   */
  readonly amendSealed: (from: number, change: (text: string, startMs: number) => string) => Promise<number>
  readonly chunks: () => readonly ChunkRecord[]
  /** Bytes appended and not yet on disk. */
  readonly backlogBytes: () => number
}

export type ChunkStoreOptions = {
  readonly directory: string
  readonly headerLine: string
  /** Epoch milliseconds of the recording's start. */
  readonly startedAt: number
  readonly onSealed: (chunk: ChunkRecord) => void
}

/** Events of one chunk. `previousAtMs` is the time the first interval counts from. */
type Part = {
  readonly n: number
  readonly previousAtMs: number
  events: CastEvent[]
  lines: string[]
  bytes: number
  flushedLines: number
  /** A write of the open lines failed half way: the file must be written anew. */
  torn: boolean
  firstAtMs: number | null
  lastAtMs: number
}

export const openChunkStore = (options: ChunkStoreOptions): ChunkStore => new DiskChunkStore(options)

class DiskChunkStore implements ChunkStore {
  readonly #options: ChunkStoreOptions
  readonly #chunks: ChunkRecord[] = []
  /** When each sealed chunk ended, in milliseconds since the start. */
  readonly #endsMs: number[] = []
  #head: Uint8Array = emptyHead()
  #part: Part
  #full: Part[] = []
  readonly #unsynced: string[] = []
  #backlogBytes: number
  /** One thing at a time, in order: a later chunk must never reach the disk before an earlier one. */
  readonly #inOrder = openQueue()

  constructor(options: ChunkStoreOptions) {
    this.#options = options
    this.#part = newPart(0, 0, options.headerLine)
    this.#backlogBytes = this.#part.bytes
  }

  append(events: readonly CastEvent[]): void {
    for (const event of events) for (const piece of splitEvent(event)) this.#appendEvent(piece)
  }

  flush(nowMs: number): Promise<void> {
    return this.#inOrder(async () => {
      await this.#sealFull()
      const { firstAtMs } = this.#part
      if (firstAtMs !== null && nowMs - firstAtMs >= CHUNK_MAX_MS) await this.#sealOpen()
      else await this.#writeOpen()
    })
  }

  seal(): Promise<void> {
    return this.#inOrder(() => this.#sealOpen())
  }

  amendOpen(change: (event: CastEvent) => CastEvent | null): Promise<number> {
    return this.#inOrder(async () => {
      await this.#sealFull()
      const before = this.#part
      this.#backlogBytes -= unflushedBytes(before)
      this.#part = newPart(before.n, before.previousAtMs, before.n === 0 ? this.#options.headerLine : null)
      this.#part.torn = true
      for (const event of before.events) {
        const changed = change(event)
        if (changed !== null) this.#appendEvent(changed)
      }
      await this.#sealFull()
      await this.#writeOpen()
      return before.previousAtMs
    })
  }

  amendSealed(from: number, change: (text: string, startMs: number) => string): Promise<number> {
    return this.#inOrder(async () => {
      const { directory } = this.#options
      const startOf = (n: number): number => this.#endsMs[n - 1] ?? 0
      let head = from === 0 ? emptyHead() : Buffer.from(this.#chunks[from - 1]!.head, 'hex')
      for (const { n, recordedAt } of this.#chunks.slice(from)) {
        const path = join(directory, chunkFileName(n))
        let bytes: Uint8Array = await readFile(path)
        const text = (await promisify(gunzip)(bytes)).toString('utf8')
        const changed = change(text, startOf(n))
        if (changed !== text) {
          bytes = await promisify(gzip)(changed, { level: 4 })
          await writeWhole(path, bytes, true)
        }
        const chunk = describeChunk(n, bytes, head, recordedAt)
        this.#chunks[n] = chunk
        head = Buffer.from(chunk.head, 'hex')
      }
      this.#head = head
      await writeDurably(
        join(directory, CHUNKS_FILE),
        this.#chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join(''),
      )
      return startOf(from)
    })
  }

  chunks(): readonly ChunkRecord[] {
    return this.#chunks
  }

  backlogBytes(): number {
    return this.#backlogBytes
  }

  #appendEvent(event: CastEvent): void {
    let part = this.#part
    const line = encodeEvent(event, part.lastAtMs)
    const bytes = Buffer.byteLength(line) + 1
    if (part.bytes + bytes > CHUNK_MAX_BYTES) {
      this.#full.push(part)
      part = this.#part = newPart(part.n + 1, part.lastAtMs, null)
    }
    part.events.push(event)
    part.lines.push(line)
    part.bytes += bytes
    part.firstAtMs ??= event.atMs
    part.lastAtMs = Math.max(part.lastAtMs, event.atMs)
    this.#backlogBytes += bytes
  }

  async #writeOpen(): Promise<void> {
    const part = this.#part
    const count = part.lines.length
    if (count === part.flushedLines && !part.torn) return
    const path = join(this.#options.directory, openChunkFileName(part.n))
    const written = unflushedBytes(part)
    const lines = part.lines.slice(part.torn ? 0 : part.flushedLines, count)
    try {
      if (part.torn) await writeDurably(path, linesText(lines))
      else await appendFile(path, linesText(lines), { mode: 0o600 })
    } catch (error) {
      part.torn = true
      throw error
    }
    part.torn = false
    part.flushedLines = count
    this.#backlogBytes -= written
  }

  async #sealPart(part: Part): Promise<void> {
    const { directory, startedAt } = this.#options
    const recordedAt = startedAt + part.lastAtMs
    const { chunk, path } = await writeChunk(directory, part.n, linesText(part.lines), this.#head, recordedAt)
    this.#unsynced.push(path)
    this.#backlogBytes -= unflushedBytes(part)
    this.#head = Buffer.from(chunk.head, 'hex')
    this.#chunks.push(chunk)
    this.#endsMs.push(part.lastAtMs)
    this.#options.onSealed(chunk)
  }

  /** In a flood the disk is asked to make sure once for many chunks, not once for each. */
  async #sealFull(): Promise<void> {
    while (this.#full.length > 0) {
      await this.#sealPart(this.#full[0]!)
      this.#full = this.#full.slice(1)
    }
    if (this.#unsynced.length === 0) return
    while (this.#unsynced.length > 0) {
      await syncPath(this.#unsynced[0]!)
      this.#unsynced.shift()
    }
    await syncPath(this.#options.directory)
  }

  async #sealOpen(): Promise<void> {
    await this.#sealFull()
    const part = this.#part
    // A recording without a single event still has its header.
    if (part.events.length === 0 && part.n > 0) return
    this.#part = newPart(part.n + 1, part.lastAtMs, null)
    this.#full.push(part)
    await this.#sealFull()
  }
}

const unflushedBytes = (part: Part): number =>
  part.lines.slice(part.flushedLines).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)

/** The sealed file, its line in the list, and away with the open lines: in this order, so that a crash loses none. */
export const writeChunk = async (
  directory: string,
  n: number,
  text: string,
  previousHead: Uint8Array,
  recordedAt: number,
): Promise<{ readonly chunk: ChunkRecord; readonly path: string }> => {
  const bytes = await promisify(gzip)(text, { level: 4 })
  const path = join(directory, chunkFileName(n))
  await writeWhole(path, bytes, false)
  const chunk = describeChunk(n, bytes, previousHead, recordedAt)
  await appendFile(join(directory, CHUNKS_FILE), `${JSON.stringify(chunk)}\n`, { mode: 0o600 })
  await rm(join(directory, openChunkFileName(n)), { force: true })
  return { chunk, path }
}

export const describeChunk = (
  n: number,
  bytes: Uint8Array,
  previousHead: Uint8Array,
  recordedAt: number,
): ChunkRecord => {
  const digest = sha256(bytes)
  const head = nextHead(previousHead, digest, sha256)
  return {
    n,
    sha256: Buffer.from(digest).toString('hex'),
    head: Buffer.from(head).toString('hex'),
    recordedAt,
  }
}

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

const linesText = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)

const newPart = (n: number, previousAtMs: number, headerLine: string | null): Part => ({
  n,
  previousAtMs,
  events: [],
  lines: headerLine === null ? [] : [headerLine],
  bytes: headerLine === null ? 0 : headerLine.length + 1,
  flushedLines: 0,
  torn: false,
  firstAtMs: null,
  lastAtMs: previousAtMs,
})

const splitEvent = (event: CastEvent): readonly CastEvent[] => {
  if (event.data.length <= EVENT_MAX_CHARACTERS) return [event]
  const pieces: CastEvent[] = []
  for (let from = 0; from < event.data.length;) {
    let to = Math.min(event.data.length, from + EVENT_MAX_CHARACTERS)
    const code = event.data.charCodeAt(to)
    // Not between the two halves of a character outside the basic plane.
    if (code >= 0xdc00 && code <= 0xdfff) to--
    pieces.push({ ...event, data: event.data.slice(from, to) })
    from = to
  }
  return pieces
}
