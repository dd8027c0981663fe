/** What an event makes of a recorded session. */
import type { SessionEvent, SessionState } from './session.ts'

/** @param state null only before `session-opened`; any other event then throws, for its history is broken */
export const apply = (state: SessionState | null, event: SessionEvent): SessionState => {
  if (event.kind === 'session-opened') {
    const { sessionId, environmentId, operatorId, authority, at, offline } = event
    return {
      id: sessionId,
      environmentId,
      operatorId,
      openedAt: at,
      openedOffline: offline,
      status: 'open',
      spans: [{ authority, fromPrompt: 0, at }],
      promptsSeen: 0,
      lastProgressAt: at,
      declaration: null,
    }
  }
  if (state === null) throw new Error(`${event.kind} before session-opened`)
  switch (event.kind) {
    case 'session-progressed':
      return { ...state, promptsSeen: event.prompts, lastProgressAt: event.at }
    case 'session-resumed':
      return { ...state, status: 'open', promptsSeen: event.prompts, lastProgressAt: event.at }
    case 'decision-attached': {
      const { authority, fromPrompt, at } = event
      return { ...state, spans: [...state.spans, { authority, fromPrompt, at }] }
    }
    case 'session-closed': {
      const { at, summary, changedWhileLooking } = event
      return { ...state, status: 'closed', declaration: { at, summary, changedWhileLooking } }
    }
    case 'session-abandoned':
      return { ...state, status: 'abandoned' }
  }
}
