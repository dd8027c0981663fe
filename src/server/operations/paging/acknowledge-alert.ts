/** Taking an alert takes the page that rings for it; without a ringing page the alert alone is acknowledged. */
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { acknowledgeAlertIn } from '../alerts/acknowledge-alert.ts'
import { findAlert } from '../alerts/index.ts'
import { acknowledgePageIn } from './acknowledge-page.ts'

export const acknowledgeAlert = async (ctx: Ctx, alertId: string): Promise<void> => {
  const { actor } = ctx
  if (actor.kind !== 'person') throw new Fault('not-allowed', 'An alert is taken by a person. Sign in first.')
  await record<unknown>(ctx, async (tx) => {
    const alert = await findAlert(tx.db, alertId)
    if (!alert) throw notFound('This alert')
    if (alert.status === 'closed')
      throw new Fault('conflict', 'This alert is closed already. Nothing was changed.')
    const ringing = await tx.db
      .selectFrom('page_alerts')
      .innerJoin('pages', 'pages.id', 'page_alerts.page_id')
      .select('pages.id')
      .where('page_alerts.alert_id', '=', alertId)
      .where('pages.status', '=', 'open')
      .orderBy('pages.id')
      .execute()
    let changed = false
    for (const page of ringing) changed = (await acknowledgePageIn(tx, page.id, actor.accountId)) || changed
    changed = (await acknowledgeAlertIn(tx, alert)) || changed
    return changed ? true : NOTHING_CHANGED
  })
}
