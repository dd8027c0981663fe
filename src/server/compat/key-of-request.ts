/** The integration key of a request in another system's dialect, in whichever form its clients send it. */
import type { FastifyRequest } from 'fastify'
import { integrationOf, type KnownKey } from '../people/environments/integration-key.ts'
import type { Ctx, Platform } from '../platform/context.ts'

/** `GenieKey <key>`, `Bearer <key>`, or Basic with the key as password (or as user without a password). */
export const secretIn = (header: string | undefined): string | undefined => {
  const [scheme = '', value = ''] = (header ?? '').trim().split(/\s+/, 2)
  if (/^(geniekey|bearer)$/i.test(scheme)) return value
  if (!/^basic$/i.test(scheme)) return undefined
  const [user = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return password.join(':') || user
}

export const keyOfRequest = async (
  platform: Platform,
  request: FastifyRequest,
): Promise<KnownKey | undefined> => {
  const secret = secretIn(request.headers.authorization)
  return secret ? integrationOf(platform, secret, request.ip) : undefined
}

/** Everything a request in a dialect does, it does as its key: confined to the customer by the database, to the environment by us. */
export const ctxOfKey = (
  platform: Platform,
  key: KnownKey,
  request: { readonly id: string; readonly ip: string },
): Ctx => ({ actor: key, platform, requestId: request.id, log: platform.log, address: request.ip })
