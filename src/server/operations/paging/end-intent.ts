/** The end of promises, whatever it is: the rows, the acts, the counts. */
import type { WriteTx } from '../../platform/record.ts'
import { count } from '../../platform/metrics.ts'
import { pageIntentEnded } from './events.ts'
import { putOutcomes, type IntentRow } from './intent-store.ts'

export type Ending = {
  readonly intent: IntentRow
  readonly outcome: 'sent' | 'failed' | 'cancelled'
  readonly detail: string
  readonly attempt: number
  /** The message of several pages that carried it. */
  readonly bundleId?: string | null
}

/** The pages and the intents must be locked. */
export const endIntents = async (tx: WriteTx, endings: readonly Ending[]): Promise<void> => {
  if (endings.length === 0) return
  await putOutcomes(
    tx.db,
    endings.map(({ intent, outcome, detail }) => ({ id: intent.id, status: outcome, outcome: detail })),
    tx.now,
  )
  for (const { intent, outcome, detail, attempt, bundleId } of endings) {
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
}
