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
import { record, type WriteTx } from '../../platform/record.ts'
import { defineTask } from '../../platform/tasks/task.ts'
import { forgetMessage } from './bundles/bundle-store.ts'
import { sendByEmail } from './channels/email.ts'
import { sendByMattermost } from './channels/mattermost.ts'
import { sendByNtfy } from './channels/ntfy.ts'
import { sendByCall, sendByText } from './channels/phone.ts'
import { sendByPush } from './channels/push.ts'
import { sendBySlack } from './channels/slack.ts'
import { sendByWebhook } from './channels/webhook.ts'
import { claimMessage, type Claimed, type ClaimedIntent } from './claim-message.ts'
import { endIntent } from './end-intent.ts'
import { lockSend, putSend, type IntentRow } from './intent-store.ts'
import type { PageMessage } from './message.ts'
import { lockPage } from './store.ts'

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

type Ended = { readonly intent: ClaimedIntent; readonly outcome: Outcome; readonly message: PageMessage }

/** The page must be locked. */
const writeOutcomeOf = async (tx: WriteTx, { intent: claimed, outcome, message }: Ended): Promise<void> => {
  const locked = await lockSend(tx.db, claimed.intent.id)
  if (!locked || locked.intent.status !== 'intended') return
  const { intent, send } = locked
  const { attempt } = claimed
  const { bundle } = message
  const detail = bundle
    ? `${outcome.detail} (one message for ${bundle.pages} pages, ${bundle.id})`
    : outcome.detail
  const ending = { detail, attempt, bundleId: bundle?.id ?? null }
  if (send.attempt !== attempt) {
    // Our lease ran out and somebody tries again. That a message went out stays true, whoever says it first; of
    // everything else the later attempt tells.
    if (outcome.kind === 'sent') await endIntent(tx, intent, { ...ending, outcome: 'sent' })
    return
  }
  const free = { ...send, lease_until_at: null, last_answer: detail }
  if (outcome.kind !== 'retry') {
    await putSend(tx.db, free)
    if (bundle) tx.cancelTask(pageSend, intent.id)
    return endIntent(tx, intent, { ...ending, outcome: outcome.kind })
  }
  tx.observed()
  await putSend(tx.db, { ...free, due_at: outcome.dueAt })
  tx.later(pageSend, { key: intent.id, dueAt: outcome.dueAt, payload: { intentId: intent.id } })
}

/** Every promise that the message carried gets an outcome of its own, and all of them the same. */
const writeOutcome = (ctx: Ctx, { carried, message }: Claimed, result: SendResult): Promise<unknown> =>
  record<unknown>(ctx, async (tx) => {
    for (const pageId of [...new Set(carried.map(({ intent }) => intent.page_id))].sort())
      await lockPage(tx.db, pageId)
    const attempt = Math.min(...carried.map((each) => each.attempt))
    const outcome = outcomeOf(result, attempt, tx.now)
    const inOrder = [...carried].sort((a, b) => (a.intent.id < b.intent.id ? -1 : 1))
    for (const intent of inOrder) await writeOutcomeOf(tx, { intent, outcome, message })
    tx.observed()
    // What did not arrive counts for nothing: the next message may go at once.
    if (outcome.kind !== 'sent' && !message.maybeRepeated) await forgetMessage(tx.db, message.sentAs)
  })

export const sendIntent = async (ctx: Ctx, { intentId }: { intentId: string }): Promise<void> => {
  const claimed = await claimMessage(ctx, intentId, pageSend)
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
