/** Keeps one promise: claim it, try the channel, write down what came of it. Killed in between, another process goes on after the lease. */
import {
  claim,
  outcomeOf,
  SEND_LEASE_MS,
  type Channel,
  type SendResult,
} from '../../../domain/operations/paging/intent.ts'
import { targetOfProven } from '../../people/contact-methods/target.ts'
import type { Ctx } from '../../platform/context.ts'
import { count } from '../../platform/metrics.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { defineTask } from '../../platform/tasks/task.ts'
import { sendByEmail } from './channels/email.ts'
import { sendByMattermost } from './channels/mattermost.ts'
import { sendByNtfy } from './channels/ntfy.ts'
import { sendByCall, sendByText } from './channels/phone.ts'
import { sendByPush } from './channels/push.ts'
import { sendBySlack } from './channels/slack.ts'
import { sendByWebhook } from './channels/webhook.ts'
import { pageIntentEnded } from './events.ts'
import { findPageOfIntent, lockSend, putOutcome, putSend, type IntentRow } from './intent-store.ts'
import { prepareMessage, type PageMessage } from './message.ts'
import { lockPage } from './store.ts'

/** What leads to an address that the person gave. */
type OwnChannel = Exclude<Channel, 'email' | 'web-push' | 'screen'>

type Claimed = { readonly intent: IntentRow; readonly attempt: number; readonly message: PageMessage }
type Ending = {
  readonly outcome: 'sent' | 'failed' | 'cancelled'
  readonly detail: string
  readonly attempt: number
}

const endIntent = async (
  tx: WriteTx,
  intent: IntentRow,
  { outcome, detail, attempt }: Ending,
): Promise<void> => {
  await putOutcome(tx.db, intent.id, { status: outcome, at: tx.now, outcome: detail })
  tx.append(pageIntentEnded, {
    stream: intent.page_id,
    customerId: intent.customer_id,
    environmentId: intent.environment_id,
    refs: [
      ['page', intent.page_id],
      ['account', intent.account_id],
    ],
    body: { intentId: intent.id, channel: intent.channel, outcome, detail, attempt },
  })
  count('fortnight_page_intents_ended_total', 'Promises to tell somebody, by channel and outcome.', 1, {
    channel: intent.channel,
    outcome,
  })
}

/** The page is locked before the intent, in the order acknowledgePage takes them: after its commit nothing is claimed. */
const claimIntent = async (ctx: Ctx, intentId: string): Promise<Claimed | undefined> => {
  const pageId = await findPageOfIntent(ctx.platform.database.db, intentId)
  if (!pageId) return undefined
  const claimed = await record<Claimed | typeof NOTHING_CHANGED>(ctx, async (tx) => {
    const page = await lockPage(tx.db, pageId)
    const locked = await lockSend(tx.db, intentId)
    if (!page || !locked) return NOTHING_CHANGED
    const { intent, send } = locked
    const status = intent.status === 'intended' && send.lease_until_at !== null ? 'claimed' : intent.status
    const state = {
      status,
      attempt: send.attempt,
      dueAt: send.due_at,
      leaseUntilAt: send.lease_until_at,
    } as const
    // What is sent unless the page is closed does not mind that somebody has it.
    const standing = intent.unless_closed && page.status === 'acknowledged' ? 'open' : page.status
    const answer = claim(state, standing, tx.now)
    if (answer.kind === 'leave') return NOTHING_CHANGED
    if (answer.kind === 'cancel') {
      await endIntent(tx, intent, { outcome: 'cancelled', detail: answer.reason, attempt: send.attempt })
      return NOTHING_CHANGED
    }
    tx.observed()
    await putSend(tx.db, { ...send, attempt: answer.attempt, lease_until_at: answer.leaseUntilAt })
    return {
      intent,
      attempt: answer.attempt,
      message: await prepareMessage(tx, page, intent, answer.maybeRepeated),
    }
  })
  return claimed === NOTHING_CHANGED ? undefined : claimed
}

/** By a way the person added themselves, where it leads now. */
const tryMethod = async ({ platform }: Ctx, intent: IntentRow, message: PageMessage): Promise<SendResult> => {
  const target = await targetOfProven(platform, platform.database.db, intent.method_id ?? '')
  if (!target) return { kind: 'refused', detail: 'this way was taken back before it was used' }
  switch (intent.channel as OwnChannel) {
    case 'sms':
      return sendByText(platform, target.address, intent, message)
    case 'voice':
      return sendByCall(platform, target.address, intent, message)
    case 'slack':
      return sendBySlack(platform, target.address, intent, message)
    case 'mattermost':
      return sendByMattermost(platform, target.address, intent, message)
    case 'ntfy':
      return sendByNtfy(platform, target.address, message)
    case 'webhook': {
      const key = Buffer.from(target.key ?? '', 'base64')
      return sendByWebhook(platform, { url: target.address, key }, intent, message)
    }
  }
}

const tryChannel = async (ctx: Ctx, { intent, message }: Claimed): Promise<SendResult> => {
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

const writeOutcome = (ctx: Ctx, { intent, attempt }: Claimed, result: SendResult): Promise<unknown> =>
  record<unknown>(ctx, async (tx) => {
    await lockPage(tx.db, intent.page_id)
    const locked = await lockSend(tx.db, intent.id)
    if (!locked || locked.intent.status !== 'intended') return NOTHING_CHANGED
    const outcome = outcomeOf(result, attempt, tx.now)
    if (locked.send.attempt !== attempt) {
      // Our lease ran out and somebody tries again. That a message went out stays true, whoever says it first; of
      // everything else the later attempt tells.
      if (outcome.kind !== 'sent') return NOTHING_CHANGED
      return endIntent(tx, intent, { outcome: 'sent', detail: outcome.detail, attempt })
    }
    const free = { ...locked.send, lease_until_at: null, last_answer: outcome.detail }
    if (outcome.kind !== 'retry') {
      await putSend(tx.db, free)
      return endIntent(tx, intent, { outcome: outcome.kind, detail: outcome.detail, attempt })
    }
    tx.observed()
    await putSend(tx.db, { ...free, due_at: outcome.dueAt })
    tx.later(pageSend, { key: intent.id, dueAt: outcome.dueAt, payload: { intentId: intent.id } })
    return undefined
  })

export const sendIntent = async (ctx: Ctx, { intentId }: { intentId: string }): Promise<void> => {
  const claimed = await claimIntent(ctx, intentId)
  if (!claimed) return
  // A fault of ours on the way out is an answer like any other: without one the promise would wait for its lease.
  const result = await tryChannel(ctx, claimed).catch((error: Error): SendResult => ({
    kind: 'later',
    detail: `could not be tried: ${error.message}`.slice(0, 200),
  }))
  await writeOutcome(ctx, claimed, result)
}

export const pageSend = defineTask<{ intentId: string }>('page.send', {
  lane: 'page',
  leaseMs: SEND_LEASE_MS + 5_000,
  maxAttempts: 100,
  run: sendIntent,
})
