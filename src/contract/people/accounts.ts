/** Accounts: staff with roles, and customer contacts who belong to one customer. */
import { z } from 'zod'
import { ROLES } from '../../domain/people/permissions.ts'
import { defineRoutes } from '../route.ts'
import { done, emailAddress, id, instant, line, pageOf, paging, slug, zone } from '../shapes.ts'

export const handle = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'lower-case letters, digits, dots, hyphens and underscores, at most 63',
  )
export const role = z.enum(ROLES)
/** BCP 47, as Intl takes it. */
export const locale = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/, 'a language tag such as en or de-CH')
/** Bounded so that nobody makes us hash megabytes; how good it must be is the server's rule. */
export const password = z.string().min(1, 'must not be empty').max(200)
/** The secret part of a link. */
export const linkToken = z.string().min(1).max(200)

export const account = z.object({
  id,
  kind: z.enum(['staff', 'contact']),
  handle: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(role),
  customer: z.object({ id, slug: z.string(), name: z.string() }).nullable(),
  locale: z.string(),
  zone: z.string(),
  /** True when the account can be signed in to at all: it has a password, a passkey or a linked identity. */
  canSignIn: z.boolean(),
  createdAt: instant,
  archivedAt: instant.nullable(),
})
export type Account = z.input<typeof account>

const named = {
  handle,
  name: line(100),
  email: emailAddress,
  locale: locale.optional(),
  zone: zone.optional(),
}
export const newAccount = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('staff'), ...named, roles: z.array(role).min(1).max(ROLES.length) }),
  z.strictObject({ kind: z.literal('contact'), ...named, customer: slug.or(id) }),
])
export const changedAccount = z.strictObject({
  name: line(100).optional(),
  email: emailAddress.optional(),
  roles: z.array(role).min(1).max(ROLES.length).optional(),
  locale: locale.optional(),
  zone: zone.optional(),
})

const accountPath = z.object({ accountId: id })
export const invitation = z.object({ link: z.string(), expiresAt: instant })

export const accountRoutes = defineRoutes({
  listAccounts: {
    method: 'GET',
    path: '/api/accounts',
    summary: 'List staff and customer contacts',
    permission: 'accounts.read',
    query: paging.extend({
      kind: z.enum(['staff', 'contact']).optional(),
      archived: z.enum(['true', 'false']).optional(),
    }),
    reply: pageOf(account),
  },
  getAccount: {
    method: 'GET',
    path: '/api/accounts/:accountId',
    summary: 'One account',
    permission: 'accounts.read',
    params: accountPath,
    reply: account,
    errors: ['not-found'],
  },
  createAccount: {
    method: 'POST',
    path: '/api/accounts',
    summary: 'Create an account; its person sets a password by an invitation link',
    permission: 'accounts.change',
    body: newAccount,
    reply: account,
    status: 201,
    errors: ['already-exists', 'not-found'],
  },
  updateAccount: {
    method: 'PATCH',
    path: '/api/accounts/:accountId',
    summary: 'Change name, e-mail, roles, locale or zone',
    permission: 'accounts.change',
    params: accountPath,
    body: changedAccount,
    reply: account,
    errors: ['already-exists', 'not-found'],
  },
  archiveAccount: {
    method: 'POST',
    path: '/api/accounts/:accountId/archive',
    summary: 'Archive: the account can no longer be used, its sessions end, what it did stays',
    permission: 'accounts.change',
    params: accountPath,
    reply: account,
    errors: ['not-found'],
  },
  restoreAccount: {
    method: 'POST',
    path: '/api/accounts/:accountId/restore',
    summary: 'Take an account back into use',
    permission: 'accounts.change',
    params: accountPath,
    reply: account,
    errors: ['not-found'],
  },
  inviteAccount: {
    method: 'POST',
    path: '/api/accounts/:accountId/invitation',
    summary: 'Make a one-time link by which the person sets a password; earlier links stop working',
    permission: 'accounts.change',
    params: accountPath,
    reply: invitation,
    status: 201,
    errors: ['not-found'],
  },
  showInvitation: {
    method: 'GET',
    path: '/invitation',
    summary: 'The page behind an invitation link; looking changes nothing',
    permission: 'public',
    query: z.object({ token: linkToken }),
    reply: z.unknown(),
    errors: ['link-expired'],
  },
  acceptInvitation: {
    method: 'POST',
    path: '/api/invitation',
    summary: 'Set a password with an invitation and sign in',
    permission: 'public',
    body: z.object({ token: linkToken, password }),
    reply: done,
    errors: ['link-expired', 'link-used'],
  },
  submitInvitation: {
    method: 'POST',
    path: '/invitation',
    summary: 'The form of the invitation page',
    permission: 'public',
    body: z.object({ token: linkToken, password }),
    reply: z.unknown(),
    errors: ['link-expired', 'link-used'],
  },
})
