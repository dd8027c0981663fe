/** What may happen to a recorded session: opening as a change needs a decision, looking needs none, and evidence is never turned away. */
import { isRefusal, refuse } from '../../refusal.ts'
import type {
  Authority,
  CoverAnswer,
  SessionCommand,
  SessionEvent,
  SessionRefusal,
  SessionState,
} from './session.ts'

type Of<Kind extends SessionCommand['kind']> = Extract<SessionCommand, { kind: Kind }>
type Answer = SessionEvent | SessionRefusal

/** The Decision Log's own words go on to whoever is refused, for they say what to do. */
const authorityOf = (decisionId: string, cover: CoverAnswer): Authority | SessionRefusal => {
  if (isRefusal(cover)) return refuse('decision-required', cover.detail)
  return cover.flagged ? { kind: 'break-glass', decisionId } : { kind: 'decided', decisionId }
}

const open = (command: Of<'open'>, now: number): Answer => {
  const { sessionId, environmentId, operatorId, purpose, offlineSinceAt } = command
  const authority =
    purpose.kind === 'look' ? ({ kind: 'look' } as const) : authorityOf(purpose.decisionId, purpose.cover)
  if (isRefusal(authority)) return authority
  return {
    kind: 'session-opened',
    sessionId,
    environmentId,
    operatorId,
    authority,
    at: Math.min(offlineSinceAt ?? now, now),
    offline: offlineSinceAt !== undefined,
  }
}

/** A decision holds from its prompt on and cannot reach back over what was typed before another was attached. */
const attach = (state: SessionState, command: Of<'attach-decision'>, now: number): Answer => {
  const { decisionId, cover, fromPrompt } = command
  const last = state.spans.at(-1)!
  if (!Number.isInteger(fromPrompt) || fromPrompt < last.fromPrompt) {
    return refuse('prompt-passed', `A decision is attached at prompt ${last.fromPrompt} or later.`)
  }
  const authority = authorityOf(decisionId, cover)
  if (isRefusal(authority)) return authority
  return { kind: 'decision-attached', authority, fromPrompt, at: now }
}

const close = ({ spans }: SessionState, command: Of<'close'>, now: number): Answer => {
  const { summary } = command
  if (summary.trim() === '') return refuse('summary-required', 'Say in a sentence what was done or seen.')
  const hasLooked = spans.some(({ authority }) => authority.kind === 'look')
  const changedWhileLooking = command.changedWhileLooking && hasLooked
  return { kind: 'session-closed', at: now, summary, changedWhileLooking }
}

/**
 * Every command is answered by one event or one refusal.
 * @param state null before the session is opened
 * @param now   epoch milliseconds
 */
export const decide = (state: SessionState | null, command: SessionCommand, now: number): Answer => {
  if (command.kind === 'open') {
    return state === null ? open(command, now) : refuse('session-exists', 'This session was opened before.')
  }
  if (state === null) return refuse('session-unknown', 'There is no such session.')
  if (command.kind === 'progress') {
    const prompts = Math.max(command.prompts, state.promptsSeen)
    return { kind: state.status === 'abandoned' ? 'session-resumed' : 'session-progressed', prompts, at: now }
  }
  if (state.status === 'closed') return refuse('session-closed', 'This session is closed.')
  switch (command.kind) {
    case 'attach-decision':
      return attach(state, command, now)
    case 'close':
      return close(state, command, now)
    case 'abandon':
      return state.status === 'abandoned' || now - state.lastProgressAt < command.silenceMs
        ? refuse('still-recording', 'The recorder has been heard from, or was given up before.')
        : { kind: 'session-abandoned', lastProgressAt: state.lastProgressAt, at: now }
  }
}
