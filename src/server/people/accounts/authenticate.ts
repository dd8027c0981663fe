/** Finds who asks: session cookie, personal API token, or nobody. Wrong credentials are an error, never "nobody". */
import type { FastifyRequest } from 'fastify'
import { isRole } from '../../../domain/people/permissions.ts'
import type { Ctx, Platform } from '../../platform/context.ts'
import type { Actor, ContactActor, PersonActor, Via } from '../../platform/actor.ts'
import { Fault } from '../../platform/faults.ts'
import { findSessionByHash, findTokenByHash } from './credential-store.ts'
import { credentialUses } from './credential-uses.ts'
import { opensNothing } from '../credentials.ts'
import { keepSessionAlive } from '../sign-in/store.ts'
import { hashSecret } from './one-time-token.ts'

/** Where we are reached by https, browsers take this name from nobody but this very host: no sibling domain plants one. */
export const cookieName = ({ config }: Platform, name: string): string =>
  config.baseUrl.startsWith('https:') ? `__Host-${name}` : name

export const SESSION_COOKIE = 'fortnight_session'

export const cookieOf = (platform: Platform, request: FastifyRequest, plain: string): string | undefined => {
  const name = cookieName(platform, plain)
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
  const row = await findSessionByHash(database.db, hashSecret(secret), clock.now())
  if (!row) return undefined
  await keepSessionAlive(database.db, row, clock.now())
  return actorOfAccount(row, 'web', { sessionId: row.sessionId })
}

const byToken = async (platform: Platform, secret: string, via: Via): Promise<Actor | undefined> => {
  if (opensNothing(platform, secret)) return undefined
  const { database, clock } = platform
  const row = await findTokenByHash(database.db, hashSecret(secret), clock.now())
  return row && actorOfAccount(row, via, { tokenId: row.tokenId, scopes: row.scopes })
}

/** The CLI says so in its user agent; it changes nothing but the word in the record. */
const viaOfToken = (request: FastifyRequest): Via =>
  request.headers['user-agent']?.startsWith('fortnight-cli') ? 'cli' : 'api'

export const TOKEN_PREFIX = 'fnp_'

/** @throws Fault wrong-credentials */
export const actorOfToken = async (
  { platform, address }: Pick<Ctx, 'platform' | 'address'>,
  secret: string,
  via: Via,
): Promise<Actor> => {
  const actor = await byToken(platform, secret, via)
  if (!actor)
    throw new Fault(
      'wrong-credentials',
      'This token is unknown, expired or revoked. Make a new one under Settings, Tokens.',
    )
  if (actor.kind === 'person' && actor.tokenId) credentialUses(platform).seen(actor.tokenId, address)
  return actor
}

export const authenticate = async (request: FastifyRequest, base: Omit<Ctx, 'actor'>): Promise<Ctx> => {
  const { platform } = base
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (bearer?.startsWith(TOKEN_PREFIX))
    return { ...base, actor: await actorOfToken(base, bearer, viaOfToken(request)) }
  const cookie = cookieOf(platform, request, SESSION_COOKIE)
  const actor = cookie ? await bySession(platform, cookie) : undefined
  return { ...base, actor: actor ?? { kind: 'anonymous', via: 'web' } }
}
