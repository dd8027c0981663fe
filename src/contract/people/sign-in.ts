/** Signing in and out, one's own sessions and profile. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { done, id, instant, line, zone } from '../shapes.ts'
import { account, locale, password } from './accounts.ts'

export const session = z.object({
  id,
  method: z.string(),
  userAgent: z.string(),
  address: z.string(),
  createdAt: instant,
  seenAt: instant,
  expiresAt: instant,
  current: z.boolean(),
})
export type Session = z.input<typeof session>

/** What a person or the installation still lacks before the first alert can reach somebody. */
export const HINTS = [
  'no-customer',
  'no-environment',
  'no-integration-key',
  'no-colleague',
  'no-passkey',
] as const
export const me = z.object({
  account,
  organisation: z.string(),
  permissions: z.array(z.string()),
  hints: z.array(z.enum(HINTS)),
  /** How this request was let in. */
  session: z.object({ id, method: z.enum(['session', 'token']) }).nullable(),
})
export type Me = z.input<typeof me>

export const passkey = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: instant,
  usedAt: instant.nullable(),
})
export type Passkey = z.input<typeof passkey>
/** Options and answers of WebAuthn, as @simplewebauthn/browser takes and gives them; checked by its server half. */
const webauthn = z.record(z.string(), z.unknown())
const passkeyPath = z.object({ passkeyId: z.string().regex(/^[\w-]{1,300}$/, 'not a passkey') })
const sessionPath = z.object({ sessionId: id })
const accountPath = z.object({ accountId: id })

export const signInRoutes = defineRoutes({
  showSignInWays: {
    method: 'GET',
    path: '/api/sign-in',
    summary: 'How one can sign in here',
    permission: 'public',
    reply: z.object({
      organisation: z.string(),
      password: z.boolean(),
      passkey: z.boolean(),
      /** Where to send the browser, and the issuer's host to show; null when there is none. */
      oidc: z.object({ start: z.string(), issuer: z.string() }).nullable(),
      /** True until somebody administers this installation: open the link that the server printed. */
      setupNeeded: z.boolean(),
    }),
  },
  signIn: {
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in with handle or e-mail address and password; sets the session cookie',
    permission: 'public',
    body: z.object({ account: line(254), password }),
    reply: done,
    errors: ['wrong-credentials', 'too-many-tries'],
  },
  signOut: {
    method: 'DELETE',
    path: '/api/session',
    summary: 'End this session',
    permission: 'self.read',
    reply: done,
  },
  beginPasskeySignIn: {
    method: 'POST',
    path: '/api/session/passkey/options',
    summary: 'A challenge for signing in with a passkey, valid for five minutes',
    permission: 'public',
    reply: z.object({ challenge: z.string(), options: webauthn }),
  },
  signInWithPasskey: {
    method: 'POST',
    path: '/api/session/passkey',
    summary: 'Sign in with the answer of a passkey; sets the session cookie',
    permission: 'public',
    body: z.object({ challenge: z.string().max(200), response: webauthn }),
    reply: done,
    errors: ['wrong-credentials', 'link-expired', 'link-used'],
  },
  startOidc: {
    method: 'GET',
    path: '/sign-in/oidc',
    summary: 'Go to the OpenID Connect issuer to sign in',
    permission: 'public',
    query: z.object({ to: z.string().max(500).optional() }),
    reply: z.unknown(),
    errors: ['not-found', 'unavailable'],
  },
  finishOidc: {
    method: 'GET',
    path: '/sign-in/oidc/callback',
    summary: 'Where the OpenID Connect issuer sends the browser back to',
    permission: 'public',
    query: z.looseObject({}),
    reply: z.unknown(),
    errors: ['wrong-credentials', 'link-expired', 'link-used', 'unavailable'],
  },
})

export const meRoutes = defineRoutes({
  getMe: {
    method: 'GET',
    path: '/api/me',
    summary: 'Who I am here and what I may do',
    permission: 'self.read',
    reply: me,
  },
  updateMe: {
    method: 'PATCH',
    path: '/api/me',
    summary: 'Change my name, locale or zone',
    permission: 'self.change',
    body: z.strictObject({
      name: line(100).optional(),
      locale: locale.optional(),
      zone: zone.optional(),
    }),
    reply: account,
  },
  changeMyPassword: {
    method: 'POST',
    path: '/api/me/password',
    summary: 'Change my password; my other sessions end',
    permission: 'self.change',
    body: z.object({ current: password, next: password }),
    reply: done,
    errors: ['wrong-credentials', 'too-many-tries', 'not-allowed'],
  },
  listMySessions: {
    method: 'GET',
    path: '/api/me/sessions',
    summary: 'Where I am signed in',
    permission: 'self.read',
    reply: z.object({ rows: z.array(session) }),
  },
  endMySession: {
    method: 'DELETE',
    path: '/api/me/sessions/:sessionId',
    summary: 'End one of my sessions',
    permission: 'self.change',
    params: sessionPath,
    reply: done,
    errors: ['not-found'],
  },
  listSessionsOf: {
    method: 'GET',
    path: '/api/accounts/:accountId/sessions',
    summary: 'Where somebody is signed in',
    permission: 'accounts.change',
    params: accountPath,
    reply: z.object({ rows: z.array(session) }),
    errors: ['not-found'],
  },
  endSessionOf: {
    method: 'DELETE',
    path: '/api/accounts/:accountId/sessions/:sessionId',
    summary: "End one of somebody's sessions",
    permission: 'accounts.change',
    params: accountPath.extend({ sessionId: id }),
    reply: done,
    errors: ['not-found'],
  },
  listMyPasskeys: {
    method: 'GET',
    path: '/api/me/passkeys',
    summary: 'My passkeys',
    permission: 'self.read',
    reply: z.object({ rows: z.array(passkey) }),
  },
  beginPasskey: {
    method: 'POST',
    path: '/api/me/passkeys/options',
    summary: 'A challenge for adding a passkey, valid for five minutes',
    permission: 'self.change',
    reply: z.object({ challenge: z.string(), options: webauthn }),
    errors: ['not-allowed'],
  },
  addPasskey: {
    method: 'POST',
    path: '/api/me/passkeys',
    summary: 'Add a passkey',
    permission: 'self.change',
    body: z.object({ name: line(60), challenge: z.string().max(200), response: webauthn }),
    reply: passkey,
    status: 201,
    errors: ['not-allowed', 'already-exists', 'link-expired', 'link-used'],
  },
  removePasskey: {
    method: 'DELETE',
    path: '/api/me/passkeys/:passkeyId',
    summary: 'Remove one of my passkeys',
    permission: 'self.change',
    params: passkeyPath,
    reply: done,
    errors: ['not-found'],
  },
})
