/** Keeps one promise: claim it, try the channel, write down what came of it. Killed in between, another process goes on after the lease. */
import {
  outcomeOf,
  SEND_LEASE_MS,
  type Channel,
  type Outcome,
  type SendResult,
} from '../../../domain/operations/paging/intent.ts'
import { targetOfProven } from '../../people/contact-methods/target.ts'
import type { Ctx } from '../../platform/context.ts'
import { whenProcessGone } from '../../platform/gone-processes.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { gather } from '../../platform/gather.ts'
import { defineTask, type TaskKind } from '../../platform/tasks/task.ts'
import { beImpatient, forgetMessages } from './bundles/bundle-store.ts'
import { sendByEmail } from './channels/email.ts'
import { sendByMattermost } from './channels/mattermost.ts'
import { sendByNtfy } from './channels/ntfy.ts'
import { sendByCall, sendByText } from './channels/phone.ts'
import { sendByPush } from './channels/push.ts'
import { sendBySlack } from './channels/slack.ts'
import { sendByWebhook } from './channels/webhook.ts'
import { claimMessages, type Claimed, type ClaimedIntent } from './claim-message.ts'
import { endIntents, type Ending } from './end-intent.ts'
import {
  endLeasesOf,
  lockSends,
  putSends,
  type IntentAndSend,
  type IntentRow,
  type SendRow,
} from './intent-store.ts'
import type { PageMessage } from './message.ts'
import { lockPages } from './store.ts'

/** What leads to an address that the person gave. */
type OwnChannel = Exclude<Channel, 'email' | 'web-push' | 'screen'>

/** By a way the person added themselves, where it leads now. */
const tryMethod = async ({ platform }: Ctx, intent: IntentRow, message: PageMessage): Promise<SendResult> => {
  const target = await targetOfProven(platform, platform.database.db, intent.method_id ?? '')
  if (!target) return { kind: 'refused', detail: 'this way was taken back before it was used' }
  switch (intent.channel as OwnChannel) {
    case 'sms':
      return sendByText(platform, target.address, message)
    case 'voice':
      return sendByCall(platform, target.address, message)
    case 'slack':
      return sendBySlack(platform, target.address, message)
    case 'mattermost':
      return sendByMattermost(platform, target.address, message)
    case 'ntfy':
      return sendByNtfy(platform, target.address, message)
    case 'webhook': {
      const key = Buffer.from(target.key ?? '', 'base64')
      return sendByWebhook(platform, { url: target.address, key }, intent, message)
    }
  }
}

const tryChannel = async (ctx: Ctx, { lead: intent, message }: Claimed): Promise<SendResult> => {
  switch (intent.channel) {
    case 'email':
      return sendByEmail(ctx.platform, intent, message)
    case 'web-push':
      return sendByPush(ctx, intent, message)
    case 'screen':
      return { kind: 'accepted', detail: 'on screen' }
    default:
      return tryMethod(ctx, intent, message)
  }
}

type Ended = { readonly claimed: Claimed; readonly result: SendResult }
/** What the transaction will write. An intent may be told of twice: by an attempt that was overtaken, too. */
type Writes = {
  readonly locked: Map<string, IntentAndSend>
  readonly sends: Map<string, SendRow>
  readonly endings: Ending[]
}

const writeOutcomeOf = (
  tx: WriteTx,
  { intent: { id }, attempt }: ClaimedIntent,
  outcome: Outcome,
  { bundle }: PageMessage,
  { locked, sends, endings }: Writes,
): void => {
  const found = locked.get(id)
  if (!found) return
  const { intent, send } = found
  const detail = bundle
    ? `${outcome.detail} (one message for ${bundle.pages} pages, ${bundle.id})`
    : outcome.detail
  const end = (kind: 'sent' | 'failed'): void => {
    endings.push({ intent, outcome: kind, detail, attempt, bundleId: bundle?.id ?? null })
    locked.delete(id)
  }
  if (send.attempt !== attempt) {
    // Our lease ran out and somebody tries again. That a message went out stays true, whoever says it first; of
    // everything else the later attempt tells.
    if (outcome.kind === 'sent') end('sent')
    return
  }
  const free = { ...send, lease_until_at: null, leased_by: null, last_answer: detail }
  if (outcome.kind !== 'retry') {
    sends.set(id, free)
    if (bundle) tx.cancelTask(pageSend, id)
    return end(outcome.kind)
  }
  sends.set(id, { ...free, due_at: outcome.dueAt })
  tx.later(pageSend, { key: id, dueAt: outcome.dueAt, payload: { intentId: id } })
}

/** Every promise that a message carried gets an outcome of its own, and all of them the same. */
const writeOutcomes = async (ctx: Ctx, ended: readonly Ended[], isAlone: boolean): Promise<void[]> => {
  await record<unknown>(ctx, async (tx) => {
    if (!isAlone) await beImpatient(tx.db)
    const intents = ended.flatMap(({ claimed }) => claimed.carried.map(({ intent }) => intent))
    await lockPages(tx.db, [...new Set(intents.map((intent) => intent.page_id))])
    const found = await lockSends(
      tx.db,
      intents.map(({ id }) => id),
    )
    const open = found.filter(({ intent }) => intent.status === 'intended')
    const writes: Writes = {
      locked: new Map(open.map((each) => [each.intent.id, each])),
      sends: new Map(),
      endings: [],
    }
    const forgotten: string[] = []
    for (const { claimed, result } of ended) {
      const { carried, message } = claimed
      const outcome = outcomeOf(result, Math.min(...carried.map(({ attempt }) => attempt)), tx.now)
      for (const intent of carried) writeOutcomeOf(tx, intent, outcome, message, writes)
      // What did not arrive counts for nothing: the next message may go at once.
      if (outcome.kind !== 'sent' && !message.maybeRepeated) forgotten.push(message.sentAs)
    }
    tx.observed()
    if (writes.sends.size > 0) await putSends(tx.db, [...writes.sends.values()])
    await endIntents(tx, writes.endings)
    if (forgotten.length > 0) await forgetMessages(tx.db, forgotten)
  })
  return ended.map(() => undefined)
}

/** Messages of one transaction: its locks are held meanwhile, and somebody may want to take one of the pages. */
const MOST_MESSAGES = 32

const claimMessage = gather({
  most: MOST_MESSAGES,
  keyOf: (intentId: string) => intentId,
  work: (ctx: Ctx, intentIds, isAlone) => claimMessages(ctx, intentIds, { kind: pageSend, isAlone }),
})

const writeOutcome = gather({
  most: MOST_MESSAGES,
  keyOf: ({ claimed }: Ended) => claimed.message.sentAs,
  work: writeOutcomes,
})

export const sendIntent = async (ctx: Ctx, { intentId }: { intentId: string }): Promise<void> => {
  const claimed = await claimMessage(ctx, intentId)
  if (!claimed) return
  // A fault of ours on the way out is an answer like any other: without one the promise would wait for its lease.
  const result = await tryChannel(ctx, claimed).catch((error: Error): SendResult => ({
    kind: 'later',
    detail: `could not be tried: ${error.message}`.slice(0, 200),
  }))
  await writeOutcome(ctx, { claimed, result })
}

export const pageSend: TaskKind<{ intentId: string }> = defineTask('page.send', {
  lane: 'page',
  leaseMs: SEND_LEASE_MS + 5_000,
  maxAttempts: 100,
  run: sendIntent,
  // Of thousands of steps that begin at once many tell the same few people: one message each, when all have begun.
  after: 'page.step',
})

/** What a process had claimed and told nobody of goes out again, saying that it may have arrived before. */
whenProcessGone((ctx, processId) =>
  record<unknown>(ctx, async (tx) => {
    const left = await endLeasesOf(tx.db, processId, tx.now)
    if (left.length === 0) return NOTHING_CHANGED
    tx.observed()
    for (const intentId of left) tx.later(pageSend, { key: intentId, dueAt: tx.now, payload: { intentId } })
    return true
  }),
)
