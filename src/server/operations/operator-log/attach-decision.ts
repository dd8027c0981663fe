/** `fortnight decide` inside a look session: from that prompt on it is a change. Asked twice, answered alike. */
import { coversChange } from '../../../domain/operations/decision-log/covers-change.ts'
import type { DecisionState } from '../../../domain/operations/decision-log/decision.ts'
import { decide } from '../../../domain/operations/operator-log/decide-session.ts'
import { sessionKind } from '../../../domain/operations/operator-log/session-kind.ts'
import { apply } from '../../../domain/operations/operator-log/apply-session.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { loadStream, type StreamEvent } from '../../platform/stream.ts'
import { sessionDecisionAttached } from './events.ts'
import { findDecisionNamed } from './open-session.ts'
import { lockOwn } from './own-session.ts'
import { sessionFrom } from './state.ts'
import { changeRecording, environmentOf, findProgress, type RecordingRow } from './store.ts'

/** Clocks of laptops differ from ours by this much and are still believed. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

/** When a session was recorded out of our sight, what it was typed under is judged as of then. */
const judgedAt = (recording: RecordingRow, atMs: number, now: number): number =>
  recording.opened_offline ? Math.min(now, recording.started_at + atMs + CLOCK_TOLERANCE_MS) : now

/** The instant from which on the decision stood in the log, by our own clock: a broken glass may say an earlier one. */
const standsSince = async (tx: WriteTx, decision: DecisionState): Promise<number> => {
  if (decision.breakGlass === null && decision.decided !== null) return decision.decided.at
  return (await loadStream(tx.db, decision.id))[0]?.at ?? tx.now
}

/** Commands that we had heard of before the decision stood cannot have been typed under it. */
const refuseReachingBack = (history: readonly StreamEvent[], fromPrompt: number, since: number): void => {
  const earlier = history.filter(({ type, at }) => type === 'session.progressed' && at < since)
  const typed = Math.max(0, ...earlier.map(({ body }) => Number(body['prompts'] ?? 0)))
  if (fromPrompt >= typed) return
  const detail = `Command ${typed} was typed before this decision stood in the log: it covers no command before ${typed + 1}.`
  throw refused({ refused: true, code: 'prompt-passed', detail })
}

type Input = {
  readonly recordingId: string
  readonly decision: string
  readonly atCommand: number
  readonly atMs: number
}

export const attachDecision = async (ctx: Ctx, input: Input): Promise<{ done: true }> => {
  await record<unknown>(ctx, async (tx) => {
    const recording = await lockOwn(tx, input.recordingId)
    const environment = await environmentOf(tx.db, recording.environment_id)
    const decision = await findDecisionNamed(tx, environment, input.decision)
    const history = await loadStream(tx.db, recording.id)
    const state = sessionFrom(recording, await findProgress(tx.db, recording.id), history)
    const fromPrompt = input.atCommand - 1
    const same = state?.spans.some(
      (span) =>
        span.fromPrompt === fromPrompt &&
        span.authority.kind !== 'look' &&
        span.authority.decisionId === decision.id,
    )
    if (same) return NOTHING_CHANGED
    const cover = coversChange(decision, recording.environment_id, judgedAt(recording, input.atMs, tx.now))
    if (isRefusal(cover)) throw refused({ refused: true, code: 'decision-required', detail: cover.detail })
    refuseReachingBack(history, fromPrompt, await standsSince(tx, decision))
    const event = decide(
      state,
      { kind: 'attach-decision', decisionId: decision.id, cover, fromPrompt },
      tx.now,
    )
    if (isRefusal(event)) throw refused(event)
    if (event.kind !== 'decision-attached' || state === null)
      throw new Error('attaching answers with decision-attached')
    const kind = sessionKind(apply(state, event))
    await changeRecording(tx.db, recording.id, { decision_id: decision.id, kind })
    tx.append(sessionDecisionAttached, {
      stream: recording.id,
      customerId: recording.customer_id,
      environmentId: recording.environment_id,
      refs: [
        ['session', recording.id],
        ['decision', decision.id],
      ],
      body: { authority: event.authority, fromPrompt, atMs: input.atMs },
    })
    return true
  })
  return { done: true }
}
