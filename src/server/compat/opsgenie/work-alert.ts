/** What people do to alerts through programs of theirs: hand over, give back, let sleep, page others, delete. */
import { parseInstant } from '../../../domain/time/instant.ts'
import type { EscalationTarget } from '../../../domain/operations/paging/escalation-policy.ts'
import { assignAlert } from '../../operations/alerts/assign-alert.ts'
import { noteOnAlert } from '../../operations/alerts/change-alert.ts'
import type { SentAlertRow } from '../../operations/alerts/environment-store.ts'
import { addResponder, escalateAlert } from '../../operations/alerts/escalate-alert.ts'
import { snoozeAlert } from '../../operations/alerts/snooze-alert.ts'
import { unacknowledgeAlert } from '../../operations/alerts/unacknowledge-alert.ts'
import { loadSchedules } from '../../operations/on-call/index.ts'
import { teamNames } from '../../people/teams/store.ts'
import { Fault } from '../../platform/faults.ts'
import { isUuid } from '../../platform/ids.ts'
import { read } from '../../platform/record.ts'
import { unusable } from './answer.ts'
import { findNamed, noSuchAlert, noteOf, saidBy, settle, type Call } from './call.ts'
import { askedBy, personWhoMay, staffMeant } from './people.ts'

type Spoken = { readonly by?: string }
const spoken = (by: string | undefined): Spoken => (by === undefined ? {} : { by })

/** What the alert does not allow (closed by now, nobody left to page) is an outcome of the request, not an error. */
const act = async (
  call: Call,
  action: string,
  done: string,
  doIt: (alert: SentAlertRow) => Promise<void>,
): Promise<void> => {
  const { alert } = await findNamed(call)
  if (!alert) return settle(call, noSuchAlert(action))
  const settled = { action, alertId: alert.id }
  try {
    await doIt(alert)
  } catch (error) {
    if (!(error instanceof Fault) || error.status !== 409) throw error
    return settle(call, { ...settled, success: false, outcome: error.message })
  }
  const note = noteOf(call)
  if (note !== '') await noteOnAlert(call.ctx, { alertId: alert.id, note, by: saidBy(call) })
  return settle(call, { ...settled, success: true, outcome: done })
}

export const assign = async (call: Call): Promise<void> => {
  const owner = await staffMeant(call, 'owner', call.body['owner'])
  const by = await askedBy(call)
  return act(call, 'Assign', 'Assigned alert', ({ id }) =>
    assignAlert(call.ctx, { alertId: id, owner, ...spoken(by) }),
  )
}

export const unacknowledge = async (call: Call): Promise<void> => {
  const by = await askedBy(call)
  return act(call, 'UnAcknowledge', 'Unacknowledged alert', ({ id }) =>
    unacknowledgeAlert(call.ctx, { alertId: id, ...spoken(by) }),
  )
}

export const snooze = async (call: Call): Promise<void> => {
  const given = call.body['endTime']
  const until = typeof given === 'string' ? parseInstant(given) : null
  if (until === null) throw unusable('endTime', 'endTime is an instant such as 2026-11-23T08:00:00Z.')
  const by = await personWhoMay(call, 'pages.acknowledge', 'An alert is put to sleep')
  return act(call, 'Snooze', 'Snoozed alert', ({ id }) => snoozeAlert(call.ctx, { alertId: id, until, by }))
}

const wordsOf = (given: unknown): Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given)
    ? (given as Record<string, unknown>)
    : {}
const textOf = (given: unknown): string => (typeof given === 'string' ? given.trim() : '')

/** Policies are called by slug here: `Night shift` means the one called `night-shift`. */
const policyMeant = (field: string, given: unknown): string => {
  const { id, name } = wordsOf(given)
  const meant =
    textOf(id).toLowerCase() ||
    textOf(name)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
  if (meant === '' || meant.length > 100)
    throw unusable(field, `${field} names no escalation policy: send its id or name.`)
  return meant
}

export const escalate = async (call: Call): Promise<void> => {
  const policy = policyMeant('escalation', call.body['escalation'])
  const by = await askedBy(call)
  return act(call, 'EscalateToNext', 'Escalated alert', ({ id }) =>
    escalateAlert(call.ctx, { alertId: id, policy, ...spoken(by) }),
  )
}

const scheduleMeant = async (call: Call, given: unknown): Promise<string> => {
  const { id, name } = wordsOf(given)
  const wanted = (textOf(id) || textOf(name)).toLowerCase()
  const schedules = await read(call.ctx, (db) => loadSchedules(db, isUuid(wanted) ? [wanted] : undefined))
  const found = schedules.find(
    (each) => each.archivedAt === null && [each.id, each.slug, each.name.toLowerCase()].includes(wanted),
  )
  if (!found) throw unusable('responder', 'responder names no schedule: send its id or name.')
  return found.id
}

const teamMeant = async (call: Call, field: string, given: unknown): Promise<string> => {
  const { id, name } = wordsOf(given)
  const wanted = (textOf(id) || textOf(name)).toLowerCase()
  const teams = await read(call.ctx, (db) => teamNames(db))
  const found = teams.find(
    (each) => each.archivedAt === null && [each.id, each.slug, each.name.toLowerCase()].includes(wanted),
  )
  if (!found) throw unusable(field, `${field} names no team: send its id or name.`)
  return found.id
}

const targetMeant = async (call: Call, responder: unknown): Promise<EscalationTarget> => {
  const type = textOf(wordsOf(responder)['type']).toLowerCase()
  if (type === 'user') return { kind: 'account', id: await staffMeant(call, 'responder', responder) }
  if (type === 'schedule') return { kind: 'schedule', id: await scheduleMeant(call, responder) }
  if (type === 'team') return { kind: 'team', id: await teamMeant(call, 'responder', responder) }
  throw unusable('responder', 'responder is of the type user, team, schedule or escalation.')
}

/** They are paged at once, beside whoever is paged already. */
export const addResponderToAlert = async (call: Call): Promise<void> => {
  const responder = call.body['responder']
  const by = await askedBy(call)
  if (textOf(wordsOf(responder)['type']).toLowerCase() === 'escalation') {
    const policy = policyMeant('responder', responder)
    return act(call, 'AddResponder', 'Added responder', ({ id }) =>
      escalateAlert(call.ctx, { alertId: id, policy, ...spoken(by) }),
    )
  }
  const target = await targetMeant(call, responder)
  return act(call, 'AddResponder', 'Added responder', ({ id }) =>
    addResponder(call.ctx, { alertId: id, target, ...spoken(by) }),
  )
}

/** Everybody of the team is paged at once. */
export const addTeam = async (call: Call): Promise<void> => {
  const id = await teamMeant(call, 'team', call.body['team'])
  const by = await askedBy(call)
  return act(call, 'AddTeam', 'Added team', (alert) =>
    addResponder(call.ctx, { alertId: alert.id, target: { kind: 'team', id }, ...spoken(by) }),
  )
}

/** Nobody can be untold: that it was asked for is written down, so that somebody sees why they are still paged. */
export const removeResponder = async (call: Call): Promise<void> => {
  const { alert } = await findNamed(call)
  if (!alert) return settle(call, noSuchAlert('RemoveResponder'))
  const outcome = 'Whoever was paged stays so until somebody takes the alert or closes it'
  await noteOnAlert(call.ctx, { alertId: alert.id, note: `${outcome}.`, by: saidBy(call) })
  return settle(call, { action: 'RemoveResponder', alertId: alert.id, success: false, outcome })
}

/** Nothing here runs actions: that one was asked for is written down, so that somebody sees why nothing happened. */
export const executeAction = async (call: Call): Promise<void> => {
  const action = (call.params['action'] ?? '').slice(0, 50)
  const { alert } = await findNamed(call)
  if (!alert) return settle(call, noSuchAlert('ExecuteCustomAction'))
  const outcome = `The action ${action} was asked for; nothing here runs actions`
  await noteOnAlert(call.ctx, { alertId: alert.id, note: `${outcome}.`, by: saidBy(call) })
  return settle(call, { action: 'ExecuteCustomAction', alertId: alert.id, success: false, outcome })
}
