/** Writes down what a carrier reports about a message it had accepted; reports come twice and in any order. */
import { deliveryAfter, type Delivery } from '../../../../domain/operations/paging/delivery.ts'
import { systemCtx, type Platform } from '../../../platform/context.ts'
import { count } from '../../../platform/metrics.ts'
import { NOTHING_CHANGED, record } from '../../../platform/record.ts'
import { pageDeliveryReported } from '../events.ts'
import { findPageOfIntent, lockSend, putDelivery } from '../intent-store.ts'
import { lockPage } from '../store.ts'

/** @returns false for what we never sent: a code that proves a way, or nothing of ours */
export const noteDelivery = async (
  platform: Platform,
  intentId: string,
  { delivery, detail }: { readonly delivery: Delivery; readonly detail: string },
): Promise<boolean> => {
  const pageId = await findPageOfIntent(platform.database.db, intentId)
  if (!pageId) return false
  await record<unknown>(systemCtx(platform, 'telephony'), async (tx) => {
    // The page before the intent, in the order in which everybody locks them.
    await lockPage(tx.db, pageId)
    const locked = await lockSend(tx.db, intentId)
    const after = locked && deliveryAfter(locked.intent.delivery, delivery)
    if (!locked || after === undefined) return NOTHING_CHANGED
    const { intent } = locked
    await putDelivery(tx.db, intentId, { delivery: after, at: tx.now, detail })
    count('fortnight_page_deliveries_total', 'What carriers reported of messages they had accepted.', 1, {
      channel: intent.channel,
      delivery: after,
    })
    return tx.append(pageDeliveryReported, {
      stream: intent.page_id,
      customerId: intent.customer_id,
      environmentId: intent.environment_id,
      refs: [
        ['page', intent.page_id],
        ['account', intent.account_id],
      ],
      body: { intentId, channel: intent.channel, delivery: after, detail },
    })
  })
  return true
}
