/** Browsers that a person registered as a way to be paged. */
import type { FastifyRequest } from 'fastify'
import type { InputOf } from '../../../contract/route.ts'
import type { pageRoutes } from '../../../contract/operations/pages.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound } from '../../platform/faults.ts'
import { accountOrFault } from '../../people/accounts/find-account.ts'
import { record } from '../../platform/record.ts'
import { forgetSubscription } from './channels/push.ts'
import { isPushEndpoint, sendPush } from './channels/web-push.ts'
import { pushSubscribed } from './events.ts'
import { say } from './messages.ts'
import { livePushSubscriptions, putPushSubscription } from './push-store.ts'

const MOST_BROWSERS = 20

const selfOf = (ctx: Ctx): string => {
  if (ctx.actor.kind === 'person') return ctx.actor.accountId
  throw new Fault('not-allowed', 'Only a member of the team can be paged.')
}

export const subscribePush = async (
  ctx: Ctx,
  input: InputOf<typeof pageRoutes.subscribePush>,
  request: FastifyRequest,
): Promise<{ id: string }> => {
  const account = selfOf(ctx)
  if (!isPushEndpoint(ctx.platform, input.endpoint))
    throw new Fault('invalid-input', 'This push endpoint cannot be used: it must be an https address.')
  const own = await livePushSubscriptions(ctx.platform.database.db, account)
  if (own.length >= MOST_BROWSERS && !own.some((row) => row.endpoint === input.endpoint)) {
    throw new Fault('invalid-input', `At most ${MOST_BROWSERS} browsers. Remove one you no longer use.`)
  }
  return record(ctx, async (tx) => {
    const subscriptionId = await putPushSubscription(tx.db, {
      id: tx.id(),
      account_id: account,
      endpoint: input.endpoint,
      p256dh: input.keys.p256dh,
      auth: input.keys.auth,
      user_agent: String(request.headers['user-agent'] ?? '').slice(0, 300),
      created_at: tx.now,
    })
    tx.append(pushSubscribed, {
      stream: subscriptionId,
      refs: [['account', account]],
      body: { account, service: new URL(input.endpoint).host },
    })
    return { id: subscriptionId }
  })
}

export const listPushSubscriptions = async (ctx: Ctx) => {
  const rows = await livePushSubscriptions(ctx.platform.database.db, selfOf(ctx))
  return {
    rows: rows.map((row) => ({
      id: row.id,
      userAgent: row.user_agent,
      createdAt: row.created_at,
      provenAt: row.proven_at,
    })),
  }
}

export const removePushSubscription = async (
  ctx: Ctx,
  { subscriptionId }: { subscriptionId: string },
): Promise<{ done: true }> => {
  const account = selfOf(ctx)
  const own = await livePushSubscriptions(ctx.platform.database.db, account)
  const row = own.find((each) => each.id === subscriptionId)
  if (!row) throw notFound('This browser')
  await forgetSubscription(ctx, row, 'removed by its owner')
  return { done: true }
}

/** A test goes out at once: the person is watching for it. */
export const testPush = async (ctx: Ctx): Promise<{ sent: number; failed: number }> => {
  const { db } = ctx.platform.database
  const reader = await accountOrFault(db, selfOf(ctx))
  const own = await livePushSubscriptions(db, reader.id)
  const payload = {
    kind: 'test',
    title: say(reader, 'push-test-title'),
    body: say(reader, 'push-test-text'),
    url: `${ctx.platform.config.baseUrl}/`,
  }
  const outcomes = await Promise.all(own.map((row) => sendPush(ctx.platform, row, payload, 'test')))
  for (const [index, outcome] of outcomes.entries()) {
    const row = own[index]
    if (outcome.kind === 'gone' && row)
      await forgetSubscription(ctx, row, `the push service answered ${outcome.status}`)
  }
  const sent = outcomes.filter((outcome) => outcome.kind === 'accepted').length
  return { sent, failed: outcomes.length - sent }
}
