/** Makes, lists and revokes personal API tokens. */
import type { ApiToken } from '../../../contract/people/tokens.ts'
import { isScope } from '../../../domain/people/permissions.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, read, record, type WriteTx } from '../../platform/record.ts'
import { TOKEN_PREFIX } from '../accounts/authenticate.ts'
import { accountOrFault } from '../accounts/find-account.ts'
import { hashSecret, newSecret } from '../accounts/one-time-token.ts'
import { acceptPrintedSecrets, hintOf, requireFuture, requireSession } from '../credentials.ts'
import { tokenCreated, tokenRevoked } from './events.ts'
import {
  findToken,
  insertToken,
  listTokenRows,
  revokeTokenRow,
  revokeTokenRowsOf,
  type TokenRow,
} from './store.ts'

export { TOKEN_PREFIX }

const present = (row: TokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  hint: row.hint,
  scopes: row.scopes,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.used_at,
})

const ownAccountId = (ctx: Ctx): string => {
  const id = actorId(ctx.actor)
  if (ctx.actor.kind !== 'person' || id === undefined)
    throw new Fault('not-allowed', 'Only a member of staff has API tokens.')
  return id
}

const requireScopes = (scopes: readonly string[]): void => {
  const errors = scopes.flatMap((scope, index) =>
    isScope(scope) ? [] : [{ path: `body.scopes.${index}`, detail: `${scope} is no permission` }],
  )
  if (errors.length > 0)
    throw new Fault(
      'invalid-input',
      `Nothing was created. ${errors[0]?.detail}; use a permission such as decisions.read, an area such as decisions.*, or *.`,
      { errors },
    )
}

type Input = { name: string; scopes: string[]; expiresAt?: number | undefined }

/** @param fixed a known secret for the demo, whose README prints it; never reachable by HTTP */
export const createMyToken = async (
  ctx: Ctx,
  input: Input,
  { fixed }: { fixed?: string } = {},
): Promise<{ token: ApiToken; secret: string }> => {
  requireSession(ctx)
  requireScopes(input.scopes)
  requireFuture(ctx, input.expiresAt)
  const accountId = ownAccountId(ctx)
  if (fixed !== undefined) acceptPrintedSecrets(ctx.platform)
  const secret = fixed ?? newSecret(TOKEN_PREFIX)
  const token = await record(ctx, async (tx) => {
    const row = {
      id: tx.id(),
      account_id: accountId,
      name: input.name,
      hint: hintOf(secret),
      scopes: [...new Set(input.scopes)],
      created_at: tx.now,
      expires_at: input.expiresAt ?? null,
      revoked_at: null,
    }
    await insertToken(tx.db, { ...row, token_hash: hashSecret(secret) })
    tx.append(tokenCreated, {
      stream: row.id,
      refs: [['account', accountId]],
      body: { hint: row.hint, scopes: row.scopes, expiresAt: row.expires_at },
    })
    return present({ ...row, used_at: null })
  })
  return { token, secret }
}

export const listTokensOf = (ctx: Ctx, { accountId }: { accountId: string }): Promise<{ rows: ApiToken[] }> =>
  read(ctx, async (db) => {
    await accountOrFault(db, accountId)
    return { rows: (await listTokenRows(db, accountId)).map(present) }
  })

export const listMyTokens = (ctx: Ctx): Promise<{ rows: ApiToken[] }> =>
  listTokensOf(ctx, { accountId: ownAccountId(ctx) })

/** Takes effect with the next request: tokens are looked up, never remembered. */
export const revokeTokenOf = async (
  ctx: Ctx,
  { accountId, tokenId }: { accountId: string; tokenId: string },
): Promise<ApiToken> => {
  await record(ctx, async (tx) => {
    const row = await findToken(tx.db, accountId, tokenId)
    if (!row) throw notFound('This token')
    if (row.revoked_at !== null) return NOTHING_CHANGED
    await revokeTokenRow(tx.db, tokenId, tx.now)
    tx.append(tokenRevoked, { stream: tokenId, refs: [['account', accountId]], body: { hint: row.hint } })
    return undefined
  })
  return read(ctx, async (db) => present((await findToken(db, accountId, tokenId)) as TokenRow))
}

export const revokeMyToken = (ctx: Ctx, { tokenId }: { tokenId: string }): Promise<ApiToken> =>
  revokeTokenOf(ctx, { accountId: ownAccountId(ctx), tokenId })

/** All that are not revoked yet, each by its own act: in the transaction that puts their owner away. */
export const revokeAllTokensOf = async (tx: WriteTx, accountId: string): Promise<void> => {
  for (const { id, hint } of await revokeTokenRowsOf(tx.db, accountId, tx.now))
    tx.append(tokenRevoked, { stream: id, refs: [['account', accountId]], body: { hint } })
}
