/** Replaces the stored chunks that hold a redacted span, and says so in the ledger: which digest went, what stands for it, who asked and why. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { cutCast } from '../../../domain/operations/operator-log/recording/cut-cast.ts'
import { dropBlob, getBlob, putBlob, removeBlobFile } from '../../platform/blobs.ts'
import type { Ctx } from '../../platform/context.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { Fault } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineTask } from '../../platform/tasks/task.ts'
import { anchorChunks } from './anchor-chunks.ts'
import {
  addReplacement,
  endCutWork,
  findChunksOfDigests,
  findCuts,
  findCutWork,
  findStoredChunks,
  type CutView,
  type StoredChunk,
} from './cut-store.ts'
import { sessionRedacted } from './events.ts'
import { chunkName, findProgress, findRecording, lockRecording, type RecordingRow } from './store.ts'
import { unpackChunk } from './unpack-chunk.ts'

/** Replacements that one act declares: it stays far below the 64 kB of a leaf. */
const MOST_AT_ONCE = 100
const CHUNKS_A_READ = 500

const pack = promisify(gzip) as (text: string, options: { level: number }) => Promise<Buffer>

export const storedName = (recordingId: string, { n, version }: { n: number; version: number }): string =>
  version === 0 ? chunkName(recordingId, n) : `${chunkName(recordingId, n)}-${version}`

export const spansOf = (cuts: readonly CutView[]) =>
  cuts.map((cut) => ({ fromMs: cut.from_ms, toMs: cut.to_ms }))

type Replacement = { readonly chunk: StoredChunk; readonly bytes: Buffer; readonly lines: number }

/** The file of a replaced chunk. The row that named it is gone: nothing reads it any more. */
const removeChunkFile = defineTask<{ name: string }>('recording.remove-chunk', {
  lane: 'ordinary',
  run: (ctx, { name }) => removeBlobFile(ctx.platform, name),
})

/** Chunks of a recording one after another, each with the time at which it begins. */
async function* walk(
  ctx: Ctx,
  recording: RecordingRow,
): AsyncGenerator<{ chunk: StoredChunk; text: string; startMs: number }> {
  const { db } = ctx.platform.database
  let startMs = 0
  for (let from = 0; ; from += CHUNKS_A_READ) {
    const chunks = await findStoredChunks(db, recording.id, from, CHUNKS_A_READ)
    for (const chunk of chunks) {
      try {
        const text = (
          await unpackChunk(await getBlob(ctx.platform, db, storedName(recording.id, chunk)))
        ).toString()
        yield { chunk, text, startMs }
        startMs = cutCast(text, startMs, []).endMs
      } catch (error) {
        if (!(error instanceof Fault) || error.code === 'unavailable') throw error
        // Nobody can read it, so nothing of it can be shown; the recorder said when it ended.
        startMs = Math.max(startMs, chunk.recorded_at - recording.started_at)
      }
    }
    if (chunks.length < CHUNKS_A_READ) return
  }
}

async function* replacementsOf(
  ctx: Ctx,
  recording: RecordingRow,
  cuts: readonly CutView[],
): AsyncGenerator<Replacement> {
  for await (const { chunk, text, startMs } of walk(ctx, recording)) {
    const { text: left, cut } = cutCast(text, startMs, spansOf(cuts))
    if (cut > 0) yield { chunk, bytes: await pack(left, { level: 6 }), lines: cut }
  }
}

const replaceOne = async (
  tx: WriteTx,
  recording: RecordingRow,
  { chunk, bytes }: Replacement,
  eventId: string,
): Promise<void> => {
  const version = chunk.version + 1
  const { platform } = tx.ctx
  const name = storedName(recording.id, { n: chunk.n, version })
  const owner = { customerId: recording.customer_id, keyId: recording.key_id }
  await putBlob(platform, tx.db, { name, ...owner, bytes, at: tx.now })
  await addReplacement(tx.db, {
    recording_id: recording.id,
    n: chunk.n,
    version,
    customer_id: recording.customer_id,
    sha256: Buffer.from(sha256(bytes)),
    size: bytes.length,
    event_id: eventId,
  })
  const old = storedName(recording.id, chunk)
  await dropBlob(tx.db, old)
  tx.later(removeChunkFile, { payload: { name: old } })
}

/** Of a chunk that was replaced before, the replacement goes too; both digests are declared. */
const pairsOf = ({ chunk, bytes }: Replacement): [string, string][] => {
  const now = Buffer.from(sha256(bytes)).toString('hex')
  return [chunk.sha256, ...(chunk.replaced_by ? [chunk.replaced_by] : [])].map((old) => [
    old.toString('hex'),
    now,
  ])
}

const declare = (
  tx: WriteTx,
  recording: RecordingRow,
  cuts: readonly CutView[],
  done: readonly Replacement[],
): string =>
  tx.append(sessionRedacted, {
    stream: recording.id,
    customerId: recording.customer_id,
    environmentId: recording.environment_id,
    refs: [['session', recording.id]],
    body: {
      asked: cuts.map((cut) => ({
        by: cut.asked_by,
        at: cut.asked_at,
        fromMs: cut.from_ms,
        toMs: cut.to_ms,
        reason: String(bodyOf(cut.disclosures)['reason'] ?? ''),
      })),
      lines: done.reduce((sum, { lines }) => sum + lines, 0),
      replaced: done.flatMap(pairsOf),
    },
    blobs: done.map(({ bytes }) => ({
      kind: 'cast.redacted',
      h: Buffer.from(sha256(bytes)).toString('hex'),
      n: bytes.length,
    })),
  })

/** Chunks of the same bytes are one digest in the ledger, so one replacement stands for all of them. */
const withTwins = async (
  tx: WriteTx,
  recordingId: string,
  done: readonly Replacement[],
): Promise<Replacement[]> => {
  const byDigest = new Map(done.map((one) => [one.chunk.sha256.toString('hex'), one]))
  const stored = await findChunksOfDigests(
    tx.db,
    recordingId,
    done.map(({ chunk }) => chunk.sha256),
  )
  const read = new Map(done.map(({ chunk }) => [chunk.n, chunk.version]))
  return stored.flatMap((chunk) => {
    const version = read.get(chunk.n)
    if (version !== undefined && version !== chunk.version)
      throw new Error('the chunks were replaced meanwhile; it is tried again')
    const one = byDigest.get(chunk.sha256.toString('hex'))
    return one ? [{ chunk, bytes: one.bytes, lines: one.lines }] : []
  })
}

const replace = (
  ctx: Ctx,
  recordingId: string,
  cuts: readonly CutView[],
  found: readonly Replacement[],
): Promise<unknown> =>
  record<unknown>(ctx, async (tx) => {
    const recording = await lockRecording(tx.db, recordingId)
    if (!recording) return NOTHING_CHANGED
    const done = await withTwins(tx, recordingId, found)
    // A proof goes backwards only: what is redacted has to be named before.
    const progress = await findProgress(tx.db, recordingId)
    if (progress.next_chunk > progress.anchored_chunks) await anchorChunks(tx, recording, progress)
    const eventId = declare(tx, recording, cuts, done)
    for (const one of done) await replaceOne(tx, recording, one, eventId)
    return true
  })

const finish = (ctx: Ctx, recordingId: string, asked: number): Promise<unknown> =>
  record<unknown>(ctx, async (tx) => {
    await endCutWork(tx.db, recordingId, asked)
    tx.observed()
    return true
  })

export const cutRecording = defineTask<{ recordingId: string }>('recording.cut', {
  lane: 'ordinary',
  leaseMs: 15_000,
  longestMs: 15 * 60_000,
  run: async (ctx, { recordingId }) => {
    const { db } = ctx.platform.database
    const asked = await findCutWork(db, recordingId)
    const recording = await findRecording(db, recordingId)
    if (!recording || asked === undefined) return
    const cuts = await findCuts(db, recordingId)
    let waiting: Replacement[] = []
    for await (const replacement of replacementsOf(ctx, recording, cuts)) {
      waiting.push(replacement)
      if (waiting.length < MOST_AT_ONCE) continue
      await replace(ctx, recordingId, cuts, waiting)
      waiting = []
    }
    if (waiting.length > 0) await replace(ctx, recordingId, cuts, waiting)
    await finish(ctx, recordingId, asked)
  },
})
