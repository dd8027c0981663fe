/** A key pressed in a call, or a reply to a text message: the person takes the page as by the link, and the way is proven again. */
import { pageMeant, readPhoneReply } from '../../../../domain/operations/paging/phone-reply.ts'
import { digestOfTarget } from '../../../people/contact-methods/target.ts'
import { noteProven } from '../../../people/contact-methods/note-proven.ts'
import { systemCtx, type Ctx, type Platform } from '../../../platform/context.ts'
import { RefusalFault } from '../../../platform/faults.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import { NOTHING_CHANGED, record } from '../../../platform/record.ts'
import { acknowledgePageIn } from '../acknowledge-page.ts'
import { holderOf, loadStaff } from '../holder.ts'
import { findIntent, pagesToldBy } from '../intent-store.ts'
import { say } from '../messages.ts'
import { findPageRow } from '../store.ts'
import { replyNumberOf } from './reply-number.ts'

/** What is said back, in the language of whoever is told. */
export type Answer = { readonly reader: Reader; readonly words: string }

const DAY_MS = 24 * 3_600_000

type Taking = { readonly pageId: string; readonly accountId: string; readonly methodId: string | null }

/** Somebody who was slower, or may no longer take pages, is told so; nothing changes then. */
const take = async (ctx: Ctx, { pageId, accountId, methodId }: Taking): Promise<Answer> => {
  const { db } = ctx.platform.database
  const { actor, reader } = await holderOf(db, accountId)
  try {
    await record<unknown>({ ...ctx, actor }, async (tx) => {
      const isNew = await acknowledgePageIn(tx, pageId, accountId)
      if (methodId) await noteProven(tx, methodId)
      return isNew || methodId ? true : NOTHING_CHANGED
    })
  } catch (error) {
    if (!(error instanceof RefusalFault)) throw error
  }
  const page = await findPageRow(db, pageId)
  const title = page?.title ?? ''
  if (page?.acknowledged_by === accountId) return { reader, words: say(reader, 'phone-taken', { title }) }
  if (page?.status === 'acknowledged')
    return {
      reader,
      words: say(reader, 'taken-by', { name: page.acknowledged_by_name ?? say(reader, 'somebody') }),
    }
  return { reader, words: say(reader, 'phone-over', { title }) }
}

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
  return take(systemCtx(platform, 'telephony'), {
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
  return take(systemCtx(platform, 'telephony'), {
    pageId: meant.pageId,
    accountId: whose.account_id,
    methodId: whose.method_id,
  })
}
