/** An override comes and goes: its row and its event, for whoever holds the schedule already. */
import type { Override } from '../../../domain/operations/on-call/schedule.ts'
import type { WriteTx } from '../../platform/record.ts'
import { overrideAdded, overrideRemoved } from './events.ts'
import { insertOverride, markOverrideRemoved } from './store.ts'

/** Within a transaction that holds the schedule. */
export const storeOverride = async (
  tx: WriteTx,
  scheduleId: string,
  override: Override,
  about: { readonly reason?: string | undefined; readonly swapId?: string | undefined },
): Promise<void> => {
  const { id, accountId, from, to, rotationIds } = override
  const addedEventId = tx.append(overrideAdded, {
    stream: scheduleId,
    refs: [['schedule', scheduleId], ...(accountId === null ? [] : [['account', accountId] as const])],
    body: {
      overrideId: id,
      accountId,
      from,
      to,
      ...(rotationIds ? { rotationIds: [...rotationIds] } : {}),
      ...(about.reason === undefined ? {} : { reason: about.reason }),
      ...(about.swapId === undefined ? {} : { swapId: about.swapId }),
    },
  })
  const swapId = about.swapId ?? null
  await insertOverride(tx.db, scheduleId, override, { addedEventId, createdAt: tx.now, swapId })
}

/** Within a transaction that holds the schedule. Under way it was in force until now, and before it never was. */
export const takeOverrideAway = async (
  tx: WriteTx,
  scheduleId: string,
  { id, accountId }: Pick<Override, 'id' | 'accountId'>,
): Promise<void> => {
  await markOverrideRemoved(tx.db, id, tx.now)
  tx.append(overrideRemoved, {
    stream: scheduleId,
    refs: [['schedule', scheduleId], ...(accountId === null ? [] : [['account', accountId] as const])],
    body: { overrideId: id },
  })
}
