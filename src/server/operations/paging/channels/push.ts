/** A page by web push to every browser of the person; one that accepts is enough. Dead subscriptions are forgotten. */
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import type { Ctx } from '../../../platform/context.ts'
import { record } from '../../../platform/record.ts'
import { pushUnsubscribed } from '../events.ts'
import type { PageMessage } from '../message.ts'
import { livePushSubscriptions, type IntentRow } from '../store.ts'
import { sendPush } from './web-push.ts'

/** What the service worker shows and posts; kept under the 4 kB that every push service takes. */
export const payloadOf = (intent: Pick<IntentRow, 'page_id'>, message: PageMessage) => ({
  kind: 'page',
  pageId: intent.page_id,
  title: message.subject,
  body: message.lines.join('\n').slice(0, 800),
  url: message.pageUrl,
  acknowledge: { url: '/acknowledge', token: message.token },
})

export const forgetSubscription = (
  ctx: Ctx,
  subscription: { id: string; account_id: string },
  reason: string,
): Promise<void> =>
  record(ctx, async (tx) => {
    await tx.db
      .updateTable('push_subscriptions')
      .set({ gone_at: tx.now })
      .where('id', '=', subscription.id)
      .execute()
    tx.append(pushUnsubscribed, {
      stream: subscription.id,
      refs: [['account', subscription.account_id]],
      body: { account: subscription.account_id, reason },
    })
  })

export const sendByPush = async (ctx: Ctx, intent: IntentRow, message: PageMessage): Promise<SendResult> => {
  const subscriptions = await livePushSubscriptions(ctx.platform.database.db, intent.account_id)
  // RFC 8030: a topic has at most 32 URL-safe characters.
  const topic = intent.page_id.replaceAll('-', '')
  const outcomes = await Promise.all(
    subscriptions.map((subscription) =>
      sendPush(ctx.platform, subscription, payloadOf(intent, message), topic),
    ),
  )
  for (const [index, outcome] of outcomes.entries()) {
    const subscription = subscriptions[index]
    if (outcome.kind === 'gone' && subscription)
      await forgetSubscription(ctx, subscription, `the push service answered ${outcome.status}`)
  }
  const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted').length
  if (accepted > 0)
    return {
      kind: 'accepted',
      detail: `accepted by the push service for ${accepted} of ${outcomes.length} browsers`,
    }
  const later = outcomes.find((outcome) => outcome.kind === 'later')
  if (later?.kind === 'later') return { kind: 'later', detail: later.reason }
  const refusal = outcomes.find((outcome) => outcome.kind === 'refused')
  return {
    kind: 'refused',
    detail:
      refusal?.kind === 'refused'
        ? `refused by the push service (${refusal.status})`
        : 'no browser is registered any more',
  }
}
