/** What an event makes of a decision; entries are added and never changed. */
import type { BreakGlass, DecisionEvent, DecisionState } from './decision.ts'

type Opened = Extract<DecisionEvent, { kind: 'decision-proposed' | 'glass-broken' }>

const open = (event: Opened): DecisionState => {
  const { decisionId, environmentId, by, at } = event
  const state: DecisionState = {
    id: decisionId,
    environmentId,
    openedAt: at,
    openedBy: by,
    entries: [],
    decided: null,
    ending: null,
    breakGlass: null,
  }
  if (event.kind === 'decision-proposed') {
    return { ...state, entries: [{ terms: event.terms, at, by, reason: 'proposed' }] }
  }
  const { why, writeUpBy, reviewBy } = event
  const breakGlass = { openedBy: by, openedAt: at, why, writeUpBy, reviewBy, writtenUp: null, review: null }
  return { ...state, breakGlass }
}

const withGlass = (state: DecisionState, change: Partial<BreakGlass>): DecisionState => {
  if (state.breakGlass === null) throw new Error(`decision ${state.id} was not taken by breaking the glass`)
  return { ...state, breakGlass: { ...state.breakGlass, ...change } }
}

/** @param state null only before the first event; any other event then throws, for its history is broken */
export const apply = (state: DecisionState | null, event: DecisionEvent): DecisionState => {
  if (event.kind === 'decision-proposed' || event.kind === 'glass-broken') return open(event)
  if (state === null) throw new Error(`${event.kind} before the decision was opened`)
  switch (event.kind) {
    case 'decision-decided': {
      const { by, at, cooperation } = event
      return { ...state, decided: { by, at, cooperation } }
    }
    case 'decision-amended': {
      const { terms, at, by, reason } = event
      return { ...state, entries: [...state.entries, { terms, at, by, reason }] }
    }
    case 'decision-ended':
      return { ...state, ending: event.ending }
    case 'break-glass-written-up': {
      const { by, at, terms, result, cooperation } = event
      const entries = [...state.entries, { terms, at, by, reason: 'written up' }]
      return {
        ...withGlass(state, { writtenUp: { by, at, result } }),
        entries,
        decided: { by, at, cooperation },
      }
    }
    case 'break-glass-reviewed': {
      const { by, at, verdict, note } = event
      return withGlass(state, { review: { by, at, verdict, note } })
    }
  }
}
