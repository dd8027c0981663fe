/** Somebody takes an alert. The page that rings for it follows by a chain; the alerts of a page that was taken come here by one. */
import { describeInstant } from '../../../domain/time/describe-instant.ts'
import { findAccount } from '../../people/accounts/store.ts'
import type { Ctx } from '../../platform/context.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { alertAcknowledged, alertsAcknowledged } from './events.ts'
import { findAlert, lockWithCompanions, putAcknowledgement, type AlertListRow } from './store.ts'

/** A page of thousands is taken by one act: the record names the first of its alerts, the rows hold all. */
const MOST_NAMED = 20

const whoHasIt = async (tx: WriteTx, alert: AlertListRow, asking: string): Promise<string> => {
  const taker = alert.acknowledged_by ? await findAccount(tx.db, alert.acknowledged_by) : undefined
  const zone = (await findAccount(tx.db, asking))?.zone ?? 'UTC'
  const since = alert.acknowledged_at === null ? '' : ` since ${describeInstant(alert.acknowledged_at, zone)}`
  return `${taker?.name ?? 'Somebody'} has this alert already${since}. Nothing was changed.`
}

/** The first one wins; the same person twice is a double click; anybody else learns who has it. */
export const acknowledgeAlert = async (ctx: Ctx, { alertId }: { alertId: string }): Promise<void> => {
  const { actor } = ctx
  if (actor.kind !== 'person') throw new Fault('not-allowed', 'An alert is taken by a person. Sign in first.')
  await acknowledgeAs(ctx, alertId, actor.accountId)
}

/** A program passes on that a person takes an alert of its environment; the record says which key said so. */
export const acknowledgeForPerson = async (
  ctx: Ctx,
  { alertId, by }: { alertId: string; by: string },
): Promise<void> => {
  const { actor } = ctx
  if (actor.kind !== 'integration')
    throw new Fault('not-allowed', 'Only an integration key speaks for somebody else.')
  await acknowledgeAs(ctx, alertId, by, actor)
}

/** @param key who speaks for the person; only alerts of its environment exist for it */
const acknowledgeAs = async (
  ctx: Ctx,
  alertId: string,
  by: string,
  key?: IntegrationActor,
): Promise<void> => {
  await record<unknown>(ctx, async (tx) => {
    await lockWithCompanions(tx.db, alertId)
    const [taken] = await putAcknowledgement(tx.db, [alertId], { at: tx.now, by })
    const alert = await findAlert(tx.db, alertId)
    if (!alert || (key && alert.environment_id !== key.environmentId)) throw notFound('This alert')
    if (!taken) {
      if (alert.status === 'closed')
        throw new Fault('conflict', 'This alert is closed already. Nothing was changed.')
      if (alert.acknowledged_by === by) return NOTHING_CHANGED
      throw new Fault('conflict', await whoHasIt(tx, alert, by))
    }
    return tx.append(alertAcknowledged, {
      stream: alert.id,
      customerId: alert.customer_id,
      environmentId: alert.environment_id,
      refs: [['alert', alert.id], ...(key ? [['account', by] as const] : [])],
      body: { name: alert.name, ...(key ? { by } : {}) },
    })
  })
}

type Taken = {
  readonly pageId: string
  readonly alertIds: readonly string[]
  readonly by: string
  readonly customerId: string
  readonly environmentId: string
}

/** Marks what an acknowledged page carried: one statement and one act, however many alerts they are. */
export const acknowledgeAlertsOfPage = async (tx: WriteTx, taken: Taken): Promise<void> => {
  const { pageId, by, customerId, environmentId } = taken
  const ids = await putAcknowledgement(tx.db, taken.alertIds, { at: tx.now, by })
  if (ids.length === 0) return
  const alertIds = ids.slice(0, MOST_NAMED)
  tx.append(alertsAcknowledged, {
    stream: tx.id(),
    customerId,
    environmentId,
    refs: [['page', pageId], ...alertIds.map((id) => ['alert', id] as const)],
    body: { page: pageId, by, alertCount: ids.length, alertIds },
  })
}
