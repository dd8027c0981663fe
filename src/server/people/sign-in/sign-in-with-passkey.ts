/** Signs in with a passkey: no handle is asked for, the authenticator brings the account. */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { count } from '../../platform/metrics.ts'
import { findForSignInById } from '../accounts/store.ts'
import { openSession } from './open-session.ts'
import {
  noteAnswered,
  openChallenge,
  refuseAnswered,
  relyingParty,
  sealChallenge,
  webauthn,
} from './passkey-ceremony.ts'
import { findPasskey, touchPasskey, type PasskeyRow } from './passkey-store.ts'
import { setSessionCookie } from './session-cookie.ts'

export const beginPasskeySignIn = async (ctx: Ctx) => {
  const { generateAuthenticationOptions } = await webauthn()
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(ctx.platform).id,
    userVerification: 'required',
  })
  return {
    challenge: sealChallenge(ctx.platform, options.challenge),
    options: { ...options },
  }
}

/** @returns the authenticator's new counter, or undefined when the answer proves nothing */
const verify = async (
  ctx: Ctx,
  passkey: PasskeyRow,
  challenge: string,
  response: Record<string, unknown>,
): Promise<number | undefined> => {
  const { id, origin } = relyingParty(ctx.platform)
  const { verifyAuthenticationResponse } = await webauthn()
  try {
    const answer = await verifyAuthenticationResponse({
      response: response as unknown as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(passkey.public_key),
        counter: passkey.counter,
        transports: passkey.transports,
      },
    })
    return answer.verified ? answer.authenticationInfo.newCounter : undefined
  } catch (error) {
    ctx.log.debug({ err: (error as Error).message }, 'a passkey was refused')
    return undefined
  }
}

type Input = { challenge: string; response: Record<string, unknown> }

export const signInWithPasskey = async (
  ctx: Ctx,
  input: Input,
  request: FastifyRequest,
): Promise<RawReply> => {
  const { db } = ctx.platform.database
  const asked = openChallenge(ctx.platform, input.challenge)
  await refuseAnswered(db, asked)
  const given = input.response.id
  const id = typeof given === 'string' && /^[\w-]+$/.test(given) ? given : ''
  const passkey = await findPasskey(db, id)
  const account = passkey && (await findForSignInById(db, passkey.account_id))
  const counter = passkey && account && (await verify(ctx, passkey, asked.challenge, input.response))
  if (!passkey || !account || counter === undefined) {
    count('fortnight_sign_ins_failed_total', 'Tries to sign in with a wrong password or account.')
    throw new Fault(
      'wrong-credentials',
      'This passkey is not known here. Sign in another way and add it again.',
    )
  }
  const secret = await openSession(ctx, account, 'passkey', request, async (tx) => {
    await noteAnswered(tx, asked)
    await touchPasskey(tx.db, passkey.id, counter, tx.now)
  })
  return raw((reply) =>
    setSessionCookie(ctx, reply, secret).header('cache-control', 'no-store').send({ done: true }),
  )
}
