/** Ends promises and steps that came out of a backup and should not happen any more, each with its outcome. */
import type { PageState } from '../../../domain/operations/paging/page.ts'
import type { WriteTx } from '../../platform/record.ts'
import { endIntents } from './end-intent.ts'
import { pageEscalationCalledOff } from './events.ts'
import { findPageOfIntent, lockSend } from './intent-store.ts'
import { lockPage } from './store.ts'
import { pageSend, pageStep } from './tasks.ts'
import { putState } from './waiting-store.ts'

export type ExpiredTask = { readonly kind: string; readonly payload: unknown }

/** A send that was under way when the backup was taken may have arrived: the outcome says so. */
const outcomeAfter = (attempts: number): string =>
  attempts === 0
    ? 'expired after restore'
    : `expired after restore; an attempt made before the backup may have arrived`

const expireIntent = async (tx: WriteTx, intentId: string): Promise<void> => {
  // The page before the intent, in the order in which everybody locks them.
  const pageId = await findPageOfIntent(tx.db, intentId)
  if (pageId === undefined) return
  await lockPage(tx.db, pageId)
  const locked = await lockSend(tx.db, intentId)
  if (!locked || locked.intent.status !== 'intended') return
  const { intent, send } = locked
  const detail = outcomeAfter(send.attempt)
  await endIntents(tx, [{ intent, outcome: 'cancelled', detail, attempt: send.attempt }])
}

/** The page stays as it is, open or not; it rings no further. */
const callOff = async (tx: WriteTx, pageId: string): Promise<void> => {
  const page = await lockPage(tx.db, pageId)
  if (!page) return
  const state = page.state as PageState
  if (state.nextStepAt === null) return
  await putState(tx.db, pageId, { ...state, nextStepAt: null } satisfies PageState)
  tx.append(pageEscalationCalledOff, {
    stream: page.id,
    customerId: page.customer_id,
    environmentId: page.environment_id,
    refs: [['page', page.id]],
    body: { reason: 'expired after restore', stepAt: state.nextStepAt },
  })
}

/** The tasks themselves are gone already; kinds of other areas are passed over. */
export const expireWaiting = async (tx: WriteTx, tasks: readonly ExpiredTask[]): Promise<void> => {
  for (const { kind, payload } of tasks) {
    if (kind === pageSend.kind) await expireIntent(tx, (payload as { intentId: string }).intentId)
    if (kind === pageStep.kind) await callOff(tx, (payload as { pageId: string }).pageId)
  }
}
