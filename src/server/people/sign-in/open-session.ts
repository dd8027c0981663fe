/** Opens a session for somebody who has proved who they are; the only place that makes one. */
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/context.ts'
import { record, type WriteTx } from '../../platform/record.ts'
import { actorOfAccount, type AccountForActor } from '../accounts/authenticate.ts'
import { hashSecret } from '../accounts/one-time-token.ts'
import { signInSucceeded, type SignInMethod } from './events.ts'
import { insertSession, SESSION_IDLE_MS } from './store.ts'

const SECRET_BYTES = 32
const LONGEST_USER_AGENT = 300

/**
 * @param also what else belongs into the transaction: spending a token, a passkey's counter, a link to an identity
 * @returns the secret for the cookie; only its hash is stored
 */
export const openSession = async (
  ctx: Ctx,
  account: AccountForActor,
  method: SignInMethod,
  request: Pick<FastifyRequest, 'headers'>,
  also?: (tx: WriteTx) => Promise<void>,
): Promise<string> => {
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  const actor = actorOfAccount(account, 'web')
  await record({ ...ctx, actor }, async (tx) => {
    const id = tx.id()
    await also?.(tx)
    await insertSession(tx.db, {
      id,
      account_id: account.id,
      token_hash: hashSecret(secret),
      method,
      user_agent: (request.headers['user-agent'] ?? '').slice(0, LONGEST_USER_AGENT),
      address: ctx.address,
      created_at: tx.now,
      seen_at: tx.now,
      expires_at: tx.now + SESSION_IDLE_MS,
    })
    tx.append(signInSucceeded, {
      stream: id,
      customerId: account.customer_id ?? undefined,
      refs: [['account', account.id]],
      body: { method },
    })
  })
  return secret
}
