/** Decides what goes out now: one promise by itself, several in one message, or nothing until the destination may be told again. */
import { claim, SEND_LEASE_MS, type IntentState } from '../../../domain/operations/paging/intent.ts'
import { LONGEST_MEMORY_MS, throttle, type Throttled } from '../../../domain/operations/paging/throttle.ts'
import type { Ctx } from '../../platform/context.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import type { TaskKind } from '../../platform/tasks/task.ts'
import { prepareBundles } from './bundles/bundle-message.ts'
import {
  findCarried,
  findDestinations,
  findTold,
  findWaitingFor,
  insertBundles,
  nameOf,
  noteMessages,
  takeTurnsAt,
  type Carried,
} from './bundles/bundle-store.ts'
import { endIntents, type Ending } from './end-intent.ts'
import {
  lockSends,
  peekSends,
  putSends,
  type IntentAndSend,
  type IntentRow,
  type SendRow,
} from './intent-store.ts'
import { prepareMessage, type PageMessage } from './message.ts'
import { findStandings, lockPages, type PageRow, type PageStanding } from './store.ts'

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

type Looked = IntentAndSend & { readonly page: PageStanding }
type GoingNow = {
  readonly kind: 'now'
  readonly own: string
  readonly carried: readonly Carried[]
  readonly bundleId: string | null
  readonly isNew: boolean
}
type GoingLater = {
  readonly kind: 'later'
  readonly own: string
  readonly pageId: string
  readonly until: number
}
type Going = GoingNow | GoingLater

/** A message whose outcome is unknown counts already; its repeat, labelled as such, is the same message. */
const goesAnyway = ({ intent, send, page }: Looked): boolean =>
  intent.channel === 'screen' || send.lease_until_at !== null || standingOf(intent, page) !== 'open'

const again = (tx: WriteTx, kind: Again, intentId: string, dueAt: number): void =>
  tx.later(kind, { key: intentId, dueAt, payload: { intentId } })

const verdictsOf = async (tx: WriteTx, looked: readonly Looked[]): Promise<Map<string, Throttled>> => {
  const asking = looked.filter((each) => !goesAnyway(each)).map(({ intent }) => intent)
  const rows = asking.length === 0 ? [] : await findTold(tx.db, asking, tx.now - LONGEST_MEMORY_MS)
  const told = Map.groupBy(rows, ({ id }) => id)
  return new Map(
    looked.map((each): [string, Throttled] => {
      const { intent, page } = each
      if (intent.channel === 'screen' || goesAnyway(each)) return [intent.id, { kind: 'send-alone' }]
      const waiting = { priority: page.priority, environmentId: page.environment_id }
      return [intent.id, throttle(intent.channel, told.get(intent.id) ?? [], waiting, tx.now)]
    }),
  )
}

/**
 * Those that wait, and of those that may go now the first to each destination: it carries the others, or what it is
 * decides whether they may go. Those come again at once, unless it carries them, which is said later and counts.
 */
const onePerDestination = (
  tx: WriteTx,
  kind: Again,
  looked: readonly Looked[],
  verdicts: ReadonlyMap<string, Throttled>,
): Looked[] => {
  const taken = new Set<string>()
  return looked.filter(({ intent }) => {
    const name = nameOf(intent)
    if (verdicts.get(intent.id)?.kind === 'wait') return true
    if (taken.has(name)) again(tx, kind, intent.id, tx.now)
    return taken.size < taken.add(name).size
  })
}

/** A bundle stays one until it has an outcome: whatever happens to it, its repeat carries the same promises. */
const whatGoes = async (tx: WriteTx, kind: Again, looked: readonly Looked[]): Promise<Going[]> => {
  const alone = ({ intent }: Looked): GoingNow => ({
    kind: 'now',
    own: intent.id,
    carried: [{ intentId: intent.id, pageId: intent.page_id }],
    bundleId: null,
    isNew: true,
  })
  if (tx.ctx.platform.config.PAGE_BUNDLING === 'off') return looked.map(alone)
  const verdicts = await verdictsOf(tx, looked)
  const chosen = onePerDestination(tx, kind, looked, verdicts)
  const bundleIds = chosen.flatMap(({ send }) => send.bundle_id ?? [])
  const carried = Map.groupBy(
    bundleIds.length === 0 ? [] : await findCarried(tx.db, bundleIds),
    (each) => each.bundleId,
  )
  const gathering = chosen.filter(
    ({ intent, send }) => send.bundle_id === null && verdicts.get(intent.id)?.kind === 'send',
  )
  const waiting = Map.groupBy(
    gathering.length === 0
      ? []
      : await findWaitingFor(
          tx.db,
          gathering.map(({ intent }) => intent),
          tx.now,
        ),
    ({ id }) => id,
  )
  return chosen.map((each): Going => {
    const { intent, send } = each
    const verdict = verdicts.get(intent.id)
    if (verdict?.kind === 'wait')
      return { kind: 'later', own: intent.id, pageId: intent.page_id, until: verdict.until }
    const { bundle_id: bundleId } = send
    if (bundleId !== null)
      return { ...alone(each), carried: carried.get(bundleId) ?? [], bundleId, isNew: false }
    const others = (waiting.get(intent.id) ?? []).filter(({ intentId }) => intentId !== intent.id)
    const all = [...alone(each).carried, ...others]
    return { ...alone(each), carried: all, bundleId: others.length > 0 ? tx.id() : null }
  })
}

type Locked = ReadonlyMap<string, IntentAndSend & { readonly page: PageRow }>

/** Pages before intents, each in the order of their ids, as acknowledgePage takes them: after its commit nothing is claimed. */
const lockAll = async (tx: WriteTx, carried: readonly Carried[]): Promise<Locked> => {
  const pages = new Map(
    (await lockPages(tx.db, [...new Set(carried.map(({ pageId }) => pageId))])).map((page) => [
      page.id,
      page,
    ]),
  )
  const found = await lockSends(
    tx.db,
    carried.map(({ intentId }) => intentId),
  )
  return new Map(
    found.flatMap((each) => {
      const page = pages.get(each.intent.page_id)
      return page ? [[each.intent.id, { ...each, page }]] : []
    }),
  )
}

/** What the transaction will write, gathered over all its messages. */
type Writes = { readonly sends: SendRow[]; readonly endings: Ending[] }

type Message = GoingNow & {
  readonly claimed: readonly (ClaimedIntent & { readonly page: PageRow })[]
  readonly maybeRepeated: boolean
}

/** Should this process vanish, each of the promises finds its way back by itself: the page of any may be taken meanwhile. */
const claimAll = (tx: WriteTx, kind: Again, going: GoingNow, locked: Locked, writes: Writes): Message => {
  const claimed: (ClaimedIntent & { readonly page: PageRow })[] = []
  let maybeRepeated = false
  for (const { intentId } of going.carried) {
    const found = locked.get(intentId)
    if (!found) continue
    const { intent, send, page } = found
    const answer = claim(stateOf(found), standingOf(intent, page), tx.now)
    if (answer.kind === 'cancel')
      writes.endings.push({ intent, outcome: 'cancelled', detail: answer.reason, attempt: send.attempt })
    if (answer.kind !== 'send') continue
    const leased = {
      attempt: answer.attempt,
      lease_until_at: answer.leaseUntilAt,
      leased_by: tx.ctx.platform.processId,
    }
    writes.sends.push({ ...send, ...leased, bundle_id: going.bundleId })
    if (intentId !== going.own) again(tx, kind, intentId, tx.now + SEND_LEASE_MS)
    maybeRepeated ||= answer.maybeRepeated
    claimed.push({ intent, attempt: answer.attempt, page })
  }
  return { ...going, claimed: claimed.sort((a, b) => a.page.priority - b.page.priority), maybeRepeated }
}

const putOff = (
  tx: WriteTx,
  kind: Again,
  { own, until }: GoingLater,
  locked: Locked,
  writes: Writes,
): void => {
  const found = locked.get(own)
  if (!found || claim(stateOf(found), standingOf(found.intent, found.page), tx.now).kind !== 'send') return
  writes.sends.push({ ...found.send, due_at: until })
  again(tx, kind, own, until)
}

/** Messages and what they list must be written before they are worded. */
const noteAll = async (tx: WriteTx, messages: readonly Message[]): Promise<void> => {
  if (messages.length === 0) return
  const notes = messages.flatMap(({ claimed, bundleId }) => {
    const [first] = claimed
    // A drill never makes the real thing wait: what only drills told counts for nothing.
    if (!first || claimed.every(({ page }) => page.is_drill)) return []
    const environments = [...new Set(claimed.map(({ page }) => page.environment_id))]
    return [{ id: bundleId ?? first.intent.id, to: first.intent, environments }]
  })
  if (notes.length > 0)
    await noteMessages(tx.db, notes, { at: tx.now, forgetBefore: tx.now - LONGEST_MEMORY_MS })
  const listed = messages.flatMap(({ claimed, bundleId, isNew }) =>
    bundleId === null || !isNew ? [] : claimed.map(({ page }) => ({ bundleId, pageId: page.id })),
  )
  if (listed.length > 0) await insertBundles(tx.db, listed, tx.now)
}

const wordAll = async (tx: WriteTx, messages: readonly Message[]): Promise<Map<string, Claimed>> => {
  const bundles = await prepareBundles(
    tx,
    messages.flatMap(({ bundleId, claimed, maybeRepeated }) => {
      const [first] = claimed
      const pageIds = claimed.map(({ page }) => page.id)
      return first && bundleId !== null ? [{ bundleId, pageIds, lead: first.intent, maybeRepeated }] : []
    }),
  )
  const claimed = new Map<string, Claimed>()
  for (const { own, bundleId, maybeRepeated, claimed: carried } of messages) {
    const [first] = carried
    if (!first) continue
    const message =
      bundles.get(bundleId ?? '') ?? (await prepareMessage(tx, first.page, first.intent, maybeRepeated))
    claimed.set(own, { lead: first.intent, carried, message })
  }
  return claimed
}

const goOut = async (tx: WriteTx, kind: Again, going: readonly Going[]): Promise<Map<string, Claimed>> => {
  const later = going.filter((each) => each.kind === 'later')
  const now = going.filter((each) => each.kind === 'now')
  const locked = await lockAll(tx, [
    ...now.flatMap(({ carried }) => carried),
    ...later.map(({ own, pageId }) => ({ intentId: own, pageId })),
  ])
  const writes: Writes = { sends: [], endings: [] }
  for (const each of later) putOff(tx, kind, each, locked, writes)
  const messages = now.map((each) => claimAll(tx, kind, each, locked, writes))
  await endIntents(tx, writes.endings)
  if (writes.sends.length > 0) {
    tx.observed()
    await putSends(tx.db, writes.sends)
  }
  const outgoing = messages.filter(({ claimed }) => claimed.length > 0)
  await noteAll(tx, outgoing)
  return wordAll(tx, outgoing)
}

/**
 * Those that may go. The clock may have gone back since the task was claimed, or somebody be at work on it: then it comes
 * again.
 */
const readyAmong = async (
  tx: WriteTx,
  kind: Again,
  intentIds: readonly string[],
): Promise<readonly Looked[]> => {
  const looked = (await peekSends(tx.db, intentIds)).filter(({ intent }) => intent.status === 'intended')
  const pages = await findStandings(
    tx.db,
    looked.map(({ intent }) => intent.page_id),
  )
  const ready: Looked[] = []
  for (const each of looked) {
    const { intent, send } = each
    const page = pages.get(intent.page_id)
    if (!page) continue
    if (claim(stateOf(each), standingOf(intent, page), tx.now).kind === 'leave')
      again(tx, kind, intent.id, Math.max(send.due_at, send.lease_until_at ?? 0))
    else ready.push({ ...each, page })
  }
  return ready
}

/**
 * @param kind   the task that tries a promise later
 * @param isAlone false: rather than wait long for a lock it fails
 * @returns for each undefined when there is nothing to send now
 */
export const claimMessages = async (
  ctx: Ctx,
  intentIds: readonly string[],
  { kind, isAlone }: { readonly kind: Again; readonly isAlone: boolean },
): Promise<readonly (Claimed | undefined)[]> => {
  let claimed = new Map<string, Claimed>()
  await record<unknown>(ctx, async (tx) => {
    claimed = new Map()
    const to = await findDestinations(tx.db, intentIds)
    if (to.length === 0) return NOTHING_CHANGED
    await takeTurnsAt(tx.db, to, { isAlone })
    const ready = await readyAmong(tx, kind, intentIds)
    if (ready.length > 0) claimed = await goOut(tx, kind, await whatGoes(tx, kind, ready))
    return NOTHING_CHANGED
  })
  return intentIds.map((id) => claimed.get(id))
}
