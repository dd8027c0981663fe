/** Leave and forwarding as replies. */
import type { AbsenceReply, ForwardingReply } from '../../../../contract/operations/away.ts'
import type { Ctx } from '../../../platform/context.ts'
import { personOf } from '../present.ts'
import type { Colleagues } from '../store.ts'
import { mayAnswerFor } from './checked-away.ts'
import type { AwayRow } from './store.ts'

/** What is over was so, and is not taken back. */
export const presentAbsence = (
  row: AwayRow,
  colleagues: Colleagues,
  ctx: Ctx,
  now: number,
): AbsenceReply => ({
  id: row.id,
  person: personOf(colleagues, row.accountId),
  from: row.from,
  to: row.to,
  reason: row.reason,
  addedAt: row.addedAt,
  can: { remove: row.removedAt === null && row.to > now && mayAnswerFor(ctx, row.accountId) },
})

export const presentForwarding = (
  row: AwayRow,
  colleagues: Colleagues,
  ctx: Ctx,
  now: number,
): ForwardingReply => ({
  ...presentAbsence(row, colleagues, ctx, now),
  answers: personOf(colleagues, row.toAccountId ?? row.accountId),
})
