/** Integration keys: what an Alertmanager or a probe of one environment signs its requests with. */
import type { IntegrationKey } from '../../../contract/people/environments.ts'
import type { Ctx } from '../../platform/context.ts'
import { notFound } from '../../platform/faults.ts'
import { NOTHING_CHANGED, read, record } from '../../platform/record.ts'
import { hashSecret, newSecret } from '../accounts/one-time-token.ts'
import { acceptPrintedSecrets, hintOf, requireFuture } from '../credentials.ts'
import { keyCreated, keyRevoked } from './events.ts'
import { environmentNamed, environmentOrFault } from './find-environment.ts'
import { forgetIntegrationKeys } from './integration-key.ts'
import { findKey, insertKey, listKeyRows, revokeKeyRow, type KeyRow } from './key-store.ts'

export const KEY_PREFIX = 'fni_'

const present = (row: KeyRow): IntegrationKey => ({
  id: row.id,
  environment: { id: row.environment_id, slug: row.environment_slug, name: row.environment_name },
  name: row.name,
  hint: row.hint,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.used_at,
})

type Input = { environment: string; name: string; expiresAt?: number | undefined }

/** @param fixed a known secret for the demo, whose README prints it; never reachable by HTTP */
export const createKey = async (
  ctx: Ctx,
  input: Input,
  { fixed }: { fixed?: string } = {},
): Promise<{ key: IntegrationKey; secret: string }> => {
  requireFuture(ctx, input.expiresAt)
  if (fixed !== undefined) acceptPrintedSecrets(ctx.platform)
  const secret = fixed ?? newSecret(KEY_PREFIX)
  const key = await record(ctx, async (tx) => {
    const environment = await environmentNamed(tx.db, input.environment)
    const row = {
      id: tx.id(),
      environment_id: environment.id,
      customer_id: environment.customer_id,
      name: input.name,
      hint: hintOf(secret),
      created_at: tx.now,
      expires_at: input.expiresAt ?? null,
      revoked_at: null,
    }
    await insertKey(tx.db, { ...row, key_hash: hashSecret(secret) })
    tx.append(keyCreated, {
      stream: row.id,
      customerId: environment.customer_id,
      environmentId: environment.id,
      refs: [['environment', environment.id]],
      body: { name: row.name, hint: row.hint, expiresAt: row.expires_at },
    })
    return present({
      ...row,
      environment_slug: environment.slug,
      environment_name: environment.name,
      used_at: null,
    })
  })
  forgetIntegrationKeys(ctx.platform)
  return { key, secret }
}

export const listKeys = (ctx: Ctx, input: { environment: string }): Promise<{ rows: IntegrationKey[] }> =>
  read(ctx, async (db) => {
    const { id } = await environmentOrFault(db, input.environment)
    return { rows: (await listKeyRows(db, id)).map(present) }
  })

export const revokeKey = async (ctx: Ctx, { keyId }: { keyId: string }): Promise<IntegrationKey> => {
  await record(ctx, async (tx) => {
    const row = await findKey(tx.db, keyId)
    if (!row) throw notFound('This integration key')
    if (row.revoked_at !== null) return NOTHING_CHANGED
    await revokeKeyRow(tx.db, keyId, tx.now)
    tx.append(keyRevoked, {
      stream: keyId,
      customerId: row.customer_id,
      environmentId: row.environment_id,
      refs: [['environment', row.environment_id]],
      body: { hint: row.hint },
    })
    return undefined
  })
  forgetIntegrationKeys(ctx.platform)
  return read(ctx, async (db) => present((await findKey(db, keyId)) as KeyRow))
}
