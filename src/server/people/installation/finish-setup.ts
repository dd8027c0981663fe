/** The first administrator: whoever holds the setup link, once. */
import type { FastifyRequest } from 'fastify'
import type { Setup } from '../../../contract/people/installation.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { record } from '../../platform/record.ts'
import { accountExists, addAccount } from '../accounts/create-account.ts'
import { peekOneTimeToken, spendOneTimeToken } from '../accounts/one-time-token.ts'
import { hashPassword } from '../accounts/password-hash.ts'
import { requireGoodPassword, setPassword } from '../accounts/set-password.ts'
import { administratorExists, type AccountRow } from '../accounts/store.ts'
import { openSession } from '../sign-in/open-session.ts'
import { setSessionCookie } from '../sign-in/session-cookie.ts'
import { sayingWhatExists } from '../unique.ts'
import { changeOrganisation } from './rename-organisation.ts'
import { SETUP_PURPOSE } from './setup-link.ts'
import { lockFirstStart } from './store.ts'

const setUpAlready = (): Fault =>
  new Fault('link-used', 'This installation has its administrator already. Sign in instead.')

/** Looks without touching. */
export const requireSetupOpen = async (ctx: Ctx, token: string): Promise<void> => {
  const { db } = ctx.platform.database
  if (await administratorExists(db)) throw setUpAlready()
  const { used } = await peekOneTimeToken(db, SETUP_PURPOSE, token, ctx.platform.clock.now())
  if (used) throw setUpAlready()
}

const createAdministrator = (ctx: Ctx, input: Setup, hash: string): Promise<AccountRow> =>
  sayingWhatExists(accountExists, () =>
    record({ ...ctx, actor: { kind: 'anonymous', via: 'link' } }, async (tx) => {
      // Two holders of two links: the second finds an administrator.
      await lockFirstStart(tx.db)
      if (await administratorExists(tx.db)) throw setUpAlready()
      await spendOneTimeToken(tx, SETUP_PURPOSE, input.token)
      await changeOrganisation(tx, input.organisation)
      const account = await addAccount(tx, {
        kind: 'staff',
        customerId: null,
        handle: input.handle,
        name: input.name,
        email: input.email,
        roles: ['administrator'],
        zone: input.zone,
      })
      await setPassword(tx, account, hash, 'setup')
      return account
    }),
  )

/** @returns the secret of the session that is opened */
export const setUp = async (ctx: Ctx, input: Setup, request: FastifyRequest): Promise<string> => {
  await requireSetupOpen(ctx, input.token)
  requireGoodPassword(input.password, [input.handle, input.name, input.email, input.organisation])
  const hash = await hashPassword(ctx.platform, input.password)
  const account = await createAdministrator(ctx, input, hash)
  return openSession(ctx, account, 'setup', request)
}

export const finishSetup = async (ctx: Ctx, input: Setup, request: FastifyRequest): Promise<RawReply> => {
  const secret = await setUp(ctx, input, request)
  return raw((reply) =>
    setSessionCookie(ctx, reply, secret).header('cache-control', 'no-store').send({ done: true }),
  )
}
