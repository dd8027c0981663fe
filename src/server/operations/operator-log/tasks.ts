/** A recorder that falls silent is given up after a while, openly; when it comes back, what it brings is taken. */
import { abandonAfterMs } from '../../../domain/operations/operator-log/session.ts'
import { decide } from '../../../domain/operations/operator-log/decide-session.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { loadStream } from '../../platform/stream.ts'
import { defineTask } from '../../platform/tasks/task.ts'
import { anchorChunks } from './anchor-chunks.ts'
import { sessionAbandoned } from './events.ts'
import { sessionFrom } from './state.ts'
import { changeRecording, findProgress, lockRecording } from './store.ts'

const abandonSession = defineTask<{ recordingId: string }>('session.abandon', {
  lane: 'ordinary',
  run: async (ctx, { recordingId }) => {
    await record<unknown>(ctx, async (tx) => {
      const recording = await lockRecording(tx.db, recordingId)
      if (!recording || recording.status !== 'open') return NOTHING_CHANGED
      const progress = await findProgress(tx.db, recordingId)
      const state = sessionFrom(recording, progress, await loadStream(tx.db, recordingId))
      const event = decide(state, { kind: 'abandon', silenceMs: abandonAfterMs }, tx.now)
      if (isRefusal(event)) {
        // Chunks came in since the last report: look again when their silence would be too long.
        tx.later(abandonSession, {
          key: recordingId,
          dueAt: progress.heard_at + abandonAfterMs,
          payload: { recordingId },
        })
        return true
      }
      // It may never come back: what it brought since its last report is named now.
      if (progress.next_chunk > progress.anchored_chunks) await anchorChunks(tx, recording, progress)
      await changeRecording(tx.db, recordingId, { status: 'abandoned' })
      tx.append(sessionAbandoned, {
        stream: recordingId,
        customerId: recording.customer_id,
        environmentId: recording.environment_id,
        refs: [['session', recordingId]],
        body: { lastHeardAt: progress.heard_at, chunks: progress.next_chunk },
      })
      return true
    })
  },
})

/** From now on, silence for too long ends in `abandoned`. */
export const watchSession = (tx: WriteTx, recordingId: string): void =>
  tx.later(abandonSession, { key: recordingId, dueAt: tx.now + abandonAfterMs, payload: { recordingId } })

export const stopWatching = (tx: WriteTx, recordingId: string): void =>
  tx.cancelTask(abandonSession, recordingId)
