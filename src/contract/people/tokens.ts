/** Personal API tokens: what a script or the command line signs in with; never more than the person may. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { id, instant, line } from '../shapes.ts'

export const apiToken = z.object({
  id,
  name: z.string(),
  hint: z.string(),
  scopes: z.array(z.string()),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
})
export type ApiToken = z.input<typeof apiToken>

const tokenPath = z.object({ tokenId: id })
const accountPath = z.object({ accountId: id })

export const tokenRoutes = defineRoutes({
  listMyTokens: {
    method: 'GET',
    path: '/api/me/tokens',
    summary: 'List my API tokens, without their secrets',
    permission: 'self.tokens',
    reply: z.object({ rows: z.array(apiToken) }),
  },
  createMyToken: {
    method: 'POST',
    path: '/api/me/tokens',
    summary: 'Make an API token; its secret is shown in this reply and never again',
    permission: 'self.tokens',
    body: z.strictObject({
      name: line(100),
      /** Permissions, `area.*` or `*`. */
      scopes: z.array(z.string().max(60)).min(1).max(60),
      expiresAt: instant.optional(),
    }),
    reply: z.object({ token: apiToken, secret: z.string() }),
    status: 201,
    errors: ['not-allowed'],
  },
  revokeMyToken: {
    method: 'DELETE',
    path: '/api/me/tokens/:tokenId',
    summary: 'Revoke one of my API tokens',
    permission: 'self.tokens',
    params: tokenPath,
    reply: apiToken,
    errors: ['not-found'],
  },
  listTokensOf: {
    method: 'GET',
    path: '/api/accounts/:accountId/tokens',
    summary: "List somebody's API tokens, without their secrets",
    permission: 'accounts.change',
    params: accountPath,
    reply: z.object({ rows: z.array(apiToken) }),
    errors: ['not-found'],
  },
  revokeTokenOf: {
    method: 'DELETE',
    path: '/api/accounts/:accountId/tokens/:tokenId',
    summary: "Revoke somebody's API token",
    permission: 'accounts.change',
    params: accountPath.extend({ tokenId: id }),
    reply: apiToken,
    errors: ['not-found'],
  },
})
