/** The OpenID Connect issuer: discovered once, asked again after a failure. */
import type { Configuration } from 'openid-client'
import type { Platform } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'

const PATIENCE_SECONDS = 10

/** Loaded when first needed; most installations have no issuer. */
export const oidc = () => import('openid-client')

const discovered = new WeakMap<Platform, Promise<Configuration>>()

const discover = async ({ config }: Platform): Promise<Configuration> => {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret } = config
  if (issuer === undefined || clientId === undefined)
    throw notFound('An OpenID Connect issuer (OIDC_ISSUER, docs/config.md)')
  const { discovery, allowInsecureRequests, None } = await oidc()
  const url = new URL(issuer)
  return discovery(url, clientId, secret, secret === undefined ? None() : undefined, {
    timeout: PATIENCE_SECONDS,
    // Plain http is for an issuer that somebody configured as http, never a way to fall back to.
    execute: url.protocol === 'http:' ? [allowInsecureRequests] : [],
  })
}

export const issuerOf = async (platform: Platform): Promise<Configuration> => {
  let found = discovered.get(platform)
  if (!found) discovered.set(platform, (found = discover(platform)))
  try {
    return await found
  } catch (error) {
    discovered.delete(platform)
    if (error instanceof Fault) throw error
    throw new Fault(
      'unavailable',
      'The sign-in provider does not answer. Try again, or sign in with a password.',
      {
        cause: error,
      },
    )
  }
}

export const redirectUri = ({ config }: Platform): string => `${config.baseUrl}/sign-in/oidc/callback`
