/** Signs in with a password. An account that does not exist takes as long, and is answered the same, as a wrong password. */
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import { Fault } from '../../platform/faults.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { count } from '../../platform/metrics.ts'
import { passwordMatches } from '../accounts/password-hash.ts'
import { findForSignIn, findForSignInById, type SignInRow } from '../accounts/store.ts'
import { openSession } from './open-session.ts'
import { setSessionCookie } from './session-cookie.ts'
import { forgiveTries, requireTriesLeft } from './throttle.ts'

const wrong = (): Fault =>
  new Fault('wrong-credentials', 'This handle or address and password do not belong together.')

/** @throws wrong-credentials, too-many-tries */
const proveBy = async (
  ctx: Ctx,
  subject: string,
  password: string,
  find: () => Promise<SignInRow | undefined>,
): Promise<SignInRow> => {
  await requireTriesLeft(ctx, subject)
  const row = await find()
  const matches = await passwordMatches(ctx.platform, password, row?.password_hash)
  if (!row || !matches) {
    count('fortnight_sign_ins_failed_total', 'Tries to sign in with a wrong password or account.')
    throw wrong()
  }
  await forgiveTries(ctx, subject)
  return row
}

type Input = { account: string; password: string }

export const signIn = async (ctx: Ctx, input: Input, request: FastifyRequest): Promise<RawReply> => {
  const subject = input.account.toLowerCase()
  const { db } = ctx.platform.database
  const account = await proveBy(ctx, subject, input.password, () => findForSignIn(db, subject))
  const secret = await openSession(ctx, account, 'password', request)
  return raw((reply) =>
    setSessionCookie(ctx, reply, secret).header('cache-control', 'no-store').send({ done: true }),
  )
}

/** Asks a person who is signed in for their password once more. */
export const provePassword = (ctx: Ctx, password: string): Promise<SignInRow> => {
  const id = actorId(ctx.actor) ?? ''
  // Outside the tenant's confinement: a contact's transaction cannot read password hashes, not even their own.
  return proveBy(ctx, `own\n${id}`, password, () => findForSignInById(ctx.platform.database.db, id))
}
