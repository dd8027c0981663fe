/** The one way by which the standing of an alert changes by hand: locked, decided by the rules, stored, said. */
import { actOn, type AlertAct, type StandingAlert } from '../../../domain/operations/alerts/alert-act.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { lockAlertFor, type Acting } from './acting.ts'
import { lockWithCompanions, putStanding, type AlertRow } from './store.ts'

export const standingOf = (row: AlertRow): StandingAlert => ({
  status: row.status,
  acknowledgement:
    row.acknowledged_at === null ? null : { by: row.acknowledged_by ?? '', at: row.acknowledged_at },
  ownerId: row.owner_id,
  snoozedUntilAt: row.snoozed_until_at,
  snoozedBy: row.snoozed_by,
})

type Doing = {
  readonly alertId: string
  readonly acting: Acting
  readonly act: AlertAct
  /** Appends the event; called only when something changed. */
  readonly say: (tx: WriteTx, before: AlertRow) => void
}

/** In a transaction of the caller's. False when there was nothing to do: an act repeated is no second act. */
export const actOnAlertIn = async (tx: WriteTx, { alertId, acting, act, say }: Doing): Promise<boolean> => {
  // Pages may follow, and everybody locks alerts before pages: those that ring with this one, too.
  await lockWithCompanions(tx.db, alertId)
  const row = await lockAlertFor(tx, alertId, acting)
  const before = standingOf(row)
  const after = actOn(before, act, tx.now)
  if (isRefusal(after)) {
    if (after.code === 'alert-closed') throw new Fault('conflict', after.detail)
    throw refused(after)
  }
  if (after === before) return false
  await putStanding(tx.db, alertId, after)
  say(tx, row)
  return true
}

export const actOnAlert = async (ctx: Ctx, doing: Doing): Promise<void> => {
  await record<unknown>(ctx, async (tx) => ((await actOnAlertIn(tx, doing)) ? true : NOTHING_CHANGED))
}
