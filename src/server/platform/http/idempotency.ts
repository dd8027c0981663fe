/**
 * Idempotency-Key on writes: the first reply is stored for 24 h and given again to whoever repeats the request.
 *
 * The key is claimed before the work and marked in the transaction of the work itself. So after a crash it is known
 * whether the work was done: if not, the next request with the key does it (when the lease of the dead one is over);
 * if so, it is not done again, and a request that lost its claim while it dawdled cannot commit any more.
 */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../../../contract/route.ts'
import type { Ctx } from '../context.ts'
import { actorId } from '../actor.ts'
import { Fault } from '../faults.ts'
import type { RawReply } from './raw-reply.ts'
import {
  claimKey,
  findKey,
  freeKey,
  markCommitted,
  storeReply,
  type KeyOfRequest,
  type Stored,
} from './idempotency-store.ts'

/** A reply larger than this is not stored; a repeated request is then told that it was done. */
const LARGEST_STORED = 256 * 1024
const LONGEST_KEY = 200
/** Replies may hold a secret that is shown once: they lie sealed in the database. */
const SEALED_FOR = 'idempotent-reply'

type Answer = { readonly answer: unknown } | RawReply

const hashOf = (request: FastifyRequest): string => {
  const { body } = request
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null))
    .digest('hex')
}

const sealReply = ({ platform }: Ctx, answer: unknown): string | null => {
  const text = typeof answer === 'symbol' ? undefined : JSON.stringify(answer)
  if (text === undefined || text.length > LARGEST_STORED) return null
  return platform.secrets.seal(SEALED_FOR, Buffer.from(text)).toString('base64')
}

const openReply = ({ platform }: Ctx, sealed: string): unknown => {
  try {
    return JSON.parse(platform.secrets.open(SEALED_FOR, Buffer.from(sealed, 'base64')).toString())
  } catch {
    return undefined
  }
}

const stillRunning = (): Fault =>
  new Fault('still-running', 'The first request with this key has not finished. Ask again in a moment.')

/**
 * What the transaction of the work returned is often the reply itself: where it has the reply's shape it may be given
 * again although the process died before it could answer.
 */
const lostReply = (ctx: Ctx, route: Route, stored: Stored): unknown => {
  const kept = stored.reply === null ? undefined : route.reply.safeParse(openReply(ctx, stored.reply))
  if (kept?.success) return kept.data
  throw new Fault(
    'reply-lost',
    'This request was carried out, but its reply was lost. Look at how things stand; do not send it again with another key.',
  )
}

const replay = (
  ctx: Ctx,
  stored: Stored,
  route: Route,
  requestHash: string,
): { status: number; answer: unknown } => {
  if (stored.request_hash !== requestHash)
    throw new Fault('key-reused', 'Use a new Idempotency-Key for a different request.')
  const status = stored.status ?? route.status ?? 200
  if (stored.status !== null) {
    const answer = stored.reply === null ? undefined : openReply(ctx, stored.reply)
    return { status, answer: answer ?? lostReply(ctx, route, { ...stored, reply: null }) }
  }
  if (stored.committed_at === null || stored.lease_until_at > ctx.platform.clock.now()) throw stillRunning()
  return { status, answer: lostReply(ctx, route, stored) }
}

/** The request's context, whose write transactions say in themselves that the work of this key is done. */
const withClaim = (ctx: Ctx, key: KeyOfRequest, claim: number): Ctx => ({
  ...ctx,
  beforeCommit: async (db, now, answer) => {
    if (!(await markCommitted(db, key, claim, { now, reply: sealReply(ctx, answer) }))) throw stillRunning()
  },
})

const runOnce = async (
  ctx: Ctx,
  key: KeyOfRequest,
  claim: number,
  route: Route,
  work: (ctx: Ctx) => Promise<Answer>,
): Promise<Answer> => {
  const { db } = ctx.platform.database
  try {
    const answer = await work(withClaim(ctx, key, claim))
    // The work is committed: that its reply could not be stored is no reason to deny it.
    const stored =
      'raw' in answer
        ? freeKey(db, key, claim, 'always')
        : storeReply(db, key, claim, { status: route.status ?? 200, reply: sealReply(ctx, answer.answer) })
    await stored.catch(() => undefined)
    return answer
  } catch (error) {
    // A clear no frees the key. Where we broke down, the commit may have been reached: then the key stays.
    const refused = error instanceof Fault && error.status < 500
    await freeKey(db, key, claim, refused ? 'always' : 'unless committed').catch(() => undefined)
    throw error
  }
}

/**
 * Runs `work` once per key and actor. Requests without the header, and those of nobody in particular, run as they are.
 * Failures free the key again.
 */
export const withIdempotency = async (
  ctx: Ctx,
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  work: (ctx: Ctx) => Promise<Answer>,
): Promise<unknown> => {
  const send = (status: number, answer: unknown): FastifyReply =>
    reply.code(status).header('cache-control', 'no-store').send(answer)
  const plain = (answer: Answer): unknown =>
    'raw' in answer ? answer.raw(reply, request) : send(route.status ?? 200, answer.answer)

  const header = request.headers['idempotency-key']
  const actor = actorId(ctx.actor)
  // Visitors who have not signed in share no identity under which a reply could be kept for one of them alone.
  if (typeof header !== 'string' || header === '' || actor === undefined) return plain(await work(ctx))
  if (header.length > LONGEST_KEY)
    throw new Fault('bad-request', `An Idempotency-Key has at most ${LONGEST_KEY} characters.`)

  const key: KeyOfRequest = { actorKey: `${ctx.actor.kind}:${actor}`, key: header }
  const requestHash = hashOf(request)
  const { database, clock } = ctx.platform
  const about = { route: `${route.method} ${route.path}`, requestHash, now: clock.now() }
  const claim = await claimKey(database.db, key, about)
  if (claim !== undefined) return plain(await runOnce(ctx, key, claim, route, work))
  const stored = await findKey(database.db, key)
  // Its holder failed and freed it between our two looks.
  if (!stored) throw stillRunning()
  const { status, answer } = replay(ctx, stored, route, requestHash)
  void reply.header('idempotent-replay', 'true')
  return send(status, answer)
}
