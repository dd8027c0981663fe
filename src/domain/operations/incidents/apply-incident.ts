/** What an event makes of an incident. */
import type { Hypothesis, IncidentEvent, IncidentState, Loop, Phase } from './incident.ts'

const newLoop = (startedAt: number): Loop => ({ startedAt, firstActAt: null, endedAt: null, helped: null })

const withLastLoop = ({ loops }: IncidentState, change: Partial<Loop>): readonly Loop[] => [
  ...loops.slice(0, -1),
  { ...loops.at(-1)!, ...change },
]

const withHypothesis = (
  state: IncidentState,
  id: string,
  change: (hypothesis: Hypothesis) => Hypothesis,
): readonly Hypothesis[] => state.hypotheses.map((one) => (one.id === id ? change(one) : one))

const open = (event: Extract<IncidentEvent, { kind: 'incident-opened' }>): IncidentState => {
  const { incidentId, environmentId, title, severity, alertIds, impactStartedAt, by, at } = event
  return {
    id: incidentId,
    environmentId,
    title,
    severity,
    impact: null,
    impactStartedAt,
    openedAt: at,
    openedBy: by,
    alertIds,
    status: 'open',
    phase: 'observe',
    loops: [newLoop(at)],
    pins: [],
    hypotheses: [],
    participants: [{ accountId: by, joinedAt: at, leftAt: null }],
    escalations: [],
    decisionIds: [],
    sessionIds: [],
    outsideTicket: null,
    mitigatedAt: null,
    resolvedAt: null,
    impactEndedAt: null,
    reopenedTimes: 0,
  }
}

/** Which part of the loop an event belongs to; null: it happens beside the loop. */
export const phaseOf = (event: IncidentEvent): Phase | null => {
  switch (event.kind) {
    case 'incident-opened':
    case 'alert-added':
    case 'alerts-added':
    case 'alerts-removed':
    case 'fact-pinned':
    case 'act-judged':
    case 'incident-reopened':
      return 'observe'
    case 'hypothesis-proposed':
    case 'evidence-added':
    case 'hypothesis-judged':
    case 'impact-stated':
      return 'orient'
    case 'decision-linked':
      return 'decide'
    case 'session-linked':
      return event.authority.kind === 'look' ? 'observe' : 'act'
    case 'participant-joined':
    case 'participant-left':
    case 'help-asked':
    case 'ticket-linked':
    case 'incident-mitigated':
    case 'incident-resolved':
      return null
  }
}

type Later = Exclude<IncidentEvent, { kind: 'incident-opened' }>

const change = (state: IncidentState, event: Later): Partial<IncidentState> => {
  const { at } = event
  switch (event.kind) {
    case 'alert-added':
      return { alertIds: [...state.alertIds, event.alertId] }
    case 'alerts-added':
      return { alertIds: [...state.alertIds, ...event.alertIds] }
    case 'alerts-removed': {
      const removed = new Set(event.alertIds)
      return { alertIds: state.alertIds.filter((id) => !removed.has(id)) }
    }
    case 'fact-pinned':
      return { pins: [...state.pins, event.pin] }
    case 'hypothesis-proposed': {
      const { hypothesisId: id, statement, by: proposedBy } = event
      return {
        hypotheses: [
          ...state.hypotheses,
          { id, statement, proposedBy, status: 'open', for: [], against: [] },
        ],
      }
    }
    case 'evidence-added': {
      const { pinId, side } = event
      const without = (pins: readonly string[]) => pins.filter((id) => id !== pinId)
      return {
        hypotheses: withHypothesis(state, event.hypothesisId, (one) => {
          const moved = { ...one, for: without(one.for), against: without(one.against) }
          return { ...moved, [side]: [...moved[side], pinId] }
        }),
      }
    }
    case 'hypothesis-judged': {
      const { status } = event
      return { hypotheses: withHypothesis(state, event.hypothesisId, (one) => ({ ...one, status })) }
    }
    case 'impact-stated':
      return { severity: event.severity, impact: event.impact, impactStartedAt: event.startedAt }
    case 'participant-joined':
      return {
        participants: [...state.participants, { accountId: event.accountId, joinedAt: at, leftAt: null }],
      }
    case 'participant-left':
      return {
        participants: state.participants.map((one) =>
          one.accountId === event.accountId && one.leftAt === null ? { ...one, leftAt: at } : one,
        ),
      }
    case 'help-asked': {
      const { to, reason, by } = event
      return { escalations: [...state.escalations, { to, reason, by, at }] }
    }
    case 'ticket-linked':
      return { outsideTicket: event.ticket }
    case 'decision-linked':
      return { decisionIds: [...state.decisionIds, event.decisionId] }
    default:
      return changeOfCourse(state, event)
  }
}

type OfCourse = Extract<
  IncidentEvent,
  { kind: 'session-linked' | 'act-judged' | 'incident-mitigated' | 'incident-resolved' | 'incident-reopened' }
>

/** The events that move an incident along. */
const changeOfCourse = (state: IncidentState, event: OfCourse): Partial<IncidentState> => {
  const { at } = event
  switch (event.kind) {
    case 'session-linked': {
      const sessionIds = state.sessionIds.includes(event.sessionId)
        ? state.sessionIds
        : [...state.sessionIds, event.sessionId]
      if (event.authority.kind === 'look') return { sessionIds }
      return { sessionIds, loops: withLastLoop(state, { firstActAt: state.loops.at(-1)!.firstActAt ?? at }) }
    }
    case 'act-judged':
      return { loops: [...withLastLoop(state, { endedAt: at, helped: event.helped }), newLoop(at)] }
    case 'incident-mitigated':
      return { status: 'mitigated', mitigatedAt: at, impactEndedAt: event.impactEndedAt }
    case 'incident-resolved':
      return {
        status: 'resolved',
        mitigatedAt: state.mitigatedAt ?? at,
        resolvedAt: at,
        impactEndedAt: event.impactEndedAt,
      }
    case 'incident-reopened':
      return {
        status: 'open',
        mitigatedAt: null,
        resolvedAt: null,
        impactEndedAt: null,
        reopenedTimes: state.reopenedTimes + 1,
        loops: [...withLastLoop(state, { endedAt: at }), newLoop(at)],
      }
  }
}

/** @param state null only before `incident-opened`; any other event then throws, for its history is broken */
export const apply = (state: IncidentState | null, event: IncidentEvent): IncidentState => {
  if (event.kind === 'incident-opened') return open(event)
  if (state === null) throw new Error(`${event.kind} before incident-opened`)
  return { ...state, phase: phaseOf(event) ?? state.phase, ...change(state, event) }
}
