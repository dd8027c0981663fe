/** All SQL of stored replies: who may run a request, what was committed, and the reply to give again. */
import { sql } from 'kysely'
import type { Db, Tx } from '../database.ts'

export const KEPT_MS = 24 * 3600 * 1000
/** After this a request that has neither committed nor failed is taken for dead: its process was killed. */
export const LEASE_MS = 60_000

export type KeyOfRequest = { readonly actorKey: string; readonly key: string }
export type Stored = {
  readonly request_hash: string
  readonly status: number | null
  readonly reply: string | null
  readonly committed_at: number | null
  readonly lease_until_at: number
}

/**
 * Takes the key for this request: a new one, one whose holder died before it committed, or one kept long enough.
 * Returns the number of the claim, or undefined when somebody else has it.
 */
export const claimKey = async (
  db: Db,
  { actorKey, key }: KeyOfRequest,
  about: { readonly route: string; readonly requestHash: string; readonly now: number },
): Promise<number | undefined> => {
  const { route, requestHash, now } = about
  const { rows } = await sql<{ claim: number }>`
    insert into idempotency_keys as k (actor_key, key, route, request_hash, claim, lease_until_at, created_at)
    values (${actorKey}, ${key}, ${route}, ${requestHash}, 1, ${now + LEASE_MS}, ${now})
    on conflict (actor_key, key) do update
      set claim = k.claim + 1, lease_until_at = excluded.lease_until_at, created_at = excluded.created_at,
          route = excluded.route, request_hash = excluded.request_hash, status = null, reply = null, committed_at = null
      where k.created_at < ${now - KEPT_MS}
         or (k.status is null and k.committed_at is null and k.lease_until_at <= ${now}
             and k.request_hash = excluded.request_hash)
    returning claim`.execute(db)
  return rows[0]?.claim
}

export const findKey = (db: Db, { actorKey, key }: KeyOfRequest): Promise<Stored | undefined> =>
  db
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'status', 'reply', 'committed_at', 'lease_until_at'])
    .where('actor_key', '=', actorKey)
    .where('key', '=', key)
    .executeTakeFirst()

const held = (db: Db | Tx, { actorKey, key }: KeyOfRequest, claim: number) =>
  db
    .updateTable('idempotency_keys')
    .where('actor_key', '=', actorKey)
    .where('key', '=', key)
    .where('claim', '=', claim)

/** In the transaction of the work itself. False when the claim was lost meanwhile: the work must not be committed. */
export const markCommitted = async (
  db: Tx,
  key: KeyOfRequest,
  claim: number,
  { now, reply }: { readonly now: number; readonly reply: string | null },
): Promise<boolean> => {
  const { numUpdatedRows } = await held(db, key, claim).set({ committed_at: now, reply }).executeTakeFirst()
  return numUpdatedRows > 0n
}

export const storeReply = async (
  db: Db,
  key: KeyOfRequest,
  claim: number,
  reply: { readonly status: number; readonly reply: string | null },
): Promise<void> => {
  await held(db, key, claim).set(reply).execute()
}

/**
 * Frees the key for another try. A commit that is still under way in the database holds the row's lock: the statement
 * waits for it and then sees what became of it.
 */
export const freeKey = async (
  db: Db,
  { actorKey, key }: KeyOfRequest,
  claim: number,
  when: 'always' | 'unless committed',
): Promise<void> => {
  const mine = db
    .deleteFrom('idempotency_keys')
    .where('actor_key', '=', actorKey)
    .where('key', '=', key)
    .where('claim', '=', claim)
  await (when === 'always' ? mine : mine.where('committed_at', 'is', null)).execute()
}

/** Removes keys that nobody may ask for any more; returns how many. */
export const forgetKeys = async (db: Db, now: number): Promise<number> => {
  const { numDeletedRows } = await db
    .deleteFrom('idempotency_keys')
    .where('created_at', '<', now - KEPT_MS)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

declare module '../database.ts' {
  interface Tables {
    idempotency_keys: {
      actor_key: string
      key: string
      route: string
      request_hash: string
      status: number | null
      reply: string | null
      created_at: number
      claim: number
      lease_until_at: number
      committed_at: number | null
    }
  }
}
