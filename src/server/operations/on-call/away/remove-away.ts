/** Takes leave or a forwarding back: from now on, and that it was there stays on record. */
import { refuse } from '../../../../domain/refusal.ts'
import type { Ctx } from '../../../platform/context.ts'
import { notFound, refused } from '../../../platform/faults.ts'
import { NOTHING_CHANGED, record } from '../../../platform/record.ts'
import { refuseForOthers } from './checked-away.ts'
import { absenceRemoved, forwardingRemoved } from './events.ts'
import { findAway, markAwayRemoved } from './store.ts'

const remove = async (
  ctx: Ctx,
  table: 'absences' | 'duty_forwardings',
  id: string,
): Promise<{ done: true }> => {
  await record(ctx, async (tx) => {
    const [row] = await findAway(tx.db, table, { id })
    if (!row) throw notFound(table === 'absences' ? 'This leave' : 'This forwarding')
    refuseForOthers(ctx, row.accountId)
    if (row.removedAt !== null) return NOTHING_CHANGED
    if (row.to <= tx.now) throw refused(refuse('stretch-over', 'This is over: it was so, and stays.'))
    if (!(await markAwayRemoved(tx.db, table, id, tx.now))) return NOTHING_CHANGED
    tx.append(table === 'absences' ? absenceRemoved : forwardingRemoved, {
      stream: id,
      refs: [['account', row.accountId]],
      body: { accountId: row.accountId },
    })
    return undefined
  })
  return { done: true }
}

export const removeAbsence = (ctx: Ctx, { absence }: { absence: string }): Promise<{ done: true }> =>
  remove(ctx, 'absences', absence)

export const removeForwarding = (ctx: Ctx, { forwarding }: { forwarding: string }): Promise<{ done: true }> =>
  remove(ctx, 'duty_forwardings', forwarding)
