/** Who came and went. Addresses and browsers stay in the sessions table: they are for the person's own list, not for the ledger. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

const area = 'sign-in'
export const SIGN_IN_METHODS = ['password', 'passkey', 'oidc', 'invitation', 'setup', 'demo'] as const
export type SignInMethod = (typeof SIGN_IN_METHODS)[number]

export const signInSucceeded = defineEvent('sign-in.succeeded', {
  area,
  body: z.object({ method: z.enum(SIGN_IN_METHODS) }),
})
export const signInEnded = defineEvent('sign-in.ended', {
  area,
  body: z.object({ how: z.enum(['signed-out', 'revoked']) }),
})
export const passkeyAdded = defineEvent('account.passkey-added', { area: 'accounts', body: z.object({}) })
export const passkeyRemoved = defineEvent('account.passkey-removed', { area: 'accounts', body: z.object({}) })
export const identityLinked = defineEvent('account.identity-linked', {
  area: 'accounts',
  body: z.object({ issuer: z.string() }),
})
export const identityForgotten = defineEvent('account.identity-forgotten', {
  area: 'accounts',
  body: z.object({ issuer: z.string() }),
})
