/** An invited person sets a password and is signed in. */
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { html } from '../../platform/http/html.ts'
import { plainPage } from '../../platform/http/plain-page.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { read, record } from '../../platform/record.ts'
import { openSession } from '../sign-in/open-session.ts'
import { setSessionCookie } from '../sign-in/session-cookie.ts'
import { actorOfAccount } from './authenticate.ts'
import { INVITATION_PURPOSE } from './invite-account.ts'
import { say } from './messages.ts'
import { peekOneTimeToken, spendOneTimeToken } from './one-time-token.ts'
import { hashPassword } from './password-hash.ts'
import { requireGoodPassword, setPassword } from './set-password.ts'
import { findForSignInById, type SignInRow } from './store.ts'

type Input = { token: string; password: string }

/** The account behind an invitation that still holds. */
const invited = async (ctx: Ctx, token: string): Promise<SignInRow> =>
  read(ctx, async (db) => {
    const { accountId, used } = await peekOneTimeToken(
      db,
      INVITATION_PURPOSE,
      token,
      ctx.platform.clock.now(),
    )
    if (used) throw new Fault('link-used', 'This invitation was used already. Sign in with your password.')
    const account = accountId === null ? undefined : await findForSignInById(db, accountId)
    if (!account) throw new Fault('link-expired', 'This account is no longer in use. Ask an administrator.')
    return account
  })

const accept = async (ctx: Ctx, { token, password }: Input, request: FastifyRequest): Promise<string> => {
  const account = await invited(ctx, token)
  requireGoodPassword(password, [account.handle, account.name, account.email])
  const hash = await hashPassword(ctx.platform, password)
  const person = { ...ctx, actor: actorOfAccount(account, 'link') }
  await record(person, async (tx) => {
    await spendOneTimeToken(tx, INVITATION_PURPOSE, token)
    await setPassword(tx, account, hash, 'invitation')
  })
  return openSession(ctx, account, 'invitation', request)
}

export const acceptInvitation = async (
  ctx: Ctx,
  input: Input,
  request: FastifyRequest,
): Promise<RawReply> => {
  const secret = await accept(ctx, input, request)
  return raw((reply) =>
    setSessionCookie(ctx, reply, secret).header('cache-control', 'no-store').send({ done: true }),
  )
}

const page = (token: string, account: SignInRow, problem?: string): string =>
  plainPage({
    reader: account,
    title: say(account, 'invitation-title'),
    body: html`<h1>${say(account, 'welcome')}</h1>
      <p>${say(account, 'sign-in-as', { handle: account.handle })} ${say(account, 'choose-password')}</p>
      ${problem ? html`<p class="red" role="alert">${problem}</p>` : ''}
      <form method="post" action="/invitation">
        <input type="hidden" name="token" value="${token}" />
        <input type="hidden" name="username" autocomplete="username" value="${account.handle}" />
        <label for="password">${say(account, 'password')}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="12"
          required
        />
        <button>${say(account, 'set-password')}</button>
      </form>`,
  })

export const showInvitation = async (ctx: Ctx, { token }: { token: string }): Promise<RawReply> => {
  const account = await invited(ctx, token)
  return raw((reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page(token, account)),
  )
}

export const submitInvitation = async (
  ctx: Ctx,
  input: Input,
  request: FastifyRequest,
): Promise<RawReply> => {
  try {
    const secret = await accept(ctx, input, request)
    return raw((reply) => setSessionCookie(ctx, reply, secret).redirect('/', 303))
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'invalid-input') throw error
    const account = await invited(ctx, input.token)
    return raw((reply) =>
      reply
        .code(error.status)
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(page(input.token, account, error.message)),
    )
  }
}
