/** Closes an alert by hand. If its source still sees the trouble, the next notification opens a new one. */
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { record } from '../../platform/record.ts'
import { alertClosed } from './events.ts'
import { closeByPerson, findAlert } from './store.ts'

export const closeAlert = (
  ctx: Ctx,
  { alertId, reason }: { alertId: string; reason: string },
): Promise<{ done: true }> =>
  record(ctx, async (tx) => {
    const alert = await findAlert(tx.db, alertId)
    if (!alert) throw notFound('This alert')
    if (!(await closeByPerson(tx.db, alertId, tx.now)))
      throw new Fault('conflict', 'This alert is closed already. Nothing was changed.')
    tx.append(alertClosed, {
      stream: alertId,
      customerId: alert.customer_id,
      environmentId: alert.environment_id,
      refs: [['alert', alertId]],
      body: { name: alert.name, reason },
    })
    return { done: true as const }
  })
