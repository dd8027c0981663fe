/** A page by web push to every browser of the person; one that accepts is enough. Dead subscriptions are forgotten. */
import { storable } from '../../../../domain/operations/alerts/storable-text.ts'
import type { SendResult } from '../../../../domain/operations/paging/intent.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import { NOTHING_CHANGED, record } from '../../../platform/record.ts'
import { pushUnsubscribed } from '../events.ts'
import { say } from '../messages.ts'
import type { PageMessage } from '../message.ts'
import type { IntentRow } from '../intent-store.ts'
import { endPushSubscription, livePushSubscriptions } from '../push-store.ts'
import { sendPush, type PushOutcome } from './web-push.ts'

/** Every push service takes 4,096 bytes (RFC 8030 section 7.2), of which encryption uses 103. */
const MOST_PAYLOAD_BYTES = 3_500
const LONGEST_BODY = 800

/** What the buttons say, and what is shown after they were pressed, when no window of ours is open to say it. */
const wordsFor = (reader: Reader) => ({
  acknowledge: say(reader, 'push-acknowledge'),
  open: say(reader, 'push-open'),
  lost: say(reader, 'push-lost'),
  'not-acknowledged': say(reader, 'push-not-acknowledged'),
  acknowledged: say(reader, 'push-acknowledged'),
  faster: say(reader, 'push-faster'),
  'faster-who': say(reader, 'push-faster-who'),
  colleague: say(reader, 'push-colleague'),
  over: say(reader, 'push-over'),
  'over-why': say(reader, 'push-over-why'),
})

/** What the service worker shows and posts. Counted in bytes: the same number of letters is thrice as long in Thai. */
export const payloadOf = (intent: Pick<IntentRow, 'page_id'>, message: PageMessage) => {
  const withBody = (body: string) => ({
    kind: 'page',
    // What a later notification of the same replaces.
    pageId: message.bundle?.id ?? intent.page_id,
    title: message.subject,
    body,
    url: message.pageUrl,
    // A list is looked at before it is taken.
    ...(message.bundle ? {} : { acknowledge: { url: '/acknowledge', token: message.token } }),
    words: wordsFor(message.to),
  })
  let body = storable(message.lines.join('\n'), LONGEST_BODY)
  while (body !== '' && Buffer.byteLength(JSON.stringify(withBody(body))) > MOST_PAYLOAD_BYTES)
    body = storable(body, Math.floor(body.length * 0.9))
  return withBody(body)
}

export const forgetSubscription = (
  ctx: Ctx,
  subscription: { id: string; account_id: string },
  reason: string,
): Promise<unknown> =>
  record<unknown>(ctx, async (tx) => {
    if (!(await endPushSubscription(tx.db, subscription.id, tx.now))) return NOTHING_CHANGED
    return tx.append(pushUnsubscribed, {
      stream: subscription.id,
      refs: [['account', subscription.account_id]],
      body: { account: subscription.account_id, reason },
    })
  })

/** Tidying up must not cost the news that a message went out: what is dead is found again at the next page. */
const forgetGone = async (
  ctx: Ctx,
  subscriptions: readonly { id: string; account_id: string }[],
  outcomes: readonly PushOutcome[],
): Promise<void> => {
  for (const [index, outcome] of outcomes.entries()) {
    const subscription = subscriptions[index]
    if (outcome.kind !== 'gone' || !subscription) continue
    await forgetSubscription(ctx, subscription, `the push service answered ${outcome.status}`).catch(
      (error: Error) =>
        ctx.log.warn({ err: error.message }, 'a dead push subscription could not be forgotten'),
    )
  }
}

const resultOf = (outcomes: readonly PushOutcome[]): SendResult => {
  const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted').length
  if (accepted > 0)
    return {
      kind: 'accepted',
      detail: `accepted by the push service for ${accepted} of ${outcomes.length} browsers`,
    }
  const later = outcomes.find((outcome) => outcome.kind === 'later')
  if (later?.kind === 'later')
    return {
      kind: 'later',
      detail: later.reason,
      ...(later.waitMs === undefined ? {} : { waitMs: later.waitMs }),
    }
  const refusal = outcomes.find((outcome) => outcome.kind === 'refused')
  return {
    kind: 'refused',
    detail:
      refusal?.kind === 'refused'
        ? `refused by the push service (${refusal.status})`
        : 'no browser is registered any more',
  }
}

export const sendByPush = async (ctx: Ctx, intent: IntentRow, message: PageMessage): Promise<SendResult> => {
  const subscriptions = await livePushSubscriptions(ctx.platform.database.db, intent.account_id)
  // RFC 8030 section 5.4: a topic has at most 32 characters of the URL-safe alphabet.
  const topic = (message.bundle?.id ?? intent.page_id).replaceAll('-', '')
  const outcomes = await Promise.all(
    subscriptions.map((subscription) =>
      sendPush(ctx.platform, subscription, payloadOf(intent, message), topic),
    ),
  )
  await forgetGone(ctx, subscriptions, outcomes)
  return resultOf(outcomes)
}
