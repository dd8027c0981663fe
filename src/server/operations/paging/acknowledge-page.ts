/** Somebody takes the page. The first one wins; the same person twice is a double click; anybody else learns who has it. */
import { apply, decide, type PageState } from '../../../domain/operations/paging/page.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { describeInstant } from '../../../domain/time/describe-instant.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, notFound, RefusalFault } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { cancelWaitingIntents } from './end-page.ts'
import { pageAcknowledged } from './events.ts'
import { lockPage, type PageRow } from './store.ts'

const whoHasIt = async (tx: WriteTx, page: PageRow): Promise<string> => {
  const taker = page.acknowledged_by
    ? await tx.db
        .selectFrom('accounts')
        .select('name')
        .where('id', '=', page.acknowledged_by)
        .executeTakeFirst()
    : undefined
  const since = page.acknowledged_at === null ? '' : ` since ${describeInstant(page.acknowledged_at, 'UTC')}`
  return `${taker?.name ?? 'Somebody'} has this page already${since}. Nothing was changed.`
}

/** In a transaction of the caller's: the page's link is spent in the same one. */
export const acknowledgePageIn = async (tx: WriteTx, pageId: string, accountId: string): Promise<boolean> => {
  const page = await lockPage(tx.db, pageId)
  if (!page) throw notFound('This page')
  const before = page.state as PageState
  const decided = decide(before, { kind: 'acknowledge', by: accountId }, tx.now)
  if (isRefusal(decided)) {
    throw new RefusalFault(
      decided.code === 'already-acknowledged' ? { ...decided, detail: await whoHasIt(tx, page) } : decided,
    )
  }
  if (decided.length === 0) return false
  const state = decided.reduce(apply, before)
  await tx.db
    .updateTable('pages')
    .set({
      status: 'acknowledged',
      acknowledged_at: tx.now,
      acknowledged_by: accountId,
      state: JSON.stringify(state),
    })
    .where('id', '=', page.id)
    .execute()
  await tx.db
    .updateTable('alerts')
    .set({ status: 'acknowledged', acknowledged_at: tx.now })
    .where('status', '=', 'open')
    .where('id', 'in', (select) =>
      select.selectFrom('page_alerts').select('alert_id').where('page_id', '=', page.id),
    )
    .execute()
  tx.append(pageAcknowledged, {
    stream: page.id,
    customerId: page.customer_id,
    environmentId: page.environment_id,
    refs: [
      ['page', page.id],
      ['account', accountId],
    ],
    body: { by: accountId, afterMs: tx.now - page.requested_at },
  })
  await cancelWaitingIntents(tx, page, 'acknowledged before it was sent')
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
