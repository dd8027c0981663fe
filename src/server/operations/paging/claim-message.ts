/** Decides what goes out now: one promise by itself, several in one message, or nothing until the destination may be told again. */
import { claim, SEND_LEASE_MS, type IntentState } from '../../../domain/operations/paging/intent.ts'
import { LONGEST_MEMORY_MS, throttle, type Throttled } from '../../../domain/operations/paging/throttle.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import type { TaskKind } from '../../platform/tasks/task.ts'
import { prepareBundle } from './bundles/bundle-message.ts'
import {
  findCarried,
  findTold,
  findWaitingFor,
  insertBundle,
  noteMessage,
  takeTurnAt,
  type Carried,
} from './bundles/bundle-store.ts'
import { endIntent } from './end-intent.ts'
import {
  findIntent,
  lockSend,
  peekSend,
  putSend,
  type IntentAndSend,
  type IntentRow,
} from './intent-store.ts'
import { prepareMessage, type PageMessage } from './message.ts'
import { findPageRow, lockPage, type PageRow } from './store.ts'

export type ClaimedIntent = { readonly intent: IntentRow; readonly attempt: number }
/** What goes out: the first of the promises says where to. */
export type Claimed = {
  readonly lead: IntentRow
  readonly carried: readonly ClaimedIntent[]
  readonly message: PageMessage
}
/** The task that tries a promise again. */
type Again = TaskKind<{ intentId: string }>

const stateOf = ({ intent, send }: IntentAndSend): IntentState => ({
  status: intent.status === 'intended' && send.lease_until_at !== null ? 'claimed' : intent.status,
  attempt: send.attempt,
  dueAt: send.due_at,
  leaseUntilAt: send.lease_until_at,
})

/** What is sent unless the page is closed does not mind that somebody has it. */
const standingOf = (intent: IntentRow, { status }: Pick<PageRow, 'status'>): PageRow['status'] =>
  intent.unless_closed && status === 'acknowledged' ? 'open' : status

type Going =
  | {
      readonly kind: 'now'
      readonly carried: readonly Carried[]
      readonly bundleId: string | null
      readonly isNew: boolean
    }
  | { readonly kind: 'later'; readonly until: number }

const mayGo = async (tx: WriteTx, { intent, send }: IntentAndSend, page: PageRow): Promise<Throttled> => {
  // A message whose outcome is unknown counts already; its repeat, labelled as such, is the same message.
  if (intent.channel === 'screen' || send.lease_until_at !== null || standingOf(intent, page) !== 'open')
    return { kind: 'send-alone' }
  const told = await findTold(tx.db, intent, tx.now - LONGEST_MEMORY_MS)
  const waiting = { priority: page.priority, environmentId: page.environment_id }
  return throttle(intent.channel, told, waiting, tx.now)
}

/** A bundle stays one until it has an outcome: whatever happens to it, its repeat carries the same promises. */
const whatGoes = async (tx: WriteTx, looked: IntentAndSend, page: PageRow): Promise<Going> => {
  const { intent, send } = looked
  const own = { intentId: intent.id, pageId: page.id }
  if (tx.ctx.platform.config.PAGE_BUNDLING === 'off')
    return { kind: 'now', carried: [own], bundleId: null, isNew: true }
  const verdict = await mayGo(tx, looked, page)
  if (verdict.kind === 'wait') return { kind: 'later', until: verdict.until }
  if (send.bundle_id !== null)
    return {
      kind: 'now',
      carried: await findCarried(tx.db, send.bundle_id),
      bundleId: send.bundle_id,
      isNew: false,
    }
  if (verdict.kind === 'send-alone') return { kind: 'now', carried: [own], bundleId: null, isNew: true }
  const others = (await findWaitingFor(tx.db, intent, tx.now)).filter((each) => each.intentId !== intent.id)
  return { kind: 'now', carried: [own, ...others], bundleId: others.length > 0 ? tx.id() : null, isNew: true }
}

/** Pages before intents, each in the order of their ids, as acknowledgePage takes them: after its commit nothing is claimed. */
const lockAll = async (tx: WriteTx, carried: readonly Carried[]) => {
  const pages = new Map<string, PageRow>()
  for (const pageId of [...new Set(carried.map((each) => each.pageId))].sort()) {
    const page = await lockPage(tx.db, pageId)
    if (page) pages.set(pageId, page)
  }
  const locked: (IntentAndSend & { readonly page: PageRow })[] = []
  for (const { intentId, pageId } of [...carried].sort((a, b) => (a.intentId < b.intentId ? -1 : 1))) {
    const page = pages.get(pageId)
    const found = page && (await lockSend(tx.db, intentId))
    if (found) locked.push({ ...found, page })
  }
  return locked
}

const putOff = async (tx: WriteTx, again: Again, carried: Carried, until: number): Promise<void> => {
  for (const each of await lockAll(tx, [carried])) {
    if (claim(stateOf(each), standingOf(each.intent, each.page), tx.now).kind !== 'send') continue
    tx.observed()
    await putSend(tx.db, { ...each.send, due_at: until })
    tx.later(again, { key: carried.intentId, dueAt: until, payload: { intentId: carried.intentId } })
  }
}

const claimAll = async (tx: WriteTx, going: Extract<Going, { kind: 'now' }>) => {
  const claimed: (ClaimedIntent & { readonly page: PageRow })[] = []
  let maybeRepeated = false
  for (const { intent, send, page } of await lockAll(tx, going.carried)) {
    const answer = claim(stateOf({ intent, send }), standingOf(intent, page), tx.now)
    if (answer.kind === 'cancel')
      await endIntent(tx, intent, { outcome: 'cancelled', detail: answer.reason, attempt: send.attempt })
    if (answer.kind !== 'send') continue
    tx.observed()
    const leased = { attempt: answer.attempt, lease_until_at: answer.leaseUntilAt }
    await putSend(tx.db, { ...send, ...leased, bundle_id: going.bundleId })
    maybeRepeated ||= answer.maybeRepeated
    claimed.push({ intent, attempt: answer.attempt, page })
  }
  return { claimed: claimed.sort((a, b) => a.page.priority - b.page.priority), maybeRepeated }
}

/** Should this process vanish, each of the promises finds its way back by itself: the page of any may be taken meanwhile. */
const planReturns = (tx: WriteTx, again: Again, own: string, claimed: readonly ClaimedIntent[]): void => {
  for (const { intent } of claimed)
    if (intent.id !== own)
      tx.later(again, {
        key: intent.id,
        dueAt: tx.now + SEND_LEASE_MS,
        payload: { intentId: intent.id },
      })
}

const goOut = async (
  tx: WriteTx,
  again: Again,
  own: string,
  going: Extract<Going, { kind: 'now' }>,
): Promise<Claimed | undefined> => {
  const { claimed, maybeRepeated } = await claimAll(tx, going)
  const [first] = claimed
  if (!first) return undefined
  const { intent: lead, page } = first
  planReturns(tx, again, own, claimed)
  const { bundleId } = going
  // A drill never makes the real thing wait: what only drills told counts for nothing.
  const isReal = claimed.some((each) => !each.page.is_drill)
  if (isReal)
    await noteMessage(tx.db, lead, {
      id: bundleId ?? lead.id,
      at: tx.now,
      environments: [...new Set(claimed.map((each) => each.page.environment_id))],
      forgetBefore: tx.now - LONGEST_MEMORY_MS,
    })
  if (bundleId === null)
    return { lead, carried: claimed, message: await prepareMessage(tx, page, lead, maybeRepeated) }
  const pageIds = claimed.map((each) => each.page.id)
  if (going.isNew) await insertBundle(tx.db, bundleId, pageIds, tx.now)
  return {
    lead,
    carried: claimed,
    message: await prepareBundle(tx, { bundleId, pageIds }, lead, maybeRepeated),
  }
}

/**
 * @param again the task that tries a promise later
 * @returns undefined when there is nothing to send now
 */
export const claimMessage = async (
  ctx: Ctx,
  intentId: string,
  again: Again,
): Promise<Claimed | undefined> => {
  const to = await findIntent(ctx.platform.database.db, intentId)
  if (!to || to.status !== 'intended') return undefined
  const claimed = await record<Claimed | typeof NOTHING_CHANGED>(ctx, async (tx) => {
    await takeTurnAt(tx.db, to)
    const looked = await peekSend(tx.db, intentId)
    const page = await findPageRow(tx.db, to.page_id)
    if (!looked || !page) return NOTHING_CHANGED
    if (claim(stateOf(looked), standingOf(looked.intent, page), tx.now).kind === 'leave')
      return NOTHING_CHANGED
    const going = await whatGoes(tx, looked, page)
    if (going.kind === 'later') {
      await putOff(tx, again, { intentId, pageId: page.id }, going.until)
      return NOTHING_CHANGED
    }
    return (await goOut(tx, again, intentId, going)) ?? NOTHING_CHANGED
  })
  return claimed === NOTHING_CHANGED ? undefined : claimed
}
