/** A key pressed in a call, or a reply to a text message: the person takes the page as by the link, and the way is proven again. */
import { pageMeant, readPhoneReply } from '../../../../domain/operations/paging/phone-reply.ts'
import { digestOfTarget } from '../../../people/contact-methods/target.ts'
import { systemCtx, type Platform } from '../../../platform/context.ts'
import { loadStaff } from '../holder.ts'
import { findIntent, pagesToldBy } from '../intent-store.ts'
import { say } from '../messages.ts'
import { takeByMessage, type Answer } from '../take-by-message.ts'
import { replyNumberOf } from './reply-number.ts'

const DAY_MS = 24 * 3_600_000

/** @returns undefined for a call that is no page of ours */
export const takeByKey = async (
  platform: Platform,
  intentId: string,
  digit: string,
): Promise<Answer | undefined> => {
  const intent = await findIntent(platform.database.db, intentId)
  if (!intent || intent.channel !== 'voice') return undefined
  if (digit !== '1') {
    const reader = await loadStaff(platform.database.db, intent.account_id)
    return reader && { reader, words: say(reader, 'phone-not-taken') }
  }
  return takeByMessage(systemCtx(platform, 'telephony'), {
    pageId: intent.page_id,
    accountId: intent.account_id,
    methodId: intent.method_id,
  })
}

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
  const meant = pageMeant(readPhoneReply(text), open)
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
