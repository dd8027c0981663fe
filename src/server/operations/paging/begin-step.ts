/** Begins the step that is due: asks who is meant now, writes one intent per person and channel, and plans the next step. */
import {
  apply,
  decide,
  dueStep,
  targetsOf,
  type PageEvent,
  type PageState,
} from '../../../domain/operations/paging/page.ts'
import type { Channel } from '../../../domain/operations/paging/intent.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { WriteTx } from '../../platform/record.ts'
import { pageIntended, pageIntentEnded, pageStepBegan } from './events.ts'
import { channelsOf, resolveTargets } from './recipients.ts'
import type { IntentRow, PageRow } from './store.ts'
import { pageSend, pageStep } from './tasks.ts'

type StepBegan = Extract<PageEvent, { kind: 'step-began' }>
type Page = Pick<PageRow, 'id' | 'customer_id' | 'environment_id'>

const SHOWN = 'shown to whoever of them has Fortnight open'

const writeIntents = async (tx: WriteTx, page: Page, began: StepBegan): Promise<void> => {
  const channels = await channelsOf(tx.ctx.platform, tx.db, began.recipients)
  const wanted = began.recipients.flatMap((account) =>
    (channels.get(account) ?? []).map((channel) => ({ account, channel })),
  )
  if (wanted.length === 0) return
  const row = ({ account, channel }: { account: string; channel: Channel }): IntentRow => ({
    id: tx.id(),
    page_id: page.id,
    customer_id: page.customer_id,
    environment_id: page.environment_id,
    step: began.step.step,
    round: began.step.round,
    account_id: account,
    channel,
    // The screen needs no sending: the row itself is what every open browser shows.
    status: channel === 'screen' ? 'sent' : 'intended',
    intended_at: tx.now,
    ended_at: channel === 'screen' ? tx.now : null,
    outcome: channel === 'screen' ? SHOWN : null,
  })
  const rows = wanted.map(row)
  await tx.db.insertInto('page_intents').values(rows).execute()
  const where = { stream: page.id, customerId: page.customer_id, environmentId: page.environment_id }
  for (const intent of rows) {
    const refs = [
      ['page', page.id],
      ['account', intent.account_id],
    ] as const
    tx.append(pageIntended, {
      ...where,
      refs,
      body: { intentId: intent.id, account: intent.account_id, channel: intent.channel, step: began.step },
    })
    if (intent.channel === 'screen') {
      tx.append(pageIntentEnded, {
        ...where,
        refs,
        body: { intentId: intent.id, channel: 'screen', outcome: 'sent', detail: SHOWN, attempt: 1 },
      })
    } else tx.later(pageSend, { key: intent.id, payload: { intentId: intent.id } })
  }
}

/** Does nothing when no step is due. The page must be locked or new in this transaction. */
export const beginDueStep = async (tx: WriteTx, page: Page, state: PageState): Promise<PageState> => {
  const step = dueStep(state, tx.now)
  if (step === null) return state
  const recipients = await resolveTargets(tx.db, targetsOf(state.policy, step), tx.now)
  const fallback = recipients.length > 0 ? [] : await resolveTargets(tx.db, state.policy.fallback, tx.now)
  const decided = decide(state, { kind: 'begin-step', step, recipients, fallback }, tx.now)
  if (isRefusal(decided)) return state
  let next = state
  for (const event of decided) {
    next = apply(next, event)
    if (event.kind !== 'step-began') continue
    tx.append(pageStepBegan, {
      stream: page.id,
      customerId: page.customer_id,
      environmentId: page.environment_id,
      refs: [['page', page.id]],
      body: {
        step: event.step,
        recipients: [...event.recipients],
        nobodyOnCall: event.nobodyOnCall,
        nextStepAt: event.nextStepAt,
      },
    })
    await writeIntents(tx, page, event)
    await tx.db
      .updateTable('pages')
      .set((set) => ({
        state: JSON.stringify(next),
        nobody_on_call: event.nobodyOnCall ? true : set.ref('nobody_on_call'),
      }))
      .where('id', '=', page.id)
      .execute()
    if (event.nextStepAt !== null)
      tx.later(pageStep, { key: page.id, dueAt: event.nextStepAt, payload: { pageId: page.id } })
  }
  return next
}
