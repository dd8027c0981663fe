/** Archives an account, or takes it back: archived, it cannot be used, and everything it did stays as it was. */
import type { Account } from '../../../contract/people/accounts.ts'
import { mayLeaveAdministration } from '../../../domain/people/administrators.ts'
import type { Ctx } from '../../platform/context.ts'
import { refused } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { endSessionsOf } from '../sign-in/store.ts'
import { revokeAllTokensOf } from '../tokens/change-tokens.ts'
import { accountArchived, accountRestored } from './events.ts'
import { accountOrFault } from './find-account.ts'
import { INVITATION_PURPOSE } from './invite-account.ts'
import { forgetOneTimeTokens } from './one-time-token-store.ts'
import { presentAccount } from './present.ts'
import { lockAdministrators, updateAccountRow, type AccountRow } from './store.ts'

/** @returns false when it was archived already */
export const putAccountAway = async (tx: WriteTx, row: AccountRow): Promise<boolean> => {
  if (row.archived_at !== null) return false
  if (row.roles.includes('administrator')) {
    const refusal = mayLeaveAdministration(await lockAdministrators(tx.db), row.id)
    if (refusal) throw refused(refusal)
  }
  await updateAccountRow(tx.db, row.id, { archived_at: tx.now })
  const endedSessions = await endSessionsOf(tx.db, row.id, tx.now)
  // Taken back after months, the account must not bring back what somebody may have copied meanwhile.
  await revokeAllTokensOf(tx, row.id)
  await forgetOneTimeTokens(tx.db, INVITATION_PURPOSE, row.id)
  tx.append(accountArchived, {
    stream: row.id,
    customerId: row.customer_id ?? undefined,
    refs: [['account', row.id]],
    body: { endedSessions },
  })
  return true
}

/** @returns false when it was in use already */
export const takeAccountBack = async (tx: WriteTx, row: AccountRow): Promise<boolean> => {
  if (row.archived_at === null) return false
  await updateAccountRow(tx.db, row.id, { archived_at: null })
  tx.append(accountRestored, {
    stream: row.id,
    customerId: row.customer_id ?? undefined,
    refs: [['account', row.id]],
    body: {},
  })
  return true
}

const through =
  (move: (tx: WriteTx, row: AccountRow) => Promise<boolean>) =>
  (ctx: Ctx, { accountId }: { accountId: string }): Promise<Account> =>
    record(ctx, async (tx) => {
      const moved = await move(tx, await accountOrFault(tx.db, accountId))
      return moved ? undefined : NOTHING_CHANGED
    }).then(async () => presentAccount(await accountOrFault(ctx.platform.database.db, accountId)))

export const archiveAccount = through(putAccountAway)
export const restoreAccount = through(takeAccountBack)
