/** Invitation links: made by an administrator, opened by anybody's mail scanner, used by one POST. */
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { record } from '../../platform/record.ts'
import { requireSession } from '../credentials.ts'
import { forgetIdentities } from '../sign-in/forget-identities.ts'
import { accountInvited } from './events.ts'
import { accountOrFault } from './find-account.ts'
import { forgetOneTimeTokens } from './one-time-token-store.ts'
import { issueOneTimeToken } from './one-time-token.ts'

export const INVITATION_PURPOSE = 'invitation'
const VALID_FOR_MS = 7 * 24 * 3600 * 1000

export const inviteAccount = (
  ctx: Ctx,
  { accountId }: { accountId: string },
): Promise<{ link: string; expiresAt: number }> => {
  // Whoever holds the link becomes that person, with everything their roles allow.
  requireSession(ctx)
  return record(ctx, async (tx) => {
    const account = await accountOrFault(tx.db, accountId)
    if (account.archived_at !== null)
      throw new Fault('conflict', 'This account is archived. Restore it first.')
    await forgetOneTimeTokens(tx.db, INVITATION_PURPOSE, accountId)
    await forgetIdentities(tx, account)
    const secret = await issueOneTimeToken(tx, {
      purpose: INVITATION_PURPOSE,
      accountId,
      validForMs: VALID_FOR_MS,
    })
    const expiresAt = tx.now + VALID_FOR_MS
    tx.append(accountInvited, {
      stream: accountId,
      customerId: account.customer_id ?? undefined,
      refs: [['account', accountId]],
      body: { expiresAt },
    })
    return { link: `${ctx.platform.config.baseUrl}/invitation?token=${secret}`, expiresAt }
  })
}
