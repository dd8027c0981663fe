/** Lets an alert sleep until an instant. Its page stops when everything on it sleeps or is taken; then it comes back as if it opened. */
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineTask, type TaskKind } from '../../platform/tasks/task.ts'
import { actOnAlert, actOnAlertIn } from './act-on-alert.ts'
import { actingIn, needSomebody, placeOf, type Acting } from './acting.ts'
import { alertSnoozed, alertSnoozeEnded } from './events.ts'
import { findAlert, type AlertRow } from './store.ts'

const ended = (alertId: string, acting: Acting, onlyDue: boolean) => ({
  alertId,
  acting,
  act: { kind: 'end-snooze' as const, onlyDue },
  say: (tx: WriteTx, alert: AlertRow) => {
    tx.append(alertSnoozeEnded, {
      ...placeOf(alert, acting.named),
      body: { name: alert.name, ...acting.named },
    })
  },
})

/** In the lane of pages: while an installation is held nothing wakes, and nobody is called. */
export const alertWake: TaskKind<{ alertId: string }> = defineTask('alert.wake', {
  lane: 'page',
  maxAttempts: 100,
  run: async (ctx, { alertId }) => {
    await record<unknown>(ctx, async (tx) => {
      const alert = await findAlert(tx.db, alertId)
      if (!alert || alert.status === 'closed') return NOTHING_CHANGED
      return (await actOnAlertIn(tx, ended(alertId, actingIn(ctx), true))) ? true : NOTHING_CHANGED
    })
  },
})

/** @param input.by whom an integration key speaks for: a machine puts nothing to sleep by itself */
export const snoozeAlert = async (
  ctx: Ctx,
  { alertId, until, by: named }: { alertId: string; until: number; by?: string },
): Promise<void> => {
  const acting = actingIn(ctx, named)
  const by = needSomebody(acting)
  await actOnAlert(ctx, {
    alertId,
    acting,
    act: { kind: 'snooze', untilAt: until, by },
    say: (tx, alert) => {
      tx.append(alertSnoozed, {
        ...placeOf(alert, acting.named),
        body: { name: alert.name, until, ...acting.named },
      })
      tx.later(alertWake, { key: alertId, dueAt: until, payload: { alertId } })
    },
  })
}

/** Wakes it now. One that does not sleep is left alone. */
export const endSnooze = async (ctx: Ctx, { alertId, by }: { alertId: string; by?: string }): Promise<void> =>
  actOnAlert(ctx, ended(alertId, actingIn(ctx, by), false))
