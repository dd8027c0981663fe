/** Whose address of mail changed has proven the old one: the new one counts once a code came back from it. */
import type { WriteTx } from '../../platform/record.ts'
import { contactMethodRemoved } from './events.ts'
import { liveMethods, markRemoved } from './store.ts'

export const forgetMail = async (tx: WriteTx, account: string): Promise<void> => {
  for (const row of await liveMethods(tx.db, account)) {
    if (row.kind !== 'email') continue
    await markRemoved(tx.db, row.id, tx.now)
    tx.append(contactMethodRemoved, {
      stream: row.id,
      refs: [['account', account]],
      body: { account, kind: row.kind },
    })
  }
}
