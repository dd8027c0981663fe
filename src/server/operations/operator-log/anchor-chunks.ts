/** Names the chunks that arrived since the last act in a ledger leaf: what is named can no longer be cut off unnoticed. */
import type { WriteTx } from '../../platform/record.ts'
import { sessionProgressed } from './events.ts'
import { findChunks, putProgress, type ProgressRow, type RecordingRow } from './store.ts'

export type ChunkBlob = { readonly kind: 'cast.chunk'; readonly h: string; readonly n: number }

export const unanchoredBlobs = async (
  tx: WriteTx,
  recordingId: string,
  progress: ProgressRow,
): Promise<ChunkBlob[]> =>
  (await findChunks(tx.db, recordingId, progress.anchored_chunks, progress.next_chunk)).map((chunk) => ({
    kind: 'cast.chunk',
    h: chunk.sha256.toString('hex'),
    n: chunk.size,
  }))

export const anchorChunks = async (
  tx: WriteTx,
  recording: RecordingRow,
  progress: ProgressRow,
): Promise<void> => {
  tx.append(sessionProgressed, {
    stream: recording.id,
    customerId: recording.customer_id,
    environmentId: recording.environment_id,
    refs: [['session', recording.id]],
    body: {
      chunks: progress.next_chunk,
      head: progress.head.toString('hex'),
      durationMs: progress.duration_ms,
      prompts: progress.commands,
    },
    blobs: await unanchoredBlobs(tx, recording.id, progress),
  })
  await putProgress(tx.db, recording.id, { anchored_chunks: progress.next_chunk })
}
