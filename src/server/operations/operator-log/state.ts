/** Between the events of a session and the rules. */
import { apply } from '../../../domain/operations/operator-log/apply-session.ts'
import type {
  Authority,
  SessionEvent,
  SessionState,
} from '../../../domain/operations/operator-log/session.ts'
import type { StreamEvent } from '../../platform/stream.ts'
import type { ProgressRow, RecordingRow } from './store.ts'

const LOOK: Authority = { kind: 'look' }

const eventOf = (recording: RecordingRow, { type, at, body }: StreamEvent): SessionEvent | undefined => {
  const authority = (body['authority'] as Authority | undefined) ?? LOOK
  switch (type) {
    case 'session.opened':
      return {
        kind: 'session-opened',
        sessionId: recording.id,
        environmentId: recording.environment_id,
        operatorId: recording.operator_id,
        authority,
        at: recording.started_at,
        offline: recording.opened_offline,
      }
    case 'session.decision-attached':
      return { kind: 'decision-attached', authority, fromPrompt: Number(body['fromPrompt'] ?? 0), at }
    case 'session.abandoned':
      return { kind: 'session-abandoned', lastProgressAt: Number(body['lastHeardAt'] ?? at), at }
    case 'session.closed':
      return {
        kind: 'session-closed',
        at,
        summary: String(body['summary'] ?? ''),
        changedWhileLooking: body['changedWhileLooking'] === true,
      }
    default:
      return undefined
  }
}

/** Signs of life are bookkeeping, not events: the last one is laid on top. */
export const sessionFrom = (
  recording: RecordingRow,
  progress: ProgressRow,
  history: readonly StreamEvent[],
): SessionState | null => {
  const state = history.reduce<SessionState | null>((before, event) => {
    const happened = eventOf(recording, event)
    return happened ? apply(before, happened) : before
  }, null)
  return (
    state && {
      ...state,
      status: recording.status,
      promptsSeen: progress.commands,
      lastProgressAt: progress.heard_at,
    }
  )
}
