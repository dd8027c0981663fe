/** Ends a session: everything has arrived, its last chunks are named in the ledger, and an Operator Log entry is made of it. */
import { createHash } from 'node:crypto'
import type { operatorLogRoutes } from '../../../contract/operations/operator-log.ts'
import type { InputOf } from '../../../contract/route.ts'
import { decide } from '../../../domain/operations/operator-log/decide-session.ts'
import type { SessionEvent } from '../../../domain/operations/operator-log/session.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Ref } from '../../platform/events.ts'
import { Fault, refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { loadStream } from '../../platform/stream.ts'
import { anchorChunks, unanchoredBlobs } from './anchor-chunks.ts'
import { findCuts } from './cut-store.ts'
import { sessionClosed } from './events.ts'
import { addLogEntry } from './log-entry.ts'
import { lockOwn } from './own-session.ts'
import { askCut, cutSoon } from './redact-recording.ts'
import { sessionFrom } from './state.ts'
import { changeRecording, findProgress, putProgress, type ProgressRow, type RecordingRow } from './store.ts'
import { stopWatching } from './tasks.ts'

type Input = Omit<InputOf<typeof operatorLogRoutes.closeRecording>, 'recordingId'>

const UNSAID = 'No summary was given.'
/** Fits a leaf beside its other fields, with room to spare. */
const MOST_BLOBS = 200

const checkComplete = (input: Input, progress: ProgressRow): void => {
  if (input.chunks === progress.next_chunk && input.head === progress.head.toString('hex')) return
  throw new Fault(
    'chunks-missing',
    `The server has ${progress.next_chunk} chunks; the session says ${input.chunks}. Chunk ${progress.next_chunk} is wanted next.`,
  )
}

const categoryOf = (recording: RecordingRow, changed: boolean) =>
  recording.incident_id
    ? ('incident' as const)
    : recording.kind !== 'look' || changed
      ? ('change' as const)
      : ('look' as const)

const whatOf = (input: Input, recording: RecordingRow): string => {
  const line = input.summary?.split('\n').find((text) => text.trim() !== '')
  return (
    line?.trim() ||
    `${recording.kind === 'look' ? 'Looked around' : 'Changed something'} on ${recording.host}`
  ).slice(0, 300)
}

type Closed = Extract<SessionEvent, { kind: 'session-closed' }>

const appendClosed = async (
  tx: WriteTx,
  input: Input,
  recording: RecordingRow,
  event: Closed,
): Promise<void> => {
  const anchored = await findProgress(tx.db, recording.id)
  const { changedSomething, summary: _, durationMs, ...said } = input
  const decided: readonly Ref[] = recording.decision_id ? [['decision', recording.decision_id]] : []
  tx.append(sessionClosed, {
    stream: recording.id,
    customerId: recording.customer_id,
    environmentId: recording.environment_id,
    refs: [['session', recording.id], ...decided],
    body: {
      ...said,
      durationMs: Math.round(durationMs),
      changedWhileLooking: event.changedWhileLooking,
      declared: changedSomething !== undefined || recording.kind !== 'look',
      summary: event.summary,
      late: recording.opened_offline || recording.status === 'abandoned',
    },
    blobs: await unanchoredBlobs(tx, recording.id, anchored),
  })
}

const entryOf = (input: Input, recording: RecordingRow, event: Closed) => ({
  customerId: recording.customer_id,
  environmentId: recording.environment_id,
  category: categoryOf(recording, event.changedWhileLooking),
  what: whatOf(input, recording),
  summary: event.summary,
  tooling: `fortnight record, ${recording.shell} on ${recording.host}`,
  links: [],
  author: recording.operator_id,
  recording: { id: recording.id, kind: recording.kind },
  decisionId: recording.decision_id,
  incidentId: recording.incident_id,
  alertId: recording.alert_id,
})

const close = async (
  tx: WriteTx,
  input: Input,
  recording: RecordingRow,
  progress: ProgressRow,
  hash: Buffer,
): Promise<string> => {
  const state = sessionFrom(recording, progress, await loadStream(tx.db, recording.id))
  const summary = input.summary?.trim() || UNSAID
  const changedWhileLooking = input.changedSomething ?? false
  const event = decide(state, { kind: 'close', summary, changedWhileLooking }, tx.now)
  if (isRefusal(event)) throw refused(event)
  if (event.kind !== 'session-closed') throw new Error('closing answers with session-closed')
  if (progress.next_chunk - progress.anchored_chunks > MOST_BLOBS) await anchorChunks(tx, recording, progress)
  await appendClosed(tx, input, recording, event)
  for (const span of input.redactionRequests) await askCut(tx, recording, span)
  // The last chunks may hold something of a span that was asked for before they came.
  if ((await findCuts(tx.db, recording.id)).length > 0) await cutSoon(tx, recording.id)
  await putProgress(tx.db, recording.id, {
    anchored_chunks: progress.next_chunk,
    duration_ms: Math.round(input.durationMs),
    commands: input.commands.length,
    heard_at: tx.now,
  })
  const entryId = await addLogEntry(tx, entryOf(input, recording, event))
  await changeRecording(tx.db, recording.id, {
    status: 'closed',
    closed_at: tx.now,
    close_hash: hash,
    changed_without_decision: event.changedWhileLooking,
    log_entry_id: entryId,
  })
  stopWatching(tx, recording.id)
  return entryId
}

/** Idempotent: the same body again is answered alike; another one is refused. */
export const closeSession = async (
  ctx: Ctx,
  input: Input & { recordingId: string },
): Promise<{ entry: string; url: string }> => {
  const { recordingId, ...body } = input
  const hash = createHash('sha256').update(JSON.stringify(body)).digest()
  let entryId: string | null = null
  const closed = await record<string | typeof NOTHING_CHANGED>(ctx, async (tx) => {
    const recording = await lockOwn(tx, recordingId)
    if (recording.status === 'closed') {
      if (!recording.close_hash?.equals(hash))
        throw new Fault('already-closed', 'This session was closed before, with other words.')
      entryId = recording.log_entry_id
      return NOTHING_CHANGED
    }
    const progress = await findProgress(tx.db, recording.id)
    checkComplete(body, progress)
    return close(tx, body, recording, progress, hash)
  })
  const id = closed === NOTHING_CHANGED ? entryId : closed
  return { entry: id ?? '', url: `${ctx.platform.config.baseUrl}/operator-log/${id}` }
}
