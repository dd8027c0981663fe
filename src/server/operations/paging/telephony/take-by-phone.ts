/** A key pressed in a call, or a reply to a text message: the person takes the page as by the link, and the way is proven again. */
import {
  pageMeant,
  readPhoneReply,
  type PhoneReply,
} from '../../../../domain/operations/paging/phone-reply.ts'
import { digestOfTarget } from '../../../people/contact-methods/target.ts'
import { systemCtx, type Platform } from '../../../platform/context.ts'
import { loadStaff } from '../holder.ts'
import { findSentAs } from '../bundles/bundle-store.ts'
import { pagesToldBy, type ToldRow } from '../intent-store.ts'
import { say } from '../messages.ts'
import { takeBundleByMessage, takeByMessage, type Answer } from '../take-by-message.ts'
import { replyNumberOf } from './reply-number.ts'

const DAY_MS = 24 * 3_600_000

/**
 * @param messageId the promise that was kept by the call, or the bundle of several
 * @returns undefined for a call that is no page of ours
 */
export const takeByKey = async (
  platform: Platform,
  messageId: string,
  digit: string,
): Promise<Answer | undefined> => {
  const [intent] = await findSentAs(platform.database.db, messageId)
  if (!intent || intent.channel !== 'voice') return undefined
  if (digit !== '1') {
    const reader = await loadStaff(platform.database.db, intent.account_id)
    return reader && { reader, words: say(reader, 'phone-not-taken') }
  }
  const ctx = systemCtx(platform, 'telephony')
  const who = { accountId: intent.account_id, methodId: intent.method_id }
  return intent.bundle_id === messageId
    ? takeBundleByMessage(ctx, { bundleId: messageId, ...who })
    : takeByMessage(ctx, { pageId: intent.page_id, ...who })
}

/** A message of several pages is meant by its own digits alone: "1" would be any of them. */
const bundleMeant = (platform: Platform, told: readonly ToldRow[], reply: PhoneReply): ToldRow | undefined =>
  reply.kind === 'take-numbered'
    ? told.find(
        ({ status, bundle_id: id }) =>
          id !== null && status === 'open' && replyNumberOf(platform, id) === reply.number,
      )
    : undefined

/** @returns undefined for a number to which no page went: it changes nothing and is told nothing */
export const takeByReply = async (
  platform: Platform,
  from: string,
  text: string,
): Promise<Answer | undefined> => {
  const { db } = platform.database
  const since = platform.clock.now() - DAY_MS
  const told = await pagesToldBy(db, digestOfTarget(platform, 'sms', from), since)
  const [latest] = told
  if (!latest) return undefined
  const open = told
    .filter(({ status }) => status === 'open')
    .map(({ page_id: pageId }) => ({ pageId, number: replyNumberOf(platform, pageId) }))
  const reply = readPhoneReply(text)
  const meant = pageMeant(reply, open)
  const bundle = meant.kind === 'none' ? bundleMeant(platform, told, reply) : undefined
  if (bundle?.bundle_id)
    return takeBundleByMessage(systemCtx(platform, 'telephony'), {
      bundleId: bundle.bundle_id,
      accountId: bundle.account_id,
      methodId: bundle.method_id,
    })
  if (meant.kind !== 'this') {
    const reader = await loadStaff(db, latest.account_id)
    return reader && { reader, words: say(reader, meant.kind === 'which' ? 'phone-which' : 'phone-none') }
  }
  const whose = told.find(({ page_id: pageId }) => pageId === meant.pageId) ?? latest
  return takeByMessage(systemCtx(platform, 'telephony'), {
    pageId: meant.pageId,
    accountId: whose.account_id,
    methodId: whose.method_id,
  })
}
