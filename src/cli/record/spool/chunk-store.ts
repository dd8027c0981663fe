/** Turns redacted events into chunks on disk: open lines first, then a sealed gzip file and the head that names it. */
import { createHash } from 'node:crypto'
import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { encodeEvent } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import type { CastEvent } from '../../../domain/operations/operator-log/recording/asciicast.ts'
import { emptyHead, nextHead } from '../../../domain/operations/operator-log/recording/chunk-head.ts'
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

export const openChunkStore = (options: ChunkStoreOptions): ChunkStore => {
  const chunks: ChunkRecord[] = []
  let head: Uint8Array = emptyHead()
  let part = newPart(0, 0, options.headerLine)
  let full: Part[] = []
  const unsynced: string[] = []
  let backlog = part.bytes
  /** One thing at a time, in order: a later chunk must never reach the disk before an earlier one. */
  let last: Promise<void> = Promise.resolve()

  const inOrder = (work: () => Promise<void>): Promise<void> => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }

  const appendEvent = (event: CastEvent): void => {
    const line = encodeEvent(event, part.lastAtMs)
    const bytes = Buffer.byteLength(line) + 1
    if (part.bytes + bytes > CHUNK_MAX_BYTES) {
      full.push(part)
      part = newPart(part.n + 1, part.lastAtMs, null)
    }
    part.events.push(event)
    part.lines.push(line)
    part.bytes += bytes
    part.firstAtMs ??= event.atMs
    part.lastAtMs = Math.max(part.lastAtMs, event.atMs)
    backlog += bytes
  }

  const unflushed = (of: Part): number =>
    of.lines.slice(of.flushedLines).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)

  const writeOpen = async (): Promise<void> => {
    const current = part
    const count = current.lines.length
    if (count === current.flushedLines && !current.torn) return
    const path = join(options.directory, openChunkFileName(current.n))
    const written = unflushed(current)
    try {
      if (current.torn) await writeDurably(path, linesText(current.lines.slice(0, count)))
      else
        await appendFile(path, linesText(current.lines.slice(current.flushedLines, count)), { mode: 0o600 })
    } catch (error) {
      current.torn = true
      throw error
    }
    current.torn = false
    current.flushedLines = count
    backlog -= written
  }

  const sealPart = async (sealed: Part): Promise<void> => {
    const recordedAt = options.startedAt + sealed.lastAtMs
    const { chunk, path } = await writeChunk(
      options.directory,
      sealed.n,
      linesText(sealed.lines),
      head,
      recordedAt,
    )
    unsynced.push(path)
    backlog -= unflushed(sealed)
    head = Buffer.from(chunk.head, 'hex')
    chunks.push(chunk)
    options.onSealed(chunk)
  }

  /** In a flood the disk is asked to make sure once for many chunks, not once for each. */
  const sealFull = async (): Promise<void> => {
    while (full.length > 0) {
      await sealPart(full[0]!)
      full = full.slice(1)
    }
    if (unsynced.length === 0) return
    while (unsynced.length > 0) {
      await syncPath(unsynced[0]!)
      unsynced.shift()
    }
    await syncPath(options.directory)
  }

  const sealOpen = async (): Promise<void> => {
    await sealFull()
    if (part.events.length === 0 && part.n > 0) return
    const sealed = part
    part = newPart(sealed.n + 1, sealed.lastAtMs, null)
    full.push(sealed)
    await sealFull()
  }

  return {
    append: (events) => {
      for (const event of events) for (const piece of splitEvent(event)) appendEvent(piece)
    },
    flush: (nowMs) =>
      inOrder(async () => {
        await sealFull()
        if (part.firstAtMs !== null && nowMs - part.firstAtMs >= CHUNK_MAX_MS) await sealOpen()
        else await writeOpen()
      }),
    seal: () => inOrder(sealOpen),
    amendOpen: async (change) => {
      let openFromMs = part.previousAtMs
      await inOrder(async () => {
        await sealFull()
        openFromMs = part.previousAtMs
        const before = part
        backlog -= unflushed(before)
        part = newPart(before.n, before.previousAtMs, before.n === 0 ? options.headerLine : null)
        part.torn = true
        for (const event of before.events) {
          const changed = change(event)
          if (changed !== null) appendEvent(changed)
        }
        await sealFull()
        await writeOpen()
      })
      return openFromMs
    },
    chunks: () => chunks,
    backlogBytes: () => backlog,
  }
}

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
