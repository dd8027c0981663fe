/** Takes in one chunk: checks its hash and the running head, writes it encrypted, and only then says 204. Nothing a recorder brings is refused for being late. */
import type { FastifyRequest } from 'fastify'
import { nextHead } from '../../../domain/operations/operator-log/recording/chunk-head.ts'
import { putBlob } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { anchorChunks } from './anchor-chunks.ts'
import { lockOwn } from './own-session.ts'
import { unpackChunk } from './unpack-chunk.ts'
import { addChunk, chunkName, findChunk, findProgress, putProgress, type RecordingRow } from './store.ts'

/** Chunks without an act that names them; a leaf of this many stays far below 64 kB. */
const MOST_UNANCHORED = 200
const LARGEST_CHUNK_BYTES = 1024 * 1024

const header = (request: FastifyRequest, name: string, pattern: RegExp): string => {
  const value = request.headers[name]
  if (typeof value === 'string' && pattern.test(value)) return value
  throw new Fault('chunk-hash-mismatch', `The header ${name} is missing or malformed.`)
}

type Chunk = {
  readonly n: number
  readonly bytes: Buffer
  readonly digest: Buffer
  readonly head: string
  readonly recordedAt: number
}

const readChunk = (request: FastifyRequest, n: number): Chunk => {
  const bytes = request.body
  if (!Buffer.isBuffer(bytes) || bytes.length === 0)
    throw new Fault('bad-request', 'The body is the chunk itself, as application/gzip.')
  if (bytes.length > LARGEST_CHUNK_BYTES) throw new Fault('too-large', 'A chunk has at most 1 MiB.')
  const digest = Buffer.from(sha256(bytes))
  if (header(request, 'x-chunk-sha256', /^[0-9a-f]{64}$/) !== digest.toString('hex')) {
    throw new Fault(
      'chunk-hash-mismatch',
      'The bytes that arrived are not those the hash names. Send the chunk again.',
    )
  }
  return {
    n,
    bytes,
    digest,
    head: header(request, 'x-chunk-head', /^[0-9a-f]{64}$/),
    recordedAt: Number(header(request, 'x-chunk-recorded-at', /^\d{10,15}$/)),
  }
}

/** The chunk again, as after a lost answer: nothing to do. The same number with other bytes: refused. */
const isKnown = async (tx: WriteTx, recording: RecordingRow, chunk: Chunk): Promise<boolean> => {
  const row = await findChunk(tx.db, recording.id, chunk.n)
  if (!row) return false
  if (row.sha256.equals(chunk.digest)) return true
  throw new Fault(
    'chunk-differs',
    `Chunk ${chunk.n} is here already, with other bytes. What is recorded is not replaced.`,
  )
}

const store = async (tx: WriteTx, recording: RecordingRow, chunk: Chunk): Promise<void> => {
  const progress = await findProgress(tx.db, recording.id)
  if (recording.status === 'closed')
    throw new Fault('already-closed', 'This session is closed; it takes no more chunks.')
  if (chunk.n !== progress.next_chunk)
    throw new Fault('chunk-out-of-order', `Chunk ${progress.next_chunk} is wanted next.`)
  const head = Buffer.from(nextHead(progress.head, chunk.digest, sha256))
  if (head.toString('hex') !== chunk.head)
    throw new Fault('chunk-hash-mismatch', 'The running head does not follow from the chunks before.')
  const { platform } = tx.ctx
  await putBlob(platform, tx.db, {
    name: chunkName(recording.id, chunk.n),
    keyId: recording.key_id,
    customerId: recording.customer_id,
    bytes: chunk.bytes,
    at: tx.now,
  })
  await addChunk(tx.db, {
    recording_id: recording.id,
    n: chunk.n,
    customer_id: recording.customer_id,
    sha256: chunk.digest,
    size: chunk.bytes.length,
    recorded_at: chunk.recordedAt,
    received_at: tx.now,
  })
  const next = chunk.n + 1
  await putProgress(tx.db, recording.id, { next_chunk: next, head, heard_at: tx.now })
  tx.observed()
  if (next - progress.anchored_chunks >= MOST_UNANCHORED)
    await anchorChunks(tx, recording, { ...progress, next_chunk: next, head })
}

export const putChunk = async (
  ctx: Ctx,
  { recordingId, n }: { recordingId: string; n: number },
  request: FastifyRequest,
): Promise<void> => {
  const chunk = readChunk(request, n)
  // What cannot be unpacked would be evidence that nobody can look at.
  await unpackChunk(chunk.bytes)
  await record<unknown>(ctx, async (tx) => {
    const recording = await lockOwn(tx, recordingId)
    if (await isKnown(tx, recording, chunk)) return NOTHING_CHANGED
    return store(tx, recording, chunk)
  })
}
