/** A recording is written by the operator who opened it, and by nobody else. */
import { notFound } from '../../platform/faults.ts'
import type { WriteTx } from '../../platform/record.ts'
import { operatorOf } from './open-session.ts'
import { lockRecording, type RecordingRow } from './store.ts'

export const lockOwn = async (tx: WriteTx, recordingId: string): Promise<RecordingRow> => {
  const recording = await lockRecording(tx.db, recordingId)
  if (!recording || recording.operator_id !== operatorOf(tx.ctx)) throw notFound('This recording')
  return recording
}
