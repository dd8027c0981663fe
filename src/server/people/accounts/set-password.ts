/** Sets a password in a transaction: the one place that stores one. */
import { checkPassword } from '../../../domain/people/password-rule.ts'
import { Fault } from '../../platform/faults.ts'
import type { WriteTx } from '../../platform/record.ts'
import { endSessionsOf } from '../sign-in/store.ts'
import { passwordSet } from './events.ts'
import { storePasswordHash } from './store.ts'

/** @param about handle, name and address of the person */
export const requireGoodPassword = (
  password: string,
  about: readonly string[],
  path = 'body.password',
): void => {
  const refusal = checkPassword(password, about)
  if (refusal)
    throw new Fault('invalid-input', refusal.detail, { errors: [{ path, detail: refusal.detail }] })
}

/** Sessions opened with the old password end, except the one that is asking. */
export const setPassword = async (
  tx: WriteTx,
  account: { id: string; customer_id: string | null },
  hash: string,
  by: 'invitation' | 'setup' | 'change' | 'seed',
  keepSessionId?: string,
): Promise<void> => {
  await storePasswordHash(tx.db, account.id, hash, tx.now)
  const endedSessions = await endSessionsOf(tx.db, account.id, tx.now, keepSessionId)
  tx.append(passwordSet, {
    stream: account.id,
    customerId: account.customer_id ?? undefined,
    refs: [['account', account.id]],
    body: { by, endedSessions },
  })
}
