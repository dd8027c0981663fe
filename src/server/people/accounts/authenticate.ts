/** Finds who asks: session cookie, personal API token, or nobody. Wrong credentials are an error, never "nobody". */
import type { FastifyRequest } from 'fastify'
import { isRole } from '../../../domain/people/permissions.ts'
import type { Actor, ContactActor, Ctx, PersonActor, Platform, Via } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { credentialUses } from './credential-uses.ts'
import { keepSessionAlive } from '../sign-in/store.ts'
import { hashSecret } from './one-time-token.ts'

export const SESSION_COOKIE = 'fortnight_session'

export const cookieOf = (request: FastifyRequest, name: string): string | undefined => {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}

export type AccountForActor = {
  id: string
  kind: 'staff' | 'contact'
  customer_id: string | null
  roles: string[]
}

/** The account as an actor: what it may follows from its kind and roles alone. */
export const actorOfAccount = (
  account: AccountForActor,
  via: Via,
  more: { sessionId?: string; tokenId?: string; scopes?: string[] } = {},
): PersonActor | ContactActor =>
  account.kind === 'contact' && account.customer_id !== null
    ? {
        kind: 'contact',
        accountId: account.id,
        customerId: account.customer_id,
        via,
        ...(more.sessionId ? { sessionId: more.sessionId } : {}),
      }
    : { kind: 'person', accountId: account.id, roles: account.roles.filter(isRole), via, ...more }

const bySession = async ({ database, clock }: Platform, secret: string): Promise<Actor | undefined> => {
  const row = await database.db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .select([
      'sessions.id as sessionId',
      'sessions.created_at as openedAt',
      'sessions.seen_at as seenAt',
      'accounts.id',
      'accounts.kind',
      'accounts.customer_id',
      'accounts.roles',
    ])
    .where('sessions.token_hash', '=', hashSecret(secret))
    .where('sessions.revoked_at', 'is', null)
    .where('sessions.expires_at', '>', clock.now())
    .where('accounts.archived_at', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  await keepSessionAlive(database.db, row, clock.now())
  return actorOfAccount(row, 'web', { sessionId: row.sessionId })
}

const byToken = async (
  { database, clock }: Platform,
  secret: string,
  via: Via,
): Promise<Actor | undefined> => {
  const row = await database.db
    .selectFrom('api_tokens')
    .innerJoin('accounts', 'accounts.id', 'api_tokens.account_id')
    .select([
      'api_tokens.id as tokenId',
      'api_tokens.scopes',
      'accounts.id',
      'accounts.kind',
      'accounts.customer_id',
      'accounts.roles',
    ])
    .where('api_tokens.token_hash', '=', hashSecret(secret))
    .where('api_tokens.revoked_at', 'is', null)
    .where((where) =>
      where.or([
        where('api_tokens.expires_at', 'is', null),
        where('api_tokens.expires_at', '>', clock.now()),
      ]),
    )
    .where('accounts.archived_at', 'is', null)
    // Scopes narrow what roles give; a contact has neither.
    .where('accounts.kind', '=', 'staff')
    .executeTakeFirst()
  return row && actorOfAccount(row, via, { tokenId: row.tokenId, scopes: row.scopes })
}

/** The CLI says so in its user agent; it changes nothing but the word in the record. */
const viaOfToken = (request: FastifyRequest): Via =>
  request.headers['user-agent']?.startsWith('fortnight-cli') ? 'cli' : 'api'

export const authenticate = async (request: FastifyRequest, base: Omit<Ctx, 'actor'>): Promise<Ctx> => {
  const { platform } = base
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (bearer?.startsWith('fnp_')) {
    const actor = await byToken(platform, bearer, viaOfToken(request))
    if (!actor)
      throw new Fault(
        'wrong-credentials',
        'This token is unknown, expired or revoked. Make a new one under Settings, Tokens.',
      )
    if (actor.kind === 'person' && actor.tokenId) credentialUses(platform).seen(actor.tokenId, base.address)
    return { ...base, actor }
  }
  const cookie = cookieOf(request, SESSION_COOKIE)
  const actor = cookie ? await bySession(platform, cookie) : undefined
  return { ...base, actor: actor ?? { kind: 'anonymous', via: 'web' } }
}
