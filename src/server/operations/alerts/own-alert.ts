/** Alerts that we raise ourselves, in somebody else's transaction: no receipt stands behind them but the act that caused them. */
import type { AlertFromSource } from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import type { WriteTx } from '../../platform/record.ts'
import { alertsChanged } from './events.ts'
import { findOpenAlertIn } from './environment-store.ts'
import { closeBySource, insertAlerts } from './store.ts'

type Where = { readonly customerId: string; readonly environmentId: string }

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
