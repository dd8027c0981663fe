/** Lets somebody else answer for a person for a time, in every rota. */
import type { ForwardingReply } from '../../../../contract/operations/away.ts'
import { refuse } from '../../../../domain/refusal.ts'
import type { Ctx } from '../../../platform/context.ts'
import { Fault, refused } from '../../../platform/faults.ts'
import { record } from '../../../platform/record.ts'
import { mayAcknowledge } from '../findings.ts'
import { checkStretch, colleagueAt, refuseForOthers, subjectOf } from './checked-away.ts'
import { forwardingAdded } from './events.ts'
import { presentForwarding } from './present.ts'
import { insertForwarding } from './store.ts'

type Wanted = {
  readonly accountId?: string | undefined
  readonly toAccountId: string
  readonly from: number
  readonly to: number
  readonly reason?: string | undefined
}

export const addForwarding = (
  ctx: Ctx,
  { from, to, toAccountId, reason, ...wanted }: Wanted,
): Promise<ForwardingReply> =>
  record(ctx, async (tx) => {
    const accountId = subjectOf(ctx, wanted.accountId)
    refuseForOthers(ctx, accountId)
    checkStretch({ from, to }, tx.now)
    if (accountId === toAccountId)
      throw refused(refuse('forwarded-to-oneself', 'Duty is forwarded to somebody else.'), 'body.toAccountId')
    const person = await colleagueAt(tx.db, accountId, 'accountId')
    const answers = await colleagueAt(tx.db, toAccountId, 'toAccountId')
    if (!mayAcknowledge(answers)) {
      const detail = `${answers.name} has no role that may acknowledge a page`
      const errors = [{ path: 'body.toAccountId', detail }]
      throw new Fault('invalid-input', `Nothing was changed. body.toAccountId: ${detail}.`, { errors })
    }
    const id = tx.id()
    const addedEventId = tx.append(forwardingAdded, {
      stream: id,
      refs: [
        ['account', accountId],
        ['account', toAccountId],
      ],
      body: { accountId, toAccountId, from, to, ...(reason === undefined ? {} : { reason }) },
    })
    await insertForwarding(
      tx.db,
      { id, accountId, toAccountId, from, to },
      { addedEventId, createdAt: tx.now },
    )
    const row = { id, accountId, toAccountId, from, to, addedAt: tx.now, removedAt: null }
    const colleagues = new Map([person, answers].map((colleague) => [colleague.id, colleague]))
    return presentForwarding({ ...row, reason: reason ?? null }, colleagues, ctx, tx.now)
  })
