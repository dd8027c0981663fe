/** Ends what still rings for a page: intents not yet sent are cancelled, the next step is called off. */
import { apply, decide, type PageState } from '../../../domain/operations/paging/page.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { WriteTx } from '../../platform/record.ts'
import { pageIntentEnded, pageResolved } from './events.ts'
import { cancelUnclaimed } from './intent-store.ts'
import { findPagesOfIncident, lockPage, pagesWithNothingLeft, putResolution, type PageRow } from './store.ts'
import { pageSend, pageStep } from './tasks.ts'

/**
 * Intents that no process is sending at this moment end here; one under way reports its own outcome.
 *
 * @param closed false: somebody has the page, and what is sent unless it is closed goes on
 */
export const cancelWaitingIntents = async (
  tx: WriteTx,
  page: PageRow,
  reason: string,
  { closed }: { readonly closed: boolean },
): Promise<void> => {
  for (const { id, account_id, channel, attempt } of await cancelUnclaimed(tx.db, page.id, reason, tx.now, {
    closed,
  })) {
    tx.append(pageIntentEnded, {
      stream: page.id,
      customerId: page.customer_id,
      environmentId: page.environment_id,
      refs: [
        ['page', page.id],
        ['account', account_id],
      ],
      body: { intentId: id, channel, outcome: 'cancelled', detail: reason, attempt },
    })
    tx.cancelTask(pageSend, id)
  }
  tx.cancelTask(pageStep, page.id)
}

const resolvePage = async (tx: WriteTx, pageId: string, reason: string): Promise<void> => {
  const page = await lockPage(tx.db, pageId)
  if (!page || page.status === 'resolved') return
  const before = page.state as PageState
  const decided = decide(before, { kind: 'resolve' }, tx.now)
  if (isRefusal(decided)) return
  await putResolution(tx.db, page.id, decided.reduce(apply, before), tx.now)
  tx.append(pageResolved, {
    stream: page.id,
    customerId: page.customer_id,
    environmentId: page.environment_id,
    refs: [['page', page.id]],
    body: { reason },
  })
  await cancelWaitingIntents(tx, page, 'resolved before it was sent', { closed: true })
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
