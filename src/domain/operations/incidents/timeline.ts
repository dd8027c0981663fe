/** The timeline of an incident builds itself: nobody types it, it is what happened, by pass and phase of the loop. */
import { apply } from './apply-incident.ts'
import type { IncidentEvent, IncidentState, Phase } from './incident.ts'

/** @property about the words of whoever did it, if there are any */
export type TimelineEntry = {
  readonly at: number
  readonly by: string
  readonly loop: number
  readonly phase: Phase
  readonly what: IncidentEvent['kind']
  readonly about: string | null
}

const wordsOf = (event: IncidentEvent, state: IncidentState): string | null => {
  const statementOf = (hypothesisId: string) =>
    state.hypotheses.find(({ id }) => id === hypothesisId)?.statement ?? null
  switch (event.kind) {
    case 'incident-opened':
      return event.title
    case 'fact-pinned':
      return event.pin.text
    case 'hypothesis-proposed':
      return event.statement
    case 'evidence-added':
    case 'hypothesis-judged':
      return statementOf(event.hypothesisId)
    case 'impact-stated':
      return event.impact
    case 'help-asked':
    case 'incident-reopened':
      return event.reason
    case 'incident-resolved':
      return event.summary
    case 'ticket-linked':
      return event.ticket.kind === 'url' ? event.ticket.url : event.ticket.key
    case 'alert-added':
    case 'alerts-added':
    case 'alerts-removed':
    case 'participant-joined':
    case 'participant-left':
    case 'decision-linked':
    case 'session-linked':
    case 'act-judged':
    case 'incident-mitigated':
      return null
  }
}

/** @param events of one incident, in the order in which they were recorded */
export const timelineOf = (events: readonly IncidentEvent[]): readonly TimelineEntry[] => {
  let state: IncidentState | null = null
  return events.map((event) => {
    // A judged act still belongs to the pass that it ends.
    const passBefore: number = state?.loops.length ?? 1
    const next = apply(state, event)
    state = next
    const loop = event.kind === 'act-judged' ? passBefore : next.loops.length
    return {
      at: event.at,
      by: event.by,
      loop,
      phase: next.phase,
      what: event.kind,
      about: wordsOf(event, next),
    }
  })
}

/** Milliseconds from the beginning of the impact; null where it has not come to that, or nobody knows. */
export type Timings = {
  readonly detectedMs: number | null
  readonly pagedMs: number | null
  readonly acknowledgedMs: number | null
  readonly firstDecisionMs: number | null
  readonly firstActMs: number | null
  readonly mitigatedMs: number | null
  readonly resolvedMs: number | null
}

/** What pages know and the incident does not, epoch milliseconds. */
export type PageTimes = {
  readonly detectedAt: number | null
  readonly pagedAt: number | null
  readonly acknowledgedAt: number | null
}

/** Derived and never typed. */
export const timingsOf = (events: readonly IncidentEvent[], pages: PageTimes): Timings | null => {
  const state = events.reduce<IncidentState | null>(apply, null)
  if (state === null) return null
  const since = (at: number | null) => (at === null ? null : Math.max(0, at - state.impactStartedAt))
  const firstAct = state.loops.find(({ firstActAt }) => firstActAt !== null)
  return {
    detectedMs: since(pages.detectedAt),
    pagedMs: since(pages.pagedAt),
    acknowledgedMs: since(pages.acknowledgedAt),
    firstDecisionMs: since(events.find(({ kind }) => kind === 'decision-linked')?.at ?? null),
    firstActMs: since(firstAct?.firstActAt ?? null),
    mitigatedMs: since(state.mitigatedAt),
    resolvedMs: since(state.resolvedAt),
  }
}
