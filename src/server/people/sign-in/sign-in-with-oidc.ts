/**
 * Signs in through an OpenID Connect issuer (authorization code flow with PKCE, state and nonce; RFC 9700).
 * Nobody is created this way: an identity belongs to an account that exists, found once by its verified address.
 */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Ctx, Platform } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { count } from '../../platform/metrics.ts'
import { cookieOf } from '../accounts/authenticate.ts'
import { hashSecret, newSecret, noteSpent, refuseSpent } from '../accounts/one-time-token.ts'
import { findForSignIn, findForSignInById, type SignInRow } from '../accounts/store.ts'
import { identityLinked } from './events.ts'
import { issuerOf, oidc, redirectUri } from './oidc-issuer.ts'
import { findIdentity, hasIdentityOf, insertIdentity } from './oidc-store.ts'
import { openSession } from './open-session.ts'
import { cookieText, setSessionCookie } from './session-cookie.ts'

const PURPOSE = 'oidc'
const VALID_FOR_MS = 10 * 60 * 1000
const COOKIE = 'fortnight_oidc'

/** Kept by the browser alone, sealed: a GET that anybody may send, a mail scanner too, stores nothing with us. */
type Flow = {
  readonly state: string
  readonly verifier: string
  readonly nonce: string
  readonly to: string
  readonly expiresAt: number
}

const sealFlow = ({ secrets }: Platform, flow: Flow): string =>
  secrets.seal(PURPOSE, Buffer.from(JSON.stringify(flow))).toString('base64url')

const openFlow = ({ secrets }: Platform, sealed: string): Flow | undefined => {
  try {
    return JSON.parse(secrets.open(PURPOSE, Buffer.from(sealed, 'base64url')).toString()) as Flow
  } catch {
    return undefined
  }
}

/** Only paths of our own: `//elsewhere` and `/\elsewhere` are other hosts to a browser. */
const ownPath = (to: string | undefined): string =>
  to !== undefined && /^\/(?![/\\])[^\u0000-\u001f\\]*$/.test(to) ? to : '/'

export const startOidc = async (ctx: Ctx, { to }: { to?: string | undefined }): Promise<RawReply> => {
  const { platform } = ctx
  const issuer = await issuerOf(platform)
  const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier } =
    await oidc()
  const flow: Flow = {
    state: newSecret(''),
    verifier: randomPKCECodeVerifier(),
    nonce: randomNonce(),
    to: ownPath(to),
    expiresAt: platform.clock.now() + VALID_FOR_MS,
  }
  const url = buildAuthorizationUrl(issuer, {
    redirect_uri: redirectUri(platform),
    scope: 'openid email profile',
    code_challenge: await calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: 'S256',
    state: flow.state,
    nonce: flow.nonce,
  })
  const value = sealFlow(platform, flow)
  const cookie = { name: COOKIE, value, maxAgeSeconds: VALID_FOR_MS / 1000 }
  return raw((reply) => reply.header('set-cookie', cookieText(ctx, cookie)).redirect(url.href, 302))
}

/**
 * The browser that comes back must be the one that left: otherwise somebody could be signed in as somebody else. That it
 * came back with a code that holds is what we store, so that no answer counts twice, and made-up ones leave no rows.
 */
const openState = async (ctx: Ctx, request: FastifyRequest, state: string): Promise<Flow> => {
  const { platform } = ctx
  const flow = openFlow(platform, cookieOf(platform, request, COOKIE) ?? '')
  const same = flow !== undefined && timingSafeEqual(hashSecret(flow.state), hashSecret(state))
  if (!flow || !same || flow.expiresAt <= platform.clock.now())
    throw new Fault('link-expired', 'This sign-in was begun in another browser or too long ago. Start again.')
  await refuseSpent(platform.database.db, PURPOSE, state)
  return flow
}

type Identity = { issuer: string; subject: string; verifiedEmail: string | undefined }

const exchange = async (ctx: Ctx, request: FastifyRequest, flow: Flow, state: string): Promise<Identity> => {
  const issuer = await issuerOf(ctx.platform)
  const { authorizationCodeGrant, fetchUserInfo } = await oidc()
  const came = new URL(redirectUri(ctx.platform))
  came.search = new URL(request.url, 'http://localhost').search
  const tokens = await authorizationCodeGrant(issuer, came, {
    pkceCodeVerifier: flow.verifier,
    expectedState: state,
    expectedNonce: flow.nonce,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (!claims) throw new Error('the issuer sent no ID token')
  const about =
    claims.email === undefined ? await fetchUserInfo(issuer, tokens.access_token, claims.sub) : claims
  const verified = about.email_verified === true && typeof about.email === 'string'
  return {
    issuer: claims.iss,
    subject: claims.sub,
    verifiedEmail: verified ? String(about.email).toLowerCase() : undefined,
  }
}

type Found = { readonly account: SignInRow; readonly linked: boolean }

const accountFor = async (ctx: Ctx, identity: Identity): Promise<Found> => {
  const { db } = ctx.platform.database
  const known = await findIdentity(db, identity.issuer, identity.subject)
  const account = known
    ? await findForSignInById(db, known.account_id)
    : identity.verifiedEmail && (await findForSignIn(db, identity.verifiedEmail))
  if (account) return { account, linked: known !== undefined }
  count('fortnight_sign_ins_failed_total', 'Tries to sign in with a wrong password or account.')
  throw new Fault(
    'wrong-credentials',
    identity.verifiedEmail === undefined
      ? 'Your sign-in provider did not confirm an e-mail address. Ask an administrator, or sign in another way.'
      : 'No account here has the address your sign-in provider confirmed. Ask an administrator to create one.',
  )
}

const linkedOtherwise = (): Fault =>
  new Fault(
    'wrong-credentials',
    'The account with this address belongs to another identity of your sign-in provider. Ask an administrator for a new invitation; it unlinks the old one.',
  )

export const finishOidc = async (ctx: Ctx, input: unknown, request: FastifyRequest): Promise<RawReply> => {
  const { state } = input as { state?: unknown }
  const given = typeof state === 'string' ? state : ''
  const flow = await openState(ctx, request, given)
  const identity = await exchange(ctx, request, flow, given).catch((error: unknown) => {
    if (error instanceof Fault) throw error
    ctx.log.warn({ err: (error as Error).message }, 'the sign-in provider gave no usable answer')
    throw new Fault('wrong-credentials', 'The sign-in provider did not sign you in. Start again.', {
      cause: error,
    })
  })
  const { account, linked } = await accountFor(ctx, identity)
  const { issuer, subject } = identity
  const secret = await openSession(ctx, account, 'oidc', request, async (tx) => {
    await noteSpent(tx, PURPOSE, flow.state, flow.expiresAt)
    if (linked) return
    if (await hasIdentityOf(tx.db, account.id, issuer)) throw linkedOtherwise()
    await insertIdentity(tx.db, { issuer, subject, account_id: account.id, created_at: tx.now })
    tx.append(identityLinked, {
      stream: account.id,
      customerId: account.customer_id ?? undefined,
      refs: [['account', account.id]],
      body: { issuer },
    })
  })
  return raw((reply) => setSessionCookie(ctx, reply, secret).redirect(flow.to, 302))
}
