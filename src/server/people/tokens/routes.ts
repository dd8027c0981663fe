/** Binds the routes of API tokens. */
import type { FastifyInstance } from 'fastify'
import { tokenRoutes } from '../../../contract/people/tokens.ts'
import { bind } from '../../platform/http/bind.ts'
import { notStored } from '../not-stored.ts'
import { createMyToken, listMyTokens, listTokensOf, revokeMyToken, revokeTokenOf } from './change-tokens.ts'

export const bindTokens = (http: FastifyInstance): void =>
  bind(http, tokenRoutes, {
    listMyTokens,
    createMyToken: async (ctx, input) => notStored(201, await createMyToken(ctx, input)),
    revokeMyToken,
    listTokensOf,
    revokeTokenOf,
  })
