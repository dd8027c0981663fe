/** Ends what still rings for a page: intents not yet sent are cancelled, the next step is called off. */
import { apply, decide, type PageState } from '../../../domain/operations/paging/page.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { WriteTx } from '../../platform/record.ts'
import { pageIntentEnded, pageResolved } from './events.ts'
import { findPagesOfIncident, lockPage, pagesWithNothingLeft, type PageRow } from './store.ts'
import { pageSend, pageStep } from './tasks.ts'

/** Intents that no process is sending at this moment end here; one under way reports its own outcome. */
export const cancelWaitingIntents = async (tx: WriteTx, page: PageRow, reason: string): Promise<void> => {
  const cancelled = await tx.db
    .updateTable('page_intents')
    .set({ status: 'cancelled', ended_at: tx.now, outcome: reason })
    .where('page_id', '=', page.id)
    .where('status', '=', 'intended')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('page_sends')
            .select('intent_id')
            .whereRef('page_sends.intent_id', '=', 'page_intents.id')
            .where('lease_until_at', '>', tx.now),
        ),
      ),
    )
    .returning(['id', 'account_id', 'channel'])
    .returning((select) =>
      select
        .selectFrom('page_sends')
        .select('attempt')
        .whereRef('page_sends.intent_id', '=', 'page_intents.id')
        .as('attempt'),
    )
    .execute()
  for (const intent of cancelled) {
    tx.append(pageIntentEnded, {
      stream: page.id,
      customerId: page.customer_id,
      environmentId: page.environment_id,
      refs: [
        ['page', page.id],
        ['account', intent.account_id],
      ],
      body: {
        intentId: intent.id,
        channel: intent.channel,
        outcome: 'cancelled',
        detail: reason,
        attempt: intent.attempt ?? 0,
      },
    })
    tx.cancelTask(pageSend, intent.id)
  }
  tx.cancelTask(pageStep, page.id)
}

const resolvePage = async (tx: WriteTx, pageId: string, reason: string): Promise<void> => {
  const page = await lockPage(tx.db, pageId)
  if (!page || page.status === 'resolved') return
  const before = page.state as PageState
  const decided = decide(before, { kind: 'resolve' }, tx.now)
  if (isRefusal(decided)) return
  const state = decided.reduce(apply, before)
  await tx.db
    .updateTable('pages')
    .set({ status: 'resolved', resolved_at: tx.now, state: JSON.stringify(state) })
    .where('id', '=', page.id)
    .execute()
  tx.append(pageResolved, {
    stream: page.id,
    customerId: page.customer_id,
    environmentId: page.environment_id,
    refs: [['page', page.id]],
    body: { reason },
  })
  await cancelWaitingIntents(tx, page, 'resolved before it was sent')
}

/** Resolves the pages whose alerts have all closed; called when alerts close. */
export const resolveFinishedPages = async (tx: WriteTx, closedAlertIds: readonly string[]): Promise<void> => {
  for (const pageId of await pagesWithNothingLeft(tx.db, closedAlertIds)) {
    await resolvePage(tx, pageId, 'every alert of the page is closed')
  }
}

/** Calls for help end with the incident they were made in. */
export const resolvePagesOfIncident = async (tx: WriteTx, incidentId: string): Promise<void> => {
  for (const pageId of await findPagesOfIncident(tx.db, incidentId)) {
    await resolvePage(tx, pageId, 'the incident is resolved')
  }
}
