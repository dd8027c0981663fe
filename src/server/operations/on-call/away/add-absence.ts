/** Says that somebody is away: no duty moves, and the rotas show where they are on call meanwhile. */
import type { AbsenceReply } from '../../../../contract/operations/away.ts'
import type { Ctx } from '../../../platform/context.ts'
import { record } from '../../../platform/record.ts'
import { checkStretch, colleagueAt, refuseForOthers, subjectOf } from './checked-away.ts'
import { absenceAdded } from './events.ts'
import { presentAbsence } from './present.ts'
import { insertAbsence } from './store.ts'

type Wanted = {
  readonly accountId?: string | undefined
  readonly from: number
  readonly to: number
  readonly reason?: string | undefined
}

export const addAbsence = (ctx: Ctx, { from, to, reason, ...wanted }: Wanted): Promise<AbsenceReply> =>
  record(ctx, async (tx) => {
    const accountId = subjectOf(ctx, wanted.accountId)
    refuseForOthers(ctx, accountId)
    checkStretch({ from, to }, tx.now)
    const person = await colleagueAt(tx.db, accountId, 'accountId')
    const id = tx.id()
    const addedEventId = tx.append(absenceAdded, {
      stream: id,
      refs: [['account', accountId]],
      body: { accountId, from, to, ...(reason === undefined ? {} : { reason }) },
    })
    await insertAbsence(tx.db, { id, accountId, from, to }, { addedEventId, createdAt: tx.now })
    const row = { id, accountId, toAccountId: null, from, to, addedAt: tx.now, removedAt: null }
    return presentAbsence({ ...row, reason: reason ?? null }, new Map([[accountId, person]]), ctx, tx.now)
  })
