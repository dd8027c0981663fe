/** Gives an alert back: nobody has it any more, so whoever is on call is paged anew, by a chain. */
import type { Ctx } from '../../platform/context.ts'
import { actOnAlert } from './act-on-alert.ts'
import { actingIn, placeOf } from './acting.ts'
import { alertUnacknowledged } from './events.ts'

/** @param input.by the account that an integration key speaks for, if it says */
export const unacknowledgeAlert = async (
  ctx: Ctx,
  { alertId, by }: { alertId: string; by?: string },
): Promise<void> => {
  const acting = actingIn(ctx, by)
  await actOnAlert(ctx, {
    alertId,
    acting,
    act: { kind: 'unacknowledge' },
    say: (tx, alert) =>
      tx.append(alertUnacknowledged, {
        ...placeOf(alert, acting.named),
        body: { name: alert.name, ...acting.named },
      }),
  })
}
