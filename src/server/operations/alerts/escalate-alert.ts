/** Somebody wants others paged now: the next step of the page, another policy, or one more person or schedule. A chain pages them. */
import type { EscalationTarget } from '../../../domain/operations/paging/escalation-policy.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { actingIn, lockAlertFor, placeOf, type Acting } from './acting.ts'
import { alertEscalated, alertResponderAdded } from './events.ts'
import { lockWithCompanions, type AlertRow } from './store.ts'

const lockNotClosed = async (tx: WriteTx, alertId: string, acting: Acting): Promise<AlertRow> => {
  await lockWithCompanions(tx.db, alertId)
  const alert = await lockAlertFor(tx, alertId, acting)
  if (alert.status === 'closed')
    throw new Fault('conflict', 'This alert is closed already. Nobody was paged.')
  return alert
}

/**
 * Asking twice pages twice: whoever presses again wants the next one.
 * @param input.policy slug or id; without it the next step of the page that rings, or of the last one that rang
 */
export const escalateAlert = async (
  ctx: Ctx,
  { alertId, policy, by }: { alertId: string; policy?: string | undefined; by?: string },
): Promise<void> => {
  const acting = actingIn(ctx, by)
  await record(ctx, async (tx) => {
    const alert = await lockNotClosed(tx, alertId, acting)
    return tx.append(alertEscalated, {
      ...placeOf(alert, acting.named),
      body: { name: alert.name, policy: policy ?? null, ...acting.named },
    })
  })
}

export const addResponder = async (
  ctx: Ctx,
  { alertId, target, by }: { alertId: string; target: EscalationTarget; by?: string },
): Promise<void> => {
  const acting = actingIn(ctx, by)
  await record(ctx, async (tx) => {
    const alert = await lockNotClosed(tx, alertId, acting)
    return tx.append(alertResponderAdded, {
      ...placeOf(alert, acting.named, target.kind === 'account' ? [['account', target.id]] : []),
      body: { name: alert.name, target, ...acting.named },
    })
  })
}
