/** Finishes a spooled session whose recorder is gone: what it left is sealed, and what it cannot have saved is said. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { emptyHead } from '../../../domain/operations/operator-log/recording/chunk-head.ts'
import type { ClosedCommand, CloseSession } from '../server-port.ts'
import { describeChunk, writeChunk } from './chunk-store.ts'
import {
  CHUNKS_FILE,
  CLOSE_FILE,
  COMMANDS_FILE,
  initialState,
  SESSION_FILE,
  STATE_FILE,
} from './session-record.ts'
import type { ChunkRecord, SessionRecord, SessionState } from './session-record.ts'
import { chunkFileName, openChunkFileName, readJson, syncPath, writeDurably } from './spool-files.ts'

export type SpooledSession = {
  readonly directory: string
  readonly record: SessionRecord
  readonly state: SessionState
  readonly chunks: readonly ChunkRecord[]
  readonly close: CloseSession
}

/** How long the recorder may go without writing its state while something happens. */
const STATE_INTERVAL_MS = 1_000

/** Only for a session whose recorder is not alive. Null when the folder holds no session (or one that never began). */
export const recoverSession = async (directory: string): Promise<SpooledSession | null> => {
  const record = readJson<SessionRecord>(join(directory, SESSION_FILE))
  if (record === null || record.format !== 1) return null
  const state = { ...initialState(), ...readJson<SessionState>(join(directory, STATE_FILE)) }
  const chunks = [...readChunks(directory)]
  const closed = readJson<CloseSession>(join(directory, CLOSE_FILE))
  if (closed !== null && closed.chunks === chunks.length)
    return { directory, record, state, chunks, close: closed }
  const open = readOpenLines(directory, chunks.length)
  if (open !== null) {
    const head = chunks.length === 0 ? emptyHead() : Buffer.from(chunks.at(-1)!.head, 'hex')
    const { chunk, path } = await writeChunk(directory, chunks.length, open.text, head, open.writtenAt)
    await syncPath(path)
    chunks.push(chunk)
  }
  const close = describeLost(directory, record, state, chunks)
  await writeDurably(join(directory, CLOSE_FILE), JSON.stringify(close))
  return { directory, record, state, chunks, close }
}

/** The list is trusted for times only; hashes and heads are made anew from the files that are there. */
function* readChunks(directory: string): Generator<ChunkRecord> {
  const listed = new Map(
    readLines<ChunkRecord>(join(directory, CHUNKS_FILE)).map((chunk) => [chunk.n, chunk]),
  )
  let head: Uint8Array = emptyHead()
  const files = new Set(readdirSync(directory))
  for (let n = 0; files.has(chunkFileName(n)); n++) {
    const path = join(directory, chunkFileName(n))
    const recordedAt = listed.get(n)?.recordedAt ?? statSync(path).mtimeMs
    const chunk = describeChunk(n, readFileSync(path), head, recordedAt)
    // A crash may have left the open lines of a chunk that is sealed.
    if (files.has(openChunkFileName(n))) rmSync(join(directory, openChunkFileName(n)), { force: true })
    head = Buffer.from(chunk.head, 'hex')
    yield chunk
  }
}

const readOpenLines = (directory: string, n: number): { text: string; writtenAt: number } | null => {
  const path = join(directory, openChunkFileName(n))
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null
  }
  // The last line may be torn; a recording is whole up to its last newline.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole === '' ? null : { text: whole, writtenAt: statSync(path).mtimeMs }
}

const describeLost = (
  directory: string,
  record: SessionRecord,
  state: SessionState,
  chunks: readonly ChunkRecord[],
): CloseSession => {
  const commands = new Map<number, ClosedCommand>()
  for (const command of readLines<ClosedCommand>(join(directory, COMMANDS_FILE)))
    commands.set(command.n, command)
  const lastRecordedAt = chunks.at(-1)?.recordedAt ?? record.open.startedAt
  const durationMs = Math.max(state.elapsedMs, Math.round(lastRecordedAt - record.open.startedAt))
  return {
    chunks: chunks.length,
    head: chunks.at(-1)?.head ?? Buffer.from(emptyHead()).toString('hex'),
    durationMs,
    exitCode: null,
    ended: 'recorder-lost',
    commands: [...commands.values()].sort((a, b) => a.n - b.n),
    redactions: state.redactions,
    lostTailMs: Math.round(state.elapsedMs - (state.heldSinceMs ?? state.elapsedMs)) + STATE_INTERVAL_MS,
    forgedMarks: state.forgedMarks,
    shellMarks: state.shellMarks,
    pauses: state.pauses,
    redactionRequests: state.redactionRequests,
  }
}

/** Lines that do not parse were torn by a crash and say nothing. */
const readLines = <T>(path: string): readonly T[] => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as T]
    } catch {
      return []
    }
  })
}
