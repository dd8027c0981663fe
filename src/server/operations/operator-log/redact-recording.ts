/** Asks that a span goes from what is stored of a recording: shown no more at once, replaced by a task, declared in the ledger. */
import type { operatorLogRoutes } from '../../../contract/operations/operator-log.ts'
import type { InputOf, ReplyOf } from '../../../contract/route.ts'
import { may } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { loadStream } from '../../platform/stream.ts'
import { cutRecording } from './cut-recording.ts'
import { addCut, hasCut, noteCutWork } from './cut-store.ts'
import { sessionRedactionAsked } from './events.ts'
import { operatorOf } from './open-session.ts'
import { lockRecording, type RecordingRow } from './store.ts'

export type Span = { readonly fromMs: number; readonly toMs: number; readonly why: string }

/** Idempotent by span. False when it was asked before. */
export const askCut = async (tx: WriteTx, recording: RecordingRow, span: Span): Promise<boolean> => {
  const whole = { fromMs: Math.floor(span.fromMs), toMs: Math.ceil(span.toMs) }
  if (await hasCut(tx.db, recording.id, whole)) return false
  const by = operatorOf(tx.ctx)
  const eventId = tx.append(sessionRedactionAsked, {
    stream: recording.id,
    customerId: recording.customer_id,
    environmentId: recording.environment_id,
    refs: [['session', recording.id]],
    body: { by, ...whole, reason: span.why },
  })
  await addCut(tx.db, {
    id: tx.id(),
    recording_id: recording.id,
    customer_id: recording.customer_id,
    from_ms: whole.fromMs,
    to_ms: whole.toMs,
    asked_by: by,
    asked_at: tx.now,
    asked_event_id: eventId,
  })
  await cutSoon(tx, recording.id)
  return true
}

/** Chunks have come since the last time, or a span has. */
export const cutSoon = async (tx: WriteTx, recordingId: string): Promise<void> => {
  await noteCutWork(tx.db, recordingId)
  tx.later(cutRecording, { key: recordingId, payload: { recordingId } })
}

type Listed = { readonly startedAt: number }

const commandsWithin = async (tx: WriteTx, recording: RecordingRow, span: Span): Promise<number> => {
  const closed = (await loadStream(tx.db, recording.id)).findLast(({ type }) => type === 'session.closed')
  const listed = (closed?.body['commands'] as readonly Listed[] | undefined) ?? []
  return listed.filter(({ startedAt }) => {
    const atMs = startedAt - recording.started_at
    return atMs >= span.fromMs && atMs <= span.toMs
  }).length
}

export const redactRecording = async (
  ctx: Ctx,
  { recordingId, ...span }: InputOf<typeof operatorLogRoutes.redactRecording>,
): Promise<ReplyOf<typeof operatorLogRoutes.redactRecording>> => {
  if (span.toMs < span.fromMs) throw new Fault('bad-request', 'The span ends before it begins.')
  let commandsListed = 0
  await record<unknown>(ctx, async (tx) => {
    const recording = await lockRecording(tx.db, recordingId)
    const eraser = may(ctx.actor, 'evidence.erase')
    const own = recording?.operator_id === operatorOf(ctx)
    if (!recording || (!own && !eraser)) throw notFound('This recording')
    if (recording.status === 'closed' && !eraser)
      throw new Fault(
        'not-allowed',
        'This session is closed: from now on only somebody who may erase evidence can redact it.',
      )
    commandsListed = await commandsWithin(tx, recording, span)
    return (await askCut(tx, recording, span)) || NOTHING_CHANGED
  })
  return { done: false, commandsListed }
}
