/** Who is invited anew finds their way in again by their address: what was linked before counts no longer. */
import type { WriteTx } from '../../platform/record.ts'
import { identityForgotten } from './events.ts'
import { deleteIdentities } from './oidc-store.ts'

export const forgetIdentities = async (
  tx: WriteTx,
  account: { readonly id: string; readonly customer_id: string | null },
): Promise<void> => {
  for (const issuer of await deleteIdentities(tx.db, account.id))
    tx.append(identityForgotten, {
      stream: account.id,
      customerId: account.customer_id ?? undefined,
      refs: [['account', account.id]],
      body: { issuer },
    })
}
