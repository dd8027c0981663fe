/** Writes down what a carrier reports about a message it had accepted; reports come twice and in any order. */
import { deliveryAfter, type Delivery } from '../../../../domain/operations/paging/delivery.ts'
import { systemCtx, type Platform } from '../../../platform/context.ts'
import { count } from '../../../platform/metrics.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../../platform/record.ts'
import { pageDeliveryReported } from '../events.ts'
import { findSentAs } from '../bundles/bundle-store.ts'
import { lockSend, putDelivery } from '../intent-store.ts'
import { lockPage } from '../store.ts'

type Report = { readonly delivery: Delivery; readonly detail: string }

/** The page must be locked. */
const noteOf = async (tx: WriteTx, intentId: string, { delivery, detail }: Report): Promise<boolean> => {
  const locked = await lockSend(tx.db, intentId)
  const after = locked && deliveryAfter(locked.intent.delivery, delivery)
  if (!locked || after === undefined) return false
  const { intent } = locked
  await putDelivery(tx.db, intentId, { delivery: after, at: tx.now, detail })
  count('fortnight_page_deliveries_total', 'What carriers reported of messages they had accepted.', 1, {
    channel: intent.channel,
    delivery: after,
  })
  tx.append(pageDeliveryReported, {
    stream: intent.page_id,
    customerId: intent.customer_id,
    environmentId: intent.environment_id,
    refs: [
      ['page', intent.page_id],
      ['account', intent.account_id],
    ],
    body: { intentId, channel: intent.channel, delivery: after, detail },
  })
  return true
}

/**
 * @param messageId the id under which it went out: the promise's own, or that of a bundle, whose every promise it tells
 * @returns false for what we never sent: a code that proves a way, or nothing of ours
 */
export const noteDelivery = async (
  platform: Platform,
  messageId: string,
  report: Report,
): Promise<boolean> => {
  const carried = await findSentAs(platform.database.db, messageId)
  if (carried.length === 0) return false
  await record<unknown>(systemCtx(platform, 'telephony'), async (tx) => {
    // Pages before intents, in the order in which everybody locks them.
    for (const pageId of [...new Set(carried.map((each) => each.page_id))].sort())
      await lockPage(tx.db, pageId)
    let isNews = false
    for (const { id } of carried) if (await noteOf(tx, id, report)) isNews = true
    return isNews ? true : NOTHING_CHANGED
  })
  return true
}
