/** Finds the integration key a machine sent; remembered briefly so that a storm of webhooks costs one query, not thousands. */
import type { Platform } from '../../platform/context.ts'
import type { IntegrationActor } from '../../platform/actor.ts'
import { credentialUses } from '../accounts/credential-uses.ts'
import { hashSecret } from '../accounts/one-time-token.ts'
import { opensNothing } from '../credentials.ts'
import { findKeyByHash } from './key-store.ts'

/** A revoked key works at most this much longer, in processes other than the one that revoked it. */
const REMEMBER_MS = 2_000
const MOST_REMEMBERED = 1_000

export type KnownKey = IntegrationActor & { readonly environmentSlug: string }
type Remembered = { readonly until: number; readonly key: KnownKey | undefined }
const caches = new WeakMap<Platform, Map<string, Remembered>>()

const find = async (platform: Platform, secret: string): Promise<KnownKey | undefined> => {
  if (opensNothing(platform, secret)) return undefined
  const { database, clock } = platform
  const row = await findKeyByHash(database.db, hashSecret(secret), clock.now())
  return (
    row && {
      kind: 'integration',
      keyId: row.id,
      environmentId: row.environmentId,
      environmentSlug: row.slug,
      customerId: row.customer_id,
      via: 'integration',
    }
  )
}

export const integrationOf = async (
  platform: Platform,
  secret: string,
  address: string,
): Promise<KnownKey | undefined> => {
  let cache = caches.get(platform)
  if (!cache) caches.set(platform, (cache = new Map()))
  const now = Date.now()
  let remembered = cache.get(secret)
  if (!remembered || remembered.until <= now) {
    if (cache.size >= MOST_REMEMBERED) cache.clear()
    remembered = { until: now + REMEMBER_MS, key: await find(platform, secret) }
    cache.set(secret, remembered)
  }
  if (remembered.key) credentialUses(platform).seen(remembered.key.keyId, address)
  return remembered.key
}

export const forgetIntegrationKeys = (platform: Platform): void => caches.get(platform)?.clear()
