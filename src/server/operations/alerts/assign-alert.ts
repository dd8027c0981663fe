/** Says whose an alert is. It does not take it for them: who has it and whose it is are two things at night. */
import { findAccount } from '../../people/accounts/store.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { read } from '../../platform/record.ts'
import { actOnAlert } from './act-on-alert.ts'
import { actingIn, placeOf } from './acting.ts'
import { alertAssigned } from './events.ts'

/** Somebody who left or who looks on from outside cannot own anything. */
const checkOwner = async (ctx: Ctx, ownerId: string): Promise<void> => {
  const account = await read(ctx, (db) => findAccount(db, ownerId))
  if (account?.kind !== 'staff') throw new Fault('invalid-input', 'No member of staff has this id.')
  if (account.archived_at !== null)
    throw new Fault('invalid-input', `${account.name} is archived and can own no alert.`)
}

/** @param input.owner an account; null when it shall be nobody's */
export const assignAlert = async (
  ctx: Ctx,
  { alertId, owner, by }: { alertId: string; owner: string | null; by?: string },
): Promise<void> => {
  const acting = actingIn(ctx, by)
  if (owner !== null) await checkOwner(ctx, owner)
  await actOnAlert(ctx, {
    alertId,
    acting,
    act: { kind: 'assign', ownerId: owner },
    say: (tx, alert) =>
      tx.append(alertAssigned, {
        ...placeOf(alert, acting.named, owner === null ? [] : [['account', owner]]),
        body: { name: alert.name, owner, ...acting.named },
      }),
  })
}
