/** Acknowledges an alert that carries no ringing page of its own (P3 to P5, or one whose page is taken). */
import type { WriteTx } from '../../platform/record.ts'
import { alertAcknowledged } from './events.ts'
import type { AlertListRow } from './store.ts'

/** @returns false when it was acknowledged before */
export const acknowledgeAlertIn = async (tx: WriteTx, alert: AlertListRow): Promise<boolean> => {
  const changed = await tx.db
    .updateTable('alerts')
    .set({ status: 'acknowledged', acknowledged_at: tx.now })
    .where('id', '=', alert.id)
    .where('status', '=', 'open')
    .returning('id')
    .executeTakeFirst()
  if (!changed) return false
  tx.append(alertAcknowledged, {
    stream: alert.id,
    customerId: alert.customer_id,
    environmentId: alert.environment_id,
    refs: [['alert', alert.id]],
    body: { name: alert.name },
  })
  return true
}
