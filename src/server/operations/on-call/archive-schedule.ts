/** Puts a schedule away; refused while a policy would page into the void. */
import { refuse } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { notFound, refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { policiesThatTell } from './escalation/store.ts'
import { scheduleArchived, scheduleRestored } from './events.ts'
import { lockSchedule, markScheduleArchived } from './store.ts'
import { voidSwap } from './swaps/move-swap.ts'
import { liveSwaps } from './swaps/store.ts'

/** Within a transaction of somebody else. @returns false when it was archived already */
export const putScheduleAway = async (tx: WriteTx, name: string): Promise<boolean> => {
  const stored = await lockSchedule(tx.db, name)
  if (!stored) throw notFound('This schedule')
  if (stored.archivedAt !== null) return false
  const policies = await policiesThatTell(tx.db, stored.id)
  if (policies.length > 0) {
    const names = policies.map((policy) => policy.name).join(', ')
    throw refused(
      refuse(
        'schedule-in-use',
        `${stored.name} is told by the escalation policy ${names}. Change that first.`,
      ),
    )
  }
  await markScheduleArchived(tx.db, stored.id, tx.now)
  tx.append(scheduleArchived, {
    stream: stored.id,
    refs: [['schedule', stored.id]],
    body: { slug: stored.slug },
  })
  for (const { id } of await liveSwaps(tx.db, stored.id, tx.now)) await voidSwap(tx, id, 'schedule-archived')
  return true
}

/** Within a transaction of somebody else: a team's file names it again. @returns false when it was in use already */
export const takeScheduleBack = async (tx: WriteTx, name: string): Promise<boolean> => {
  const stored = await lockSchedule(tx.db, name)
  if (!stored) throw notFound('This schedule')
  if (stored.archivedAt === null) return false
  await markScheduleArchived(tx.db, stored.id, null)
  tx.append(scheduleRestored, {
    stream: stored.id,
    refs: [['schedule', stored.id]],
    body: { slug: stored.slug },
  })
  return true
}

export const archiveSchedule = async (ctx: Ctx, input: { schedule: string }): Promise<{ done: true }> => {
  await record(ctx, async (tx) => ((await putScheduleAway(tx, input.schedule)) ? undefined : NOTHING_CHANGED))
  return { done: true }
}
