/** Ends sessions: one's own by signing out or from the list, or somebody's by an administrator. */
import type { Session } from '../../../contract/people/sign-in.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorId } from '../../platform/actor.ts'
import { notFound } from '../../platform/faults.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { NOTHING_CHANGED, read, record } from '../../platform/record.ts'
import { accountOrFault } from '../accounts/find-account.ts'
import { signInEnded } from './events.ts'
import { clearSessionCookie } from './session-cookie.ts'
import { endSession, listSessionRows, type SessionRow } from './store.ts'

const present =
  (ctx: Ctx) =>
  (row: SessionRow): Session => ({
    id: row.id,
    method: row.method,
    userAgent: row.user_agent,
    address: row.address,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    current: 'sessionId' in ctx.actor && ctx.actor.sessionId === row.id,
  })

const list = (ctx: Ctx, accountId: string): Promise<{ rows: Session[] }> =>
  read(ctx, async (db) => ({
    rows: (await listSessionRows(db, accountId, ctx.platform.clock.now())).map(present(ctx)),
  }))

export const listMySessions = (ctx: Ctx): Promise<{ rows: Session[] }> => list(ctx, actorId(ctx.actor) ?? '')

export const listSessionsOf = async (
  ctx: Ctx,
  { accountId }: { accountId: string },
): Promise<{ rows: Session[] }> => {
  await accountOrFault(ctx.platform.database.db, accountId)
  return list(ctx, accountId)
}

const end = (
  ctx: Ctx,
  accountId: string,
  sessionId: string,
  how: 'signed-out' | 'revoked',
): Promise<boolean> =>
  record(ctx, async (tx) => {
    if (!(await endSession(tx.db, accountId, sessionId, tx.now))) return NOTHING_CHANGED
    tx.append(signInEnded, {
      stream: sessionId,
      customerId: ctx.actor.kind === 'contact' ? ctx.actor.customerId : undefined,
      refs: [['account', accountId]],
      body: { how },
    })
    return true
  }).then((answer) => answer === true)

/** With a token, or when the session has ended meanwhile, there is nothing to end: the cookie goes all the same. */
export const signOut = async (ctx: Ctx): Promise<RawReply> => {
  const { actor } = ctx
  if ('sessionId' in actor && actor.sessionId !== undefined)
    await end(ctx, actor.accountId, actor.sessionId, 'signed-out')
  return raw((reply) =>
    clearSessionCookie(ctx, reply).header('cache-control', 'no-store').send({ done: true }),
  )
}

export const endMySession = async (
  ctx: Ctx,
  { sessionId }: { sessionId: string },
): Promise<{ done: true }> => {
  if (!(await end(ctx, actorId(ctx.actor) ?? '', sessionId, 'revoked'))) throw notFound('This session')
  return { done: true }
}

type Whose = { accountId: string; sessionId: string }
export const endSessionOf = async (ctx: Ctx, { accountId, sessionId }: Whose): Promise<{ done: true }> => {
  await accountOrFault(ctx.platform.database.db, accountId)
  if (!(await end(ctx, accountId, sessionId, 'revoked'))) throw notFound('This session')
  return { done: true }
}
