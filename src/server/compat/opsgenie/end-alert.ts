/** Closing by the source, and taking an alert for a person. */
import { alertIsOver } from '../../../domain/operations/alerts/alert-is-over.ts'
import { acknowledgeForPerson } from '../../operations/alerts/acknowledge-alert.ts'
import { noteOnAlert } from '../../operations/alerts/change-alert.ts'
import { Fault } from '../../platform/faults.ts'
import { findNamed, noSuchAlert, noteOf, saidBy, settle, submit, type Call } from './call.ts'
import { personWhoMay } from './people.ts'

const keepNote = async (call: Call, alertId: string): Promise<void> => {
  const note = noteOf(call)
  if (note !== '') await noteOnAlert(call.ctx, { alertId, note, by: saidBy(call) })
}

/**
 * What nobody knows is closed already: Alertmanager closes alerts that a person closed before, and must not be told that it
 * failed.
 */
const endFromSource = async (call: Call, action: 'Close' | 'Delete', done: string): Promise<void> => {
  const { alert, fingerprint } = await findNamed(call)
  const isOpen = alert !== undefined && alert.status !== 'closed'
  // By alias also when none is open: another process may be opening it at this moment, and the receipt is evidence.
  if (fingerprint !== undefined && (isOpen || call.query['identifierType'] === 'alias'))
    await submit(call, alertIsOver(fingerprint, call.ctx.platform.clock.now()))
  if (alert) await keepNote(call, alert.id)
  await settle(
    call,
    alert
      ? { action, alertId: alert.id, success: isOpen, outcome: isOpen ? done : 'Alert is already closed' }
      : noSuchAlert(action),
  )
}

export const closeFromSource = (call: Call): Promise<void> => endFromSource(call, 'Close', 'Closed alert')

/** What was is not undone: the alert is over, and its history stays. */
export const deleteFromSource = (call: Call): Promise<void> =>
  endFromSource(call, 'Delete', 'Closed alert; its history stays')

export const acknowledgeFromSource = async (call: Call): Promise<void> => {
  const by = await personWhoMay(call, 'pages.acknowledge', 'An alert is taken')
  const { alert } = await findNamed(call)
  if (!alert) return settle(call, noSuchAlert('Acknowledge'))
  const settled = { action: 'Acknowledge', alertId: alert.id }
  try {
    await acknowledgeForPerson(call.ctx, { alertId: alert.id, by })
  } catch (error) {
    if (!(error instanceof Fault) || error.status !== 409) throw error
    return settle(call, { ...settled, success: false, outcome: error.message })
  }
  await keepNote(call, alert.id)
  return settle(call, { ...settled, success: true, outcome: 'Acknowledged alert' })
}
