/** Something that went out on a way came back: it works to this day. */
import type { WriteTx } from '../../platform/record.ts'
import { contactMethodVerified } from './events.ts'
import { findMethod, markVerified } from './store.ts'

/** Does nothing for a way that was taken back, or that never counted. */
export const noteProven = async (tx: WriteTx, methodId: string): Promise<void> => {
  const row = await findMethod(tx.db, methodId)
  if (!row || row.verified_at === null) return
  await markVerified(tx.db, row, tx.now)
  tx.append(contactMethodVerified, {
    stream: row.id,
    refs: [['account', row.account_id]],
    body: { account: row.account_id, kind: row.kind, again: true },
  })
}
