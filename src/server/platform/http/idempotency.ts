/** Idempotency-Key on writes: the first reply is stored for 24 h and given again to whoever repeats the request. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../../../contract/route.ts'
import { actorId, type Ctx } from '../context.ts'
import { Fault } from '../faults.ts'
import type { RawReply } from './bind.ts'

export const KEPT_MS = 24 * 3600 * 1000
/** A reply larger than this is not stored; repeating such a request runs it again (none of ours is that large). */
const LARGEST_STORED = 256 * 1024

type Answer = { readonly answer: unknown } | RawReply

const hashOf = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(JSON.stringify(request.body ?? null))
    .digest('hex')

type Stored = { request_hash: string; status: number | null; reply: string | null }

const claimKey = async (
  ctx: Ctx,
  actorKey: string,
  key: string,
  route: string,
  requestHash: string,
): Promise<Stored | undefined> => {
  const { db } = ctx.platform.database
  const now = ctx.platform.clock.now()
  const fresh = await db
    .insertInto('idempotency_keys')
    .values({
      actor_key: actorKey,
      key,
      route,
      request_hash: requestHash,
      status: null,
      reply: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['actor_key', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst()
  if (fresh) return undefined
  return db
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'status', 'reply'])
    .where('actor_key', '=', actorKey)
    .where('key', '=', key)
    .executeTakeFirst()
}

const replay = (stored: Stored, requestHash: string, reply: FastifyReply): FastifyReply => {
  if (stored.request_hash !== requestHash)
    throw new Fault('key-reused', 'Use a new Idempotency-Key for a different request.')
  if (stored.status === null || stored.reply === null)
    throw new Fault(
      'still-running',
      'The first request with this key has not finished. Ask again in a moment.',
    )
  return reply
    .code(stored.status)
    .header('cache-control', 'no-store')
    .header('idempotent-replay', 'true')
    .type('application/json; charset=utf-8')
    .send(stored.reply)
}

/** Runs `work` once per key and actor. Requests without the header run as they are. Failures free the key again. */
export const withIdempotency = async (
  ctx: Ctx,
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  work: () => Promise<Answer>,
): Promise<unknown> => {
  const key = request.headers['idempotency-key']
  const plain = (answer: Answer): unknown =>
    'raw' in answer
      ? answer.raw(reply, request)
      : reply
          .code(route.status ?? 200)
          .header('cache-control', 'no-store')
          .send(answer.answer)
  if (typeof key !== 'string' || key === '') return plain(await work())
  if (key.length > 200) throw new Fault('bad-request', 'An Idempotency-Key has at most 200 characters.')

  const actorKey = `${ctx.actor.kind}:${actorId(ctx.actor) ?? ''}`
  const requestHash = hashOf(request)
  const stored = await claimKey(ctx, actorKey, key, `${route.method} ${route.path}`, requestHash)
  if (stored) return replay(stored, requestHash, reply)
  const { db } = ctx.platform.database
  const mine = db.deleteFrom('idempotency_keys').where('actor_key', '=', actorKey).where('key', '=', key)
  try {
    const answer = await work()
    const text = 'raw' in answer ? undefined : JSON.stringify(answer.answer)
    if (text === undefined || text.length > LARGEST_STORED) await mine.execute()
    else {
      await db
        .updateTable('idempotency_keys')
        .set({ status: route.status ?? 200, reply: text })
        .where('actor_key', '=', actorKey)
        .where('key', '=', key)
        .execute()
    }
    return plain(answer)
  } catch (error) {
    await mine.execute().catch(() => undefined)
    throw error
  }
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
    }
  }
}
