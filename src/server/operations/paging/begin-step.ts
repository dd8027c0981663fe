/** Begins the step that is due: asks who is meant now, writes one intent per person and channel, and plans the next step. */
import {
  apply,
  decide,
  dueStep,
  targetsOf,
  type PageEvent,
  type PageState,
  type StepRef,
} from '../../../domain/operations/paging/page.ts'
import type { Occasion, PlannedStep } from '../../../domain/operations/paging/notification-rules.ts'
import { unreachableAmong } from '../../../domain/operations/paging/reach.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineTask } from '../../platform/tasks/task.ts'
import { pageIntended, pageIntentEnded, pageStepBegan } from './events.ts'
import { insertIntents, type NewIntent } from './intent-store.ts'
import { resolveTargets } from './recipients.ts'
import { pageSend } from './send-intent.ts'
import { lockPage, putStep, type PageRow } from './store.ts'
import { plansFor } from './ways.ts'

type StepBegan = Extract<PageEvent, { kind: 'step-began' }>
type Page = Pick<PageRow, 'id' | 'customer_id' | 'environment_id'>

const SHOWN = 'shown to whoever of them has Fortnight open'

type Plans = ReadonlyMap<string, readonly PlannedStep[]>

const intentsOf = (
  tx: WriteTx,
  page: Page,
  { began, unlessClosed }: { began: StepBegan; unlessClosed: boolean },
  plans: Plans,
): NewIntent[] => {
  const common = {
    page_id: page.id,
    customer_id: page.customer_id,
    environment_id: page.environment_id,
    step: began.step.step,
    round: began.step.round,
    intended_at: tx.now,
    unless_closed: unlessClosed,
  }
  const promised = (
    account: string,
    { channel, method, afterMs }: PlannedStep,
    position: number,
  ): NewIntent => ({
    ...common,
    id: tx.id(),
    account_id: account,
    channel,
    status: 'intended',
    ended_at: null,
    outcome: null,
    due_at: afterMs === 0 ? null : tx.now + afterMs,
    position,
    method_id: method === channel ? null : method,
  })
  // The screen needs no sending: the row itself is what every open browser shows.
  const shown = (account: string): NewIntent => ({
    ...common,
    id: tx.id(),
    account_id: account,
    channel: 'screen',
    status: 'sent',
    ended_at: tx.now,
    outcome: SHOWN,
    due_at: null,
    position: 0,
    method_id: null,
  })
  return began.recipients.flatMap((account) => [
    ...(plans.get(account) ?? []).map((step, position) => promised(account, step, position)),
    shown(account),
  ])
}

const promise = async (
  tx: WriteTx,
  page: Page,
  step: StepRef,
  intents: readonly NewIntent[],
): Promise<void> => {
  if (intents.length === 0) return
  await insertIntents(tx.db, intents)
  for (const { id: intentId, account_id: account, channel, method_id: method, due_at } of intents) {
    const dueAt = due_at ?? tx.now
    const where = {
      stream: page.id,
      customerId: page.customer_id,
      environmentId: page.environment_id,
      refs: [
        ['page', page.id],
        ['account', account],
      ],
    } as const
    tx.append(pageIntended, { ...where, body: { intentId, account, channel, step, method, dueAt } })
    if (channel === 'screen')
      tx.append(pageIntentEnded, {
        ...where,
        body: { intentId, channel, outcome: 'sent', detail: SHOWN, attempt: 1 },
      })
    else tx.later(pageSend, { key: intentId, dueAt, payload: { intentId } })
  }
}

const plansNow = (tx: WriteTx, priority: Occasion['priority'], accounts: readonly string[]): Promise<Plans> =>
  plansFor(tx.ctx.platform, tx.db, accounts, { occasion: { kind: 'page', priority }, at: tx.now })

/** Who is meant, whom nothing but a screen would tell, and, when that leaves nobody, the fallback. */
const whomToTell = async (tx: WriteTx, { policy, priority }: PageState, step: StepRef) => {
  const recipients = await resolveTargets(tx.db, targetsOf(policy, step), tx.now)
  const unreachable = unreachableAmong(recipients, await plansNow(tx, priority, recipients))
  const needsFallback = unreachable.length === recipients.length
  const fallback = needsFallback ? await resolveTargets(tx.db, policy.fallback, tx.now) : []
  return { recipients, unreachable, fallback }
}

const writeStep = async (
  tx: WriteTx,
  page: Page,
  { policy, priority }: PageState,
  began: StepBegan,
): Promise<void> => {
  const { step, recipients, nobodyOnCall, nobodyReached, nextStepAt } = began
  tx.append(pageStepBegan, {
    stream: page.id,
    customerId: page.customer_id,
    environmentId: page.environment_id,
    refs: [['page', page.id]],
    body: { step, recipients: [...recipients], nobodyOnCall, nobodyReached, nextStepAt },
  })
  const unlessClosed = !step.lastResort && policy.steps[step.step]?.unless === 'closed'
  const plans = await plansNow(tx, priority, recipients)
  await promise(tx, page, step, intentsOf(tx, page, { began, unlessClosed }, plans))
  if (nextStepAt !== null)
    tx.later(pageStep, { key: page.id, dueAt: nextStepAt, payload: { pageId: page.id } })
}

/** Does nothing when no step is due. The page must be locked or new in this transaction. */
export const beginDueStep = async (tx: WriteTx, page: Page, state: PageState): Promise<PageState> => {
  const step = dueStep(state, tx.now)
  if (step === null) return state
  const whom = await whomToTell(tx, state, step)
  const decided = decide(state, { kind: 'begin-step', step, ...whom }, tx.now)
  if (isRefusal(decided)) return state
  let next = state
  for (const event of decided) {
    next = apply(next, event)
    if (event.kind !== 'step-began') continue
    await writeStep(tx, page, state, event)
    await putStep(tx.db, page.id, next, event)
  }
  return next
}

/** Escalates when nobody has acknowledged. Late or double runs do no harm: the page itself knows which step is due. */
export const pageStep = defineTask<{ pageId: string }>('page.step', {
  lane: 'page',
  maxAttempts: 100,
  run: async (ctx, { pageId }) => {
    await record<unknown>(ctx, async (tx) => {
      const page = await lockPage(tx.db, pageId)
      if (!page) return NOTHING_CHANGED
      const before = page.state as PageState
      return (await beginDueStep(tx, page, before)) === before ? NOTHING_CHANGED : true
    })
  },
})
