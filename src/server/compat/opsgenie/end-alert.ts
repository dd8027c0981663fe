/** Closing by the source, and taking an alert for a person. */
import { alertIsOver } from '../../../domain/operations/alerts/alert-is-over.ts'
import { may } from '../../../domain/people/permissions.ts'
import { acknowledgeForPerson } from '../../operations/alerts/acknowledge-alert.ts'
import { noteOnAlert } from '../../operations/alerts/change-alert.ts'
import { actorOfAccount } from '../../people/accounts/authenticate.ts'
import { findStaffNamed } from '../../people/accounts/store.ts'
import { Fault } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { unusable } from './answer.ts'
import { findNamed, noSuchAlert, noteOf, saidBy, settle, submit, type Call } from './call.ts'

const keepNote = async (call: Call, alertId: string): Promise<void> => {
  const note = noteOf(call)
  if (note !== '') await noteOnAlert(call.ctx, { alertId, note, by: saidBy(call) })
}

/** What nobody knows is closed already: Alertmanager closes alerts that a person closed before, and must not be told that it failed. */
export const closeFromSource = async (call: Call): Promise<void> => {
  const { alert, fingerprint } = await findNamed(call)
  const isOpen = alert !== undefined && alert.status !== 'closed'
  // By alias also when none is open: another process may be opening it at this moment, and the receipt is evidence.
  if (fingerprint !== undefined && (isOpen || call.query['identifierType'] === 'alias'))
    await submit(call, alertIsOver(fingerprint, call.ctx.platform.clock.now()))
  if (alert) await keepNote(call, alert.id)
  await settle(
    call,
    alert
      ? {
          action: 'Close',
          alertId: alert.id,
          success: isOpen,
          outcome: isOpen ? 'Closed alert' : 'Alert is already closed',
        }
      : noSuchAlert('Close'),
  )
}

/** An alert is taken by a person, never by a machine: somebody of the staff must be named who may take pages. */
const personNamed = async (call: Call): Promise<string> => {
  const user = typeof call.body['user'] === 'string' ? call.body['user'].trim() : ''
  const account =
    user !== '' && user.isWellFormed() && !user.includes('\u0000')
      ? await read(call.ctx, (db) => findStaffNamed(db, user))
      : undefined
  if (!account || !may(actorOfAccount(account, 'integration'), 'pages.acknowledge'))
    throw unusable(
      'user',
      'An alert is taken by a person: send as user the e-mail address or handle of somebody who may take pages in Fortnight.',
    )
  return account.id
}

export const acknowledgeFromSource = async (call: Call): Promise<void> => {
  const by = await personNamed(call)
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
