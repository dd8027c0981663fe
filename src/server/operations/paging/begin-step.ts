/** Begins the steps that are due: asks who is meant now, writes one intent per person and channel, and plans the next step. */
import {
  apply,
  decide,
  dueStep,
  targetsOf,
  type PageEvent,
  type PageState,
  type StepRef,
} from '../../../domain/operations/paging/page.ts'
import type { PlannedStep } from '../../../domain/operations/paging/notification-rules.ts'
import { unreachableAmong } from '../../../domain/operations/paging/reach.ts'
import { isRefusal } from '../../../domain/refusal.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineTask } from '../../platform/tasks/task.ts'
import { pageIntended, pageIntentEnded, pageStepBegan } from './events.ts'
import { insertIntents, type NewIntent } from './intent-store.ts'
import { resolveAll } from './recipients.ts'
import { pageSend } from './send-intent.ts'
import { lockFreePages, lockPage, putSteps, type BegunStep, type PageRow } from './store.ts'
import { plannerFor, type Planner } from './ways.ts'

type StepBegan = Extract<PageEvent, { kind: 'step-began' }>
type Page = Pick<PageRow, 'id' | 'customer_id' | 'environment_id'>

const SHOWN = 'shown to whoever of them has Fortnight open'
/** Steps of one transaction: its locks are held meanwhile, and somebody may want to take one of the pages. */
const MOST_TOGETHER = 200

const intentsOf = (
  tx: WriteTx,
  page: Page,
  { began, unlessClosed }: { began: StepBegan; unlessClosed: boolean },
  plan: (accountId: string) => readonly PlannedStep[],
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
    ...plan(account).map((step, position) => promised(account, step, position)),
    shown(account),
  ])
}

const appendIntents = (tx: WriteTx, page: Page, step: StepRef, intents: readonly NewIntent[]): void => {
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

/** @returns the promises of the step, which are still to be stored */
const writeStep = (
  tx: WriteTx,
  page: Page,
  { policy, priority }: PageState,
  began: StepBegan,
  planner: Planner,
): NewIntent[] => {
  const { step, recipients, nobodyOnCall, nobodyReached, nextStepAt } = began
  tx.append(pageStepBegan, {
    stream: page.id,
    customerId: page.customer_id,
    environmentId: page.environment_id,
    refs: [['page', page.id]],
    body: { step, recipients: [...recipients], nobodyOnCall, nobodyReached, nextStepAt },
  })
  const unlessClosed = !step.lastResort && policy.steps[step.step]?.unless === 'closed'
  const plan = (accountId: string) => planner(accountId, { kind: 'page', priority })
  const intents = intentsOf(tx, page, { began, unlessClosed }, plan)
  appendIntents(tx, page, step, intents)
  if (nextStepAt !== null)
    tx.later(pageStep, { key: page.id, dueAt: nextStepAt, payload: { pageId: page.id } })
  return intents
}

type Due = { readonly page: Page; readonly state: PageState; readonly step: StepRef }

/** Of each who is meant, whom nothing but a screen would tell, and, when that leaves nobody, the fallback. */
const whomToTell = async (tx: WriteTx, due: readonly Due[]) => {
  const { platform } = tx.ctx
  const meant = await resolveAll(
    tx.db,
    due.map(({ state, step }) => targetsOf(state.policy, step)),
    tx.now,
  )
  const ofMeant = await plannerFor(platform, tx.db, [...new Set(meant.flat())], tx.now)
  const found = due.map(({ state, step, page }, index) => {
    const recipients = meant[index] ?? []
    const plans = new Map(
      recipients.map((id) => [id, ofMeant(id, { kind: 'page', priority: state.priority })]),
    )
    const unreachable = unreachableAmong(recipients, plans)
    const needsFallback = unreachable.length === recipients.length
    return { page, state, step, recipients, unreachable, needsFallback }
  })
  const fallbacks = await resolveAll(
    tx.db,
    found.map(({ state, needsFallback }) => (needsFallback ? state.policy.fallback : [])),
    tx.now,
  )
  const ofFallback = await plannerFor(platform, tx.db, [...new Set(fallbacks.flat())], tx.now)
  const isMeant = new Set(meant.flat())
  const planner: Planner = (id, occasion) => (isMeant.has(id) ? ofMeant : ofFallback)(id, occasion)
  return { planner, whom: found.map((each, index) => ({ ...each, fallback: fallbacks[index] ?? [] })) }
}

type Standing = { readonly page: Page; readonly state: PageState }

/**
 * Of those of which no step is due nothing is done. The pages must be locked or new in this transaction.
 *
 * @returns how many steps began
 */
export const beginDueSteps = async (tx: WriteTx, pages: readonly Standing[]): Promise<number> => {
  const due = pages.flatMap(({ page, state }): Due[] => {
    const step = dueStep(state, tx.now)
    return step === null ? [] : [{ page, state, step }]
  })
  if (due.length === 0) return 0
  const { planner, whom } = await whomToTell(tx, due)
  const intents: NewIntent[] = []
  const begun: BegunStep[] = []
  for (const { page, state, step, recipients, unreachable, fallback } of whom) {
    const command = { kind: 'begin-step', step, recipients, unreachable, fallback } as const
    const decided = decide(state, command, tx.now)
    if (isRefusal(decided)) continue
    for (const event of decided) {
      if (event.kind !== 'step-began') continue
      intents.push(...writeStep(tx, page, state, event, planner))
      const { nobodyOnCall, nobodyReached } = event
      begun.push({ id: page.id, state: apply(state, event), nobodyOnCall, nobodyReached })
    }
  }
  await insertIntents(tx.db, intents)
  await putSteps(tx.db, begun)
  return begun.length
}

type PageId = { readonly pageId: string }

/** The clock may have gone back since the task was claimed: then it comes again, or the step would never begin. */
const beginOrWait = async (tx: WriteTx, rows: readonly PageRow[]): Promise<unknown> => {
  const pages = rows.map((page) => ({ page, state: page.state as PageState }))
  const early = pages.filter(({ state }) => state.nextStepAt !== null && state.nextStepAt > tx.now)
  for (const { page, state } of early)
    tx.later(pageStep, { key: page.id, dueAt: state.nextStepAt ?? tx.now, payload: { pageId: page.id } })
  return (await beginDueSteps(tx, pages)) > 0 || early.length > 0 ? true : NOTHING_CHANGED
}

/** Thousands of pages may ring at once, each with a step that falls due a minute later. */
const beginTogether = async (ctx: Ctx, pages: readonly PageId[]): Promise<readonly PageId[]> => {
  let left: readonly PageId[] = []
  await record<unknown>(ctx, async (tx) => {
    const ids = pages.map(({ pageId }) => pageId)
    const free = await lockFreePages(tx.db, ids)
    const locked = new Set(free.map(({ id }) => id))
    left = pages.filter(({ pageId }) => !locked.has(pageId))
    return beginOrWait(tx, free)
  })
  return left
}

/** Escalates when nobody has acknowledged. Late or double runs do no harm: the page itself knows which step is due. */
export const pageStep = defineTask<PageId>('page.step', {
  lane: 'page',
  maxAttempts: 100,
  run: async (ctx, { pageId }) => {
    await record<unknown>(ctx, async (tx) => {
      const page = await lockPage(tx.db, pageId)
      return page ? beginOrWait(tx, [page]) : NOTHING_CHANGED
    })
  },
  together: { most: MOST_TOGETHER, run: beginTogether },
})
