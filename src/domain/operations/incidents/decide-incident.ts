/** What may be done in an incident. Nothing is modal, for one tired engineer usually works it alone; but times keep their order. */
import { isRefusal, refuse } from '../../refusal.ts'
import { outsideTicket } from './outside-ticket.ts'
import type { IncidentCommand, IncidentEvent, IncidentRefusal, IncidentState } from './incident.ts'

type Of<Kind extends IncidentCommand['kind']> = Extract<IncidentCommand, { kind: Kind }>
type Answer = readonly IncidentEvent[] | IncidentRefusal

const most = { alerts: 5_000, pins: 1_000, hypotheses: 100, participants: 200, decisions: 200, sessions: 500 }
const longestText = 10_000
const longestTitle = 300

const checkText = (text: string, what: string, longest = longestText): IncidentRefusal | null => {
  if (text.trim() === '') return refuse('text-required', `Say ${what}.`)
  return text.length > longest
    ? refuse('text-too-long', `Say ${what} in at most ${longest} characters.`)
    : null
}

const checkRoom = (list: readonly unknown[], what: keyof typeof most): IncidentRefusal | null =>
  list.length < most[what]
    ? null
    : refuse('incident-full', `An incident holds at most ${most[what]} ${what}; open another and link them.`)

const nothingChanged = (detail: string) => refuse('nothing-changed', detail)
const idInUse = () => refuse('id-in-use', 'This id is used in the incident already.')

/** The same said again within this time is a hand that shook, not a second fact. */
const doubleClickMs = 10_000
/** Help asked for again in the same words is not more urgent for it; whoever was asked is being told already. */
const helpAgainMs = 60_000

const open = (command: Of<'open'>, now: number): Answer => {
  const { by, incidentId, environmentId, title, severity, alertIds } = command
  const impactStartedAt = Math.min(command.impactStartedAt ?? now, now)
  const event: IncidentEvent = {
    kind: 'incident-opened',
    incidentId,
    environmentId,
    title,
    severity,
    alertIds: [...new Set(alertIds)],
    impactStartedAt,
    by,
    at: now,
  }
  return checkText(title, 'what is wrong', longestTitle) ?? [event]
}

const addAlerts = (state: IncidentState, { by, alertIds }: Of<'add-alerts'>, at: number): Answer => {
  const known = new Set(state.alertIds)
  const added = [...new Set(alertIds)].filter((id) => !known.has(id))
  if (added.length === 0) return nothingChanged('These alerts are in the incident already.')
  if (state.alertIds.length + added.length > most.alerts)
    return refuse(
      'incident-full',
      `An incident holds at most ${most.alerts} alerts; open another and link them.`,
    )
  return [{ kind: 'alerts-added', alertIds: added, by, at }]
}

const removeAlerts = (state: IncidentState, { by, alertIds }: Of<'remove-alerts'>, at: number): Answer => {
  const known = new Set(state.alertIds)
  const removed = [...new Set(alertIds)].filter((id) => known.has(id))
  if (removed.length === 0) return nothingChanged('None of these alerts is in the incident.')
  return [{ kind: 'alerts-removed', alertIds: removed, by, at }]
}

const pin = (state: IncidentState, { by, pin: fact }: Of<'pin'>, at: number): Answer => {
  if (state.pins.some(({ id }) => id === fact.id)) return idInUse()
  const twice = state.pins.some(
    ({ about, text, recordId, observedAt }) =>
      about === fact.about &&
      text === fact.text &&
      recordId === fact.recordId &&
      Math.abs(observedAt - fact.observedAt) < doubleClickMs,
  )
  if (twice) return nothingChanged('This is pinned already.')
  const refusal = checkText(fact.text, 'what you see') ?? checkRoom(state.pins, 'pins')
  return refusal ?? [{ kind: 'fact-pinned', pin: fact, by, at }]
}

const propose = (state: IncidentState, command: Of<'propose-hypothesis'>, at: number): Answer => {
  const { by, hypothesisId, statement } = command
  if (state.hypotheses.some(({ id }) => id === hypothesisId)) return idInUse()
  if (state.hypotheses.some((one) => one.statement === statement && one.status === 'open'))
    return nothingChanged('This hypothesis stands already.')
  const refusal = checkText(statement, 'what may be the cause') ?? checkRoom(state.hypotheses, 'hypotheses')
  return refusal ?? [{ kind: 'hypothesis-proposed', hypothesisId, statement, by, at }]
}

const addEvidence = (state: IncidentState, command: Of<'add-evidence'>, at: number): Answer => {
  const { by, hypothesisId, pinId, side } = command
  const hypothesis = state.hypotheses.find(({ id }) => id === hypothesisId)
  if (hypothesis === undefined) return refuse('hypothesis-unknown', 'There is no such hypothesis here.')
  if (!state.pins.some(({ id }) => id === pinId)) return refuse('pin-unknown', 'Pin the fact first.')
  if (hypothesis[side].includes(pinId))
    return nothingChanged(`The fact counts ${side} this hypothesis already.`)
  return [{ kind: 'evidence-added', hypothesisId, pinId, side, by, at }]
}

const judgeHypothesis = (state: IncidentState, command: Of<'judge-hypothesis'>, at: number): Answer => {
  const { by, hypothesisId, status } = command
  const hypothesis = state.hypotheses.find(({ id }) => id === hypothesisId)
  if (hypothesis === undefined) return refuse('hypothesis-unknown', 'There is no such hypothesis here.')
  if (hypothesis.status === status) return nothingChanged(`The hypothesis is ${status} already.`)
  return [{ kind: 'hypothesis-judged', hypothesisId, status, by, at }]
}

const stateImpact = (state: IncidentState, command: Of<'state-impact'>, at: number): Answer => {
  const { by, severity, impact, startedAt = state.impactStartedAt } = command
  if (startedAt > at) return refuse('time-out-of-order', 'The impact cannot begin in the future.')
  if (state.impactEndedAt !== null && startedAt > state.impactEndedAt) {
    return refuse('time-out-of-order', 'The impact cannot begin after it ended.')
  }
  const refusal = checkText(impact, 'what the customer feels')
  return refusal ?? [{ kind: 'impact-stated', severity, impact, startedAt, by, at }]
}

const takePart = (
  state: IncidentState,
  { by, kind, accountId }: Of<'join' | 'leave'>,
  at: number,
): Answer => {
  const isIn = state.participants.some((one) => one.accountId === accountId && one.leftAt === null)
  if (kind === 'leave') {
    return isIn
      ? [{ kind: 'participant-left', accountId, by, at }]
      : refuse('not-a-participant', 'This person is not in the incident.')
  }
  if (isIn) return nothingChanged('This person is in the incident already.')
  return checkRoom(state.participants, 'participants') ?? [{ kind: 'participant-joined', accountId, by, at }]
}

const linkDecision = (state: IncidentState, decisionId: string, by: string, at: number): Answer => {
  if (state.decisionIds.includes(decisionId)) return nothingChanged('The decision is linked already.')
  return checkRoom(state.decisionIds, 'decisions') ?? [{ kind: 'decision-linked', decisionId, by, at }]
}

/** A session brings the decision it is made under, so that the chain never misses a link. */
const linkSession = (state: IncidentState, command: Of<'link-session'>, at: number): Answer => {
  const { by, sessionId, authority } = command
  const full = checkRoom(state.sessionIds, 'sessions')
  if (full !== null) return full
  const linked: IncidentEvent = { kind: 'session-linked', sessionId, authority, by, at }
  if (authority.kind === 'look' || state.decisionIds.includes(authority.decisionId)) return [linked]
  const decision = linkDecision(state, authority.decisionId, by, at)
  return isRefusal(decision) ? decision : [...decision, linked]
}

const askForHelp = (state: IncidentState, { by, to, reason }: Of<'escalate'>, at: number): Answer => {
  const same = (one: IncidentState['escalations'][number]): boolean =>
    one.by === by && one.reason === reason && JSON.stringify(one.to) === JSON.stringify(to)
  if (state.escalations.some((one) => same(one) && at - one.at < helpAgainMs))
    return nothingChanged('You asked for this a moment ago, and they are being told.')
  return checkText(reason, 'what you need help with') ?? [{ kind: 'help-asked', to, reason, by, at }]
}

const judgeAct = ({ loops }: IncidentState, { by, helped }: Of<'judge-act'>, at: number): Answer =>
  loops.at(-1)!.firstActAt === null
    ? refuse('no-act-to-judge', 'Nothing was done yet in this pass of the loop.')
    : [{ kind: 'act-judged', helped, by, at }]

const end = (state: IncidentState, command: Of<'mitigate' | 'resolve'>, at: number): Answer => {
  const { by } = command
  if (command.kind === 'mitigate' && state.status === 'mitigated') {
    return refuse('already-mitigated', 'This is mitigated already; resolve it when the cause is gone.')
  }
  const impactEndedAt = command.impactEndedAt ?? state.impactEndedAt ?? at
  if (impactEndedAt < state.impactStartedAt || impactEndedAt > at) {
    return refuse('time-out-of-order', 'The impact ended after it began, and not in the future.')
  }
  if (command.kind === 'mitigate') return [{ kind: 'incident-mitigated', impactEndedAt, by, at }]
  const { summary } = command
  return checkText(summary, 'what it was') ?? [{ kind: 'incident-resolved', impactEndedAt, summary, by, at }]
}

const reopen = (state: IncidentState, { by, reason }: Of<'reopen'>, at: number): Answer =>
  state.status === 'open'
    ? refuse('incident-not-over', 'The incident is open.')
    : (checkText(reason, 'why it is not over') ?? [{ kind: 'incident-reopened', reason, by, at }])

const decideOpen = (
  state: IncidentState,
  command: Exclude<IncidentCommand, { kind: 'open' | 'reopen' | 'link-ticket' | 'state-impact' }>,
  now: number,
): Answer => {
  const { by } = command
  switch (command.kind) {
    case 'add-alert': {
      const { alertId } = command
      if (state.alertIds.includes(alertId)) return nothingChanged('The alert is in the incident already.')
      return checkRoom(state.alertIds, 'alerts') ?? [{ kind: 'alert-added', alertId, by, at: now }]
    }
    case 'add-alerts':
      return addAlerts(state, command, now)
    case 'remove-alerts':
      return removeAlerts(state, command, now)
    case 'pin':
      return pin(state, command, now)
    case 'propose-hypothesis':
      return propose(state, command, now)
    case 'add-evidence':
      return addEvidence(state, command, now)
    case 'judge-hypothesis':
      return judgeHypothesis(state, command, now)
    case 'join':
    case 'leave':
      return takePart(state, command, now)
    case 'escalate':
      return askForHelp(state, command, now)
    case 'link-decision':
      return linkDecision(state, command.decisionId, by, now)
    case 'link-session':
      return linkSession(state, command, now)
    case 'judge-act':
      return judgeAct(state, command, now)
    case 'mitigate':
    case 'resolve':
      return end(state, command, now)
  }
}

/**
 * @param state null before the incident is opened
 * @param now   epoch milliseconds
 * @returns events to be applied and stored in this order, or why not; never an empty list
 */
export const decide = (state: IncidentState | null, command: IncidentCommand, now: number): Answer => {
  if (command.kind === 'open') {
    return state === null ? open(command, now) : refuse('incident-exists', 'This incident was opened before.')
  }
  if (state === null) return refuse('incident-unknown', 'There is no such incident.')
  switch (command.kind) {
    case 'reopen':
      return reopen(state, command, now)
    // Known better afterwards: both may be set right when the incident is over.
    case 'state-impact':
      return stateImpact(state, command, now)
    case 'link-ticket': {
      const ticket = outsideTicket(command.ticket)
      return isRefusal(ticket) ? ticket : [{ kind: 'ticket-linked', ticket, by: command.by, at: now }]
    }
    default:
      return state.status === 'resolved'
        ? refuse('incident-resolved', 'The incident is resolved; reopen it if it is not over.')
        : decideOpen(state, command, now)
  }
}
