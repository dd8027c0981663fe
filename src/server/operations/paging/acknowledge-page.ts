/** Somebody takes the page. The first one wins; the same person twice is a double click; anybody else learns who has it. */
import { apply, decide, type PageState } from '../../../domain/operations/paging/page.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { describeInstant } from '../../../domain/time/describe-instant.ts'
import { findAccount } from '../../people/accounts/store.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound, RefusalFault } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { endDrillOfPage } from './drills/end-drill.ts'
import { cancelWaitingIntents } from './end-page.ts'
import { pageAcknowledged } from './events.ts'
import { pageStep } from './tasks.ts'
import {
  alertIdsOf,
  findOpenPagesCarrying,
  lockAlertsOf,
  lockPage,
  pagesInHand,
  putAcknowledgement,
  type PageRow,
} from './store.ts'

/** @param accountId who asks: the time is told on their clock */
const whoHasIt = async (tx: WriteTx, page: PageRow, accountId: string): Promise<string> => {
  const taker = page.acknowledged_by ? await findAccount(tx.db, page.acknowledged_by) : undefined
  const zone = (await findAccount(tx.db, accountId))?.zone ?? 'UTC'
  const since = page.acknowledged_at === null ? '' : ` since ${describeInstant(page.acknowledged_at, zone)}`
  return `${taker?.name ?? 'Somebody'} has this page already${since}. Nothing was changed.`
}

/** Taken by a message of several pages: the alerts of this page that it listed. */
type ByBundle = { readonly id: string; readonly alertIds: string[] }

/** In a transaction of the caller's: the page's link is spent in the same one. False when this person has it already. */
export const acknowledgePageIn = async (
  tx: WriteTx,
  pageId: string,
  accountId: string,
  bundle?: ByBundle,
): Promise<boolean> => {
  await lockAlertsOf(tx.db, pageId)
  const page = await lockPage(tx.db, pageId)
  if (!page) throw notFound('This page')
  const before = page.state as PageState
  const decided = decide(before, { kind: 'acknowledge', by: accountId }, tx.now)
  if (isRefusal(decided)) {
    if (decided.code !== 'already-acknowledged') throw new RefusalFault(decided)
    throw new RefusalFault({ ...decided, detail: await whoHasIt(tx, page, accountId) })
  }
  if (decided.length === 0) return false
  const state = decided.reduce(apply, before)
  await putAcknowledgement(tx.db, page.id, state, { at: tx.now, by: accountId })
  // Counted under the page's lock: what joins after this commit is not covered and pages anew.
  const alertCount = (await alertIdsOf(tx.db, page.id)).length
  tx.append(pageAcknowledged, {
    stream: page.id,
    customerId: page.customer_id,
    environmentId: page.environment_id,
    refs: [
      ['page', page.id],
      ['account', accountId],
    ],
    body: {
      by: accountId,
      afterMs: tx.now - page.requested_at,
      alertCount,
      ...(bundle ? { bundle } : {}),
    },
  })
  await cancelWaitingIntents(tx, page, 'acknowledged before it was sent', { closed: false })
  if (state.nextStepAt !== null)
    tx.later(pageStep, { key: page.id, dueAt: state.nextStepAt, payload: { pageId: page.id } })
  if (page.is_drill) await endDrillOfPage(tx, page.id, accountId)
  return true
}

export const acknowledgePage = async (ctx: Ctx, { pageId }: { pageId: string }): Promise<void> => {
  const { actor } = ctx
  if (actor.kind !== 'person')
    throw new Fault('not-allowed', 'A page is taken by a person. Sign in, or use the link in the message.')
  await record<unknown>(ctx, async (tx) =>
    (await acknowledgePageIn(tx, pageId, actor.accountId)) ? true : NOTHING_CHANGED,
  )
}

/** Whoever takes an alert takes the page that rings for it, with everything else on it. */
export const acknowledgePagesCarrying = async (
  tx: WriteTx,
  alertIds: readonly string[],
  accountId: string,
): Promise<void> => {
  for (const pageId of await findOpenPagesCarrying(tx.db, alertIds))
    await acknowledgePageIn(tx, pageId, accountId)
}

/** A page rings on only for what nobody has: when the last of its alerts is taken or sleeps, so is the page. */
export const acknowledgePagesInHand = async (tx: WriteTx, alertIds: readonly string[]): Promise<void> => {
  for (const { id, by } of await pagesInHand(tx.db, alertIds)) await acknowledgePageIn(tx, id, by)
}
