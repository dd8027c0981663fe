/** The recorder's sign of life, each minute. */
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { anchorChunks } from './anchor-chunks.ts'
import { lockOwn } from './own-session.ts'
import { changeRecording, findProgress, putProgress } from './store.ts'
import { watchSession } from './tasks.ts'

type Input = {
  readonly recordingId: string
  readonly chunks: number
  readonly head: string
  readonly durationMs: number
  readonly commands: number
}

export const reportProgress = async (ctx: Ctx, input: Input): Promise<void> => {
  await record<unknown>(ctx, async (tx) => {
    const recording = await lockOwn(tx, input.recordingId)
    if (recording.status === 'closed') return NOTHING_CHANGED
    const before = await findProgress(tx.db, recording.id)
    const progress = {
      ...before,
      duration_ms: Math.max(before.duration_ms, Math.round(input.durationMs)),
      commands: Math.max(before.commands, input.commands),
      heard_at: tx.now,
    }
    await putProgress(tx.db, recording.id, {
      duration_ms: progress.duration_ms,
      commands: progress.commands,
      heard_at: tx.now,
    })
    await anchorChunks(tx, recording, progress)
    if (recording.status === 'abandoned') await changeRecording(tx.db, recording.id, { status: 'open' })
    watchSession(tx, recording.id)
    return true
  })
}
