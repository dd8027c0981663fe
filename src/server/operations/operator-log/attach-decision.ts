/** `fortnight decide` inside a look session: from that prompt on it is a change. Asked twice, answered alike. */
import { coversChange } from '../../../domain/operations/decision-log/covers-change.ts'
import { decide } from '../../../domain/operations/operator-log/decide-session.ts'
import { sessionKind } from '../../../domain/operations/operator-log/session-kind.ts'
import { apply } from '../../../domain/operations/operator-log/apply-session.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { loadStream } from '../../platform/stream.ts'
import { sessionDecisionAttached } from './events.ts'
import { findDecisionNamed } from './open-session.ts'
import { lockOwn } from './own-session.ts'
import { sessionFrom } from './state.ts'
import { changeRecording, environmentOf, findProgress } from './store.ts'

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
    const state = sessionFrom(
      recording,
      await findProgress(tx.db, recording.id),
      await loadStream(tx.db, recording.id),
    )
    const fromPrompt = input.atCommand - 1
    const same = state?.spans.some(
      (span) =>
        span.fromPrompt === fromPrompt &&
        span.authority.kind !== 'look' &&
        span.authority.decisionId === decision.id,
    )
    if (same) return NOTHING_CHANGED
    const cover = coversChange(decision, recording.environment_id, tx.now)
    if (isRefusal(cover)) throw refused({ refused: true, code: 'decision-required', detail: cover.detail })
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
