/** Alerts that we raise ourselves, in somebody else's transaction: no receipt stands behind them but the act that caused them. */
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import type { WriteTx } from '../../platform/record.ts'
import { alertsChanged, type OpenedAlert } from './events.ts'
import { findOpenAlertIn } from './environment-store.ts'
import { closeBySource, insertAlerts } from './store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }

/**
 * Whoever asks for it pages, whom they like: the alert is announced to nobody who would page by routing.
 *
 * @param id the alert's
 */
export const storeOwnAlert = async (
  tx: WriteTx,
  where: Where,
  alert: AlertFromSource,
  id: string,
): Promise<OpenedAlert> => {
  const place = { ...where, processId: tx.ctx.platform.processId, keyId: '' }
  await insertAlerts(tx.db, place, [{ id, alert, openedAt: tx.now }])
  tx.append(alertsChanged, { stream: tx.id(), ...where, body: { opened: [], closed: [] } })
  const { fingerprint, priority, groupKey, name, summary, startsAt } = alert
  return { id, fingerprint, priority, groupKey, name, summary, startsAt, digest: '' }
}

/** Does nothing while one with this fingerprint is open. */
export const openOwnAlert = async (tx: WriteTx, where: Where, alert: AlertFromSource): Promise<void> => {
  const id = tx.id()
  const place = { ...where, processId: tx.ctx.platform.processId, keyId: '' }
  const inserted = await insertAlerts(tx.db, place, [{ id, alert, openedAt: tx.now }])
  if (inserted.size === 0) return
  const { fingerprint, priority, groupKey, name, summary, startsAt } = alert
  const opened = [{ id, fingerprint, priority, groupKey, name, summary, startsAt, digest: '' }]
  tx.append(alertsChanged, { stream: tx.id(), ...where, body: { opened, closed: [] } })
}

export const closeOwnAlert = async (tx: WriteTx, where: Where, fingerprint: string): Promise<void> => {
  const alert = await findOpenAlertIn(tx.db, where.environmentId, fingerprint)
  const closed = alert ? await closeBySource(tx.db, [alert.id], tx.now) : []
  if (closed.length > 0) tx.append(alertsChanged, { stream: tx.id(), ...where, body: { opened: [], closed } })
}
