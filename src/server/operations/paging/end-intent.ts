/** The end of a promise, whatever it is: the row, the act, the count. */
import type { WriteTx } from '../../platform/record.ts'
import { count } from '../../platform/metrics.ts'
import { pageIntentEnded } from './events.ts'
import { putOutcome, type IntentRow } from './intent-store.ts'

export type Ending = {
  readonly outcome: 'sent' | 'failed' | 'cancelled'
  readonly detail: string
  readonly attempt: number
  /** The message of several pages that carried it. */
  readonly bundleId?: string | null
}

/** The page and the intent must be locked. */
export const endIntent = async (
  tx: WriteTx,
  intent: IntentRow,
  { outcome, detail, attempt, bundleId }: Ending,
): Promise<void> => {
  await putOutcome(tx.db, intent.id, { status: outcome, at: tx.now, outcome: detail })
  tx.append(pageIntentEnded, {
    stream: intent.page_id,
    customerId: intent.customer_id,
    environmentId: intent.environment_id,
    refs: [
      ['page', intent.page_id],
      ['account', intent.account_id],
    ],
    body: {
      intentId: intent.id,
      channel: intent.channel,
      outcome,
      detail,
      attempt,
      ...(bundleId ? { bundle: bundleId } : {}),
    },
  })
  count('fortnight_page_intents_ended_total', 'Promises to tell somebody, by channel and outcome.', 1, {
    channel: intent.channel,
    outcome,
  })
}
