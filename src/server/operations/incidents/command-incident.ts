/** Every step in an incident: lock it, read its history, ask the rules, append what happened, bring the row up to date. */
import { apply } from '../../../domain/operations/incidents/apply-incident.ts'
import { decide } from '../../../domain/operations/incidents/decide-incident.ts'
import type {
  IncidentCommand,
  IncidentEvent,
  IncidentState,
} from '../../../domain/operations/incidents/incident.ts'
import type { IncidentCommandInput } from '../../../contract/operations/incidents.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Ref } from '../../platform/events.ts'
import { Fault, notFound, refused } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { loadStream } from '../../platform/stream.ts'
import { incidentEvents } from './events.ts'
import { incidentFrom } from './state.ts'
import {
  addIncidentAlerts,
  areAlertsOf,
  isAlertOfItsEnvironment,
  isColleague,
  isRecordOfItsEnvironment,
  lockIncident,
  putIncident,
  removeIncidentAlerts,
  type IncidentRow,
} from './store.ts'

export const memberOf = (ctx: Ctx): string => {
  if (ctx.actor.kind === 'person') return ctx.actor.accountId
  throw new Fault('not-allowed', 'An incident is worked by members of the team.')
}

type Where = Pick<IncidentRow, 'id' | 'customer_id' | 'environment_id' | 'number'>

/** Of many the first: an alert finds its incidents by itself. */
const alertRefs = (ids: readonly string[]): Ref[] => ids.slice(0, 50).map((id): Ref => ['alert', id])

/** Records that the event points at, so that the chain can be walked from either side. */
const refsOf = (incidentId: string, event: IncidentEvent): Ref[] => {
  const own: Ref = ['incident', incidentId]
  switch (event.kind) {
    case 'incident-opened':
      return [own, ...alertRefs(event.alertIds)]
    case 'alert-added':
      return [own, ['alert', event.alertId]]
    case 'alerts-added':
    case 'alerts-removed':
      return [own, ...alertRefs(event.alertIds)]
    case 'decision-linked':
      return [own, ['decision', event.decisionId]]
    case 'session-linked':
      return [own, ['session', event.sessionId]]
    case 'participant-joined':
    case 'participant-left':
      return [own, ['account', event.accountId]]
    default:
      return [own]
  }
}

const append = (tx: WriteTx, where: Where, event: IncidentEvent): string => {
  const { kind, at: _, ...body } = event
  return tx.append(incidentEvents[kind], {
    stream: where.id,
    customerId: where.customer_id,
    environmentId: where.environment_id,
    refs: refsOf(where.id, event),
    body,
  })
}

const rowOf = (where: Where, state: IncidentState, titleEventId: string): IncidentRow => ({
  id: where.id,
  customer_id: where.customer_id,
  environment_id: where.environment_id,
  number: where.number,
  status: state.status,
  phase: state.phase,
  severity: state.severity,
  loop: state.loops.length,
  title_event_id: titleEventId,
  impact_started_at: state.impactStartedAt,
  impact_ended_at: state.impactEndedAt,
  opened_at: state.openedAt,
  opened_by: state.openedBy,
  mitigated_at: state.mitigatedAt,
  resolved_at: state.resolvedAt,
})

/** In a transaction of the caller's; `before` is null for the first command. */
export const commandIncidentIn = async (
  tx: WriteTx,
  where: Where & { readonly title_event_id?: string },
  before: IncidentState | null,
  command: IncidentCommand,
): Promise<IncidentState> => {
  const events = decide(before, command, tx.now)
  if (isRefusal(events)) throw refused(events)
  let state = before
  let titleEventId = where.title_event_id
  const alertIds: string[] = []
  const removed: string[] = []
  for (const event of events) {
    state = apply(state, event)
    const eventId = append(tx, where, event)
    if (event.kind === 'incident-opened') titleEventId = eventId
    if (event.kind === 'incident-opened' || event.kind === 'alerts-added') alertIds.push(...event.alertIds)
    if (event.kind === 'alerts-removed') removed.push(...event.alertIds)
    if (event.kind === 'alert-added') alertIds.push(event.alertId)
  }
  if (!state || !titleEventId) throw new Error('an incident without a beginning')
  const row = rowOf(where, state, titleEventId)
  await putIncident(tx.db, row)
  await addIncidentAlerts(tx.db, row, alertIds)
  await removeIncidentAlerts(tx.db, row.id, removed)
  return state
}

/** Loads and commands; used by the API and by chains that link decisions and sessions. */
export const commandKnownIncident = async (
  tx: WriteTx,
  incidentId: string,
  commandOf: (state: IncidentState) => IncidentCommand | undefined,
  environmentId?: string,
): Promise<void> => {
  const row = await lockIncident(tx.db, incidentId)
  const before = row ? incidentFrom(await loadStream(tx.db, incidentId)) : null
  if (!row || !before) throw notFound('This incident')
  // A record of another environment would put its id into a log that its customer takes away.
  if (environmentId !== undefined && environmentId !== row.environment_id)
    throw notFound('This incident in the environment of the record')
  const command = commandOf(before)
  if (command) await commandIncidentIn(tx, row, before, command)
}

const optional = <Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } =>
  (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value }

/** The contract's words → the rules' command. */
const commandFrom = (tx: WriteTx, input: IncidentCommandInput, by: string): IncidentCommand => {
  switch (input.kind) {
    case 'pin': {
      const { about, text, recordId = null, observedAt = tx.now } = input
      // Nothing was seen that has not happened yet.
      return {
        kind: 'pin',
        by,
        pin: { id: tx.id(), about, text, recordId, observedAt: Math.min(observedAt, tx.now) },
      }
    }
    case 'propose-hypothesis':
      return { kind: 'propose-hypothesis', by, hypothesisId: tx.id(), statement: input.statement }
    case 'join':
    case 'leave':
      return { kind: input.kind, by, accountId: input.accountId ?? by }
    case 'ask-help': {
      if (!input.role === !input.accountId) throw new Fault('invalid-input', 'Ask one role or one person.')
      const to = input.role
        ? ({ kind: 'role', role: input.role } as const)
        : ({ kind: 'account', accountId: input.accountId ?? '' } as const)
      return { kind: 'escalate', by, to, reason: input.reason }
    }
    case 'state-impact':
      return {
        kind: 'state-impact',
        by,
        severity: input.severity,
        impact: input.impact,
        ...optional('startedAt', input.startedAt),
      }
    case 'mitigate':
      return { kind: 'mitigate', by, ...optional('impactEndedAt', input.impactEndedAt) }
    case 'resolve':
      return {
        kind: 'resolve',
        by,
        summary: input.summary,
        ...optional('impactEndedAt', input.impactEndedAt),
      }
    default:
      return { ...input, by }
  }
}

const checkPeople = async (tx: WriteTx, input: IncidentCommandInput): Promise<void> => {
  const accountId = 'accountId' in input ? input.accountId : undefined
  if (!accountId) return
  if (!(await isColleague(tx.db, accountId))) throw notFound('This person')
}

/** A pin's record is shown to whoever reads the incident, and its id goes into the environment's log. */
const checkPinned = async (tx: WriteTx, incidentId: string, input: IncidentCommandInput): Promise<void> => {
  if (input.kind !== 'pin' || input.recordId === undefined) return
  if (!(await isRecordOfItsEnvironment(tx.db, incidentId, input.recordId)))
    throw notFound('This record in the environment of the incident')
}

const checkAlert = async (tx: WriteTx, incidentId: string, input: IncidentCommandInput): Promise<void> => {
  if (input.kind === 'add-alerts') {
    const row = await lockIncident(tx.db, incidentId)
    if (row && !(await areAlertsOf(tx.db, row.environment_id, input.alertIds)))
      throw notFound('One of these alerts in the environment of the incident')
  }
  if (input.kind !== 'add-alert') return
  if (!(await isAlertOfItsEnvironment(tx.db, incidentId, input.alertId)))
    throw notFound('This alert in the environment of the incident')
}

export const commandIncident = (ctx: Ctx, incidentId: string, input: IncidentCommandInput): Promise<void> =>
  record(ctx, async (tx) => {
    const by = memberOf(ctx)
    await checkPeople(tx, input)
    await checkAlert(tx, incidentId, input)
    await checkPinned(tx, incidentId, input)
    await commandKnownIncident(tx, incidentId, () => commandFrom(tx, input, by))
  })
