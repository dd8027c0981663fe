/** A person writes down what they see or did, beside the alert: the words stand in the event alone. */
import type { Ctx } from '../../platform/context.ts'
import { record } from '../../platform/record.ts'
import { actingIn, lockAlertFor, placeOf } from './acting.ts'
import { alertNoted } from './events.ts'

/** Also on a closed alert: what was the cause is often known only later. */
export const writeNote = async (ctx: Ctx, input: { alertId: string; note: string }): Promise<void> => {
  const acting = actingIn(ctx)
  await record(ctx, async (tx) => {
    const alert = await lockAlertFor(tx, input.alertId, acting)
    return tx.append(alertNoted, {
      ...placeOf(alert),
      body: { name: alert.name, note: input.note, by: '' },
    })
  })
}
