/** PUT message, description, priority; tags, details and notes: what the source says about its alert later. */
import {
  opsGenieLimits,
  readPriority,
  readTags,
  tagsOf,
  tagsText,
} from '../../../domain/operations/alerts/alert-from-opsgenie.ts'
import { readTexts, type Leniencies } from '../../../domain/operations/alerts/read-labels.ts'
import { firstLine, readText } from '../../../domain/operations/alerts/sent-text.ts'
import { changeAlert, noteOnAlert, type AlertChange } from '../../operations/alerts/change-alert.ts'
import type { AlertRow } from '../../operations/alerts/store.ts'
import { Fault } from '../../platform/faults.ts'
import { unusable } from './answer.ts'
import { findNamed, noSuchAlert, noteOf, saidBy, settle, type Call } from './call.ts'

/** A change that the alert does not allow (closed by now) is an outcome, not an error: Alertmanager would start all over. */
const change = async (
  call: Call,
  action: string,
  changeOf: (alert: AlertRow) => AlertChange,
): Promise<void> => {
  const { alert } = await findNamed(call)
  if (!alert) return settle(call, noSuchAlert(action))
  const settled = { action, alertId: alert.id }
  try {
    await changeAlert(call.ctx, { alertId: alert.id, changeOf })
  } catch (error) {
    if (!(error instanceof Fault) || error.status !== 409) throw error
    return settle(call, { ...settled, success: false, outcome: error.message })
  }
  const note = noteOf(call)
  if (note !== '') await noteOnAlert(call.ctx, { alertId: alert.id, note, by: saidBy(call) })
  return settle(call, { ...settled, success: true, outcome: `${action}: done` })
}

export const putMessage = async (call: Call): Promise<void> => {
  const leniencies: Leniencies = []
  const summary = firstLine(readText(call.body['message'], 'message', opsGenieLimits.message, leniencies))
  // Refused, it would fail Alertmanager's whole notification; the message as it was is the better one.
  if (summary !== '') return change(call, 'UpdateMessage', () => ({ summary, leniencies }))
  const { alert } = await findNamed(call)
  return settle(call, {
    ...noSuchAlert('UpdateMessage'),
    ...(alert ? { alertId: alert.id, outcome: 'Message can not be empty; nothing was changed' } : {}),
  })
}

export const putDescription = (call: Call): Promise<void> => {
  const leniencies: Leniencies = []
  const description = readText(
    call.body['description'],
    'description',
    opsGenieLimits.description,
    leniencies,
  )
  return change(call, 'UpdateDescription', () => ({ annotations: { description }, leniencies }))
}

export const putPriority = async (call: Call): Promise<void> => {
  const priority = readPriority(call.body['priority'])
  if (priority === undefined) throw unusable('priority', 'Priority is one of P1, P2, P3, P4 and P5.')
  return change(call, 'UpdatePriority', () => ({ priority }))
}

export const addNote = async (call: Call): Promise<void> => {
  const note = noteOf(call)
  if (note === '') throw unusable('note', 'Note can not be empty.')
  const { alert } = await findNamed(call)
  if (!alert) return settle(call, noSuchAlert('AddNote'))
  await noteOnAlert(call.ctx, { alertId: alert.id, note, by: saidBy(call) })
  return settle(call, { action: 'AddNote', alertId: alert.id, success: true, outcome: 'Added note' })
}

export const addTags = async (call: Call): Promise<void> => {
  const leniencies: Leniencies = []
  const added = readTags(call.body['tags'], leniencies)
  if (added.length === 0) throw unusable('tags', 'Tags can not be empty.')
  return change(call, 'AddTags', (alert) => ({
    annotations: { tags: tagsText(readTags([...tagsOf(alert.annotations), ...added], leniencies)) },
    leniencies,
  }))
}

/** In the query of a DELETE, or in its body. */
const namedIn = (call: Call, name: 'tags' | 'keys'): string[] =>
  (call.query[name] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)

export const removeTags = async (call: Call): Promise<void> => {
  const removed = namedIn(call, 'tags')
  if (removed.length === 0) throw unusable('tags', 'Tags can not be empty.')
  return change(call, 'RemoveTags', (alert) => ({
    annotations: { tags: tagsText(tagsOf(alert.annotations).filter((tag) => !removed.includes(tag))) },
  }))
}

export const addDetails = async (call: Call): Promise<void> => {
  const leniencies: Leniencies = []
  const added = readTexts(call.body['details'], 'details', opsGenieLimits.detail, leniencies)
  if (Object.keys(added).length === 0) throw unusable('details', 'Details can not be empty.')
  return change(call, 'AddDetails', (alert) => ({
    labels: readTexts({ ...alert.labels, ...added }, 'details', opsGenieLimits.detail, leniencies),
    leniencies,
  }))
}

export const removeDetails = async (call: Call): Promise<void> => {
  const removed = namedIn(call, 'keys')
  if (removed.length === 0) throw unusable('keys', 'Keys can not be empty.')
  return change(call, 'RemoveDetails', (alert) => ({
    labels: Object.fromEntries(Object.entries(alert.labels).filter(([name]) => !removed.includes(name))),
  }))
}
