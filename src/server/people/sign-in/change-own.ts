/** What people change about themselves: name, locale, zone, password. */
import type { Account } from '../../../contract/people/accounts.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, read, record } from '../../platform/record.ts'
import { accountOrFault } from '../accounts/find-account.ts'
import { hashPassword } from '../accounts/password-hash.ts'
import { presentAccount } from '../accounts/present.ts'
import { requireGoodPassword, setPassword } from '../accounts/set-password.ts'
import { changeAccount } from '../accounts/update-account.ts'
import { requireSession } from '../credentials.ts'
import { ownActor } from './get-me.ts'
import { provePassword } from './sign-in.ts'

type Profile = { name?: string | undefined; locale?: string | undefined; zone?: string | undefined }

export const updateMe = async (ctx: Ctx, { name, locale, zone }: Profile): Promise<Account> => {
  const { accountId } = ownActor(ctx)
  await record(ctx, async (tx) => {
    const before = await accountOrFault(tx.db, accountId)
    return (await changeAccount(tx, before, { name, locale, zone })) ? undefined : NOTHING_CHANGED
  })
  return read(ctx, async (db) => presentAccount(await accountOrFault(db, accountId)))
}

export const changeMyPassword = async (
  ctx: Ctx,
  { current, next }: { current: string; next: string },
): Promise<{ done: true }> => {
  requireSession(ctx)
  const { sessionId } = ownActor(ctx)
  const account = await provePassword(ctx, current)
  requireGoodPassword(next, [account.handle, account.name, account.email], 'body.next')
  const hash = await hashPassword(ctx.platform, next)
  await record(ctx, (tx) => setPassword(tx, account, hash, 'change', sessionId))
  return { done: true }
}
