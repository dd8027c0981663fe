/** What a page says to one person, and the single-use link with which they take it. */
import type { Channel } from '../../../domain/operations/paging/intent.ts'
import { storable } from '../../../domain/operations/alerts/storable-text.ts'
import { accountOrFault } from '../../people/accounts/find-account.ts'
import { issueOneTimeToken } from '../../people/accounts/one-time-token.ts'
import type { Platform } from '../../platform/context.ts'
import type { WriteTx } from '../../platform/record.ts'
import type { Reader } from '../../platform/messages/languages.ts'
import { say } from './messages.ts'
import { priorityName } from './present.ts'
import type { IntentRow } from './intent-store.ts'
import { findPageAlerts, findPlace, type PageRow } from './store.ts'
import { replyNumberOf } from './telephony/reply-number.ts'

export const ACKNOWLEDGE_PURPOSE = 'acknowledge-page'
export const LONGEST_SUBJECT = 180
export const LINK_VALID_MS = 24 * 3_600_000

/** By which way the link went out: taking the page by it proves that way once more. */
export const tokenStateOf = ({ method_id }: Pick<IntentRow, 'method_id'>) => ({ method: method_id })
export const methodOfToken = ({ state }: { readonly state: unknown }): string | null =>
  (state as { method?: string | null } | null)?.method ?? null

export type PageMessage = {
  readonly to: {
    readonly accountId: string
    readonly name: string
    readonly email: string
  } & Reader
  readonly priority: number
  readonly subject: string
  readonly lines: readonly string[]
  readonly pageUrl: string
  /** Opens a page with one button; opening it changes nothing. */
  readonly acknowledgeUrl: string
  readonly token: string
  readonly maybeRepeated: boolean
  /** The same at every attempt, so that a repeat folds into the first: the promise's id, or the bundle's. */
  readonly sentAs: string
  /** The digits by which it is meant in a reply. */
  readonly number: string
  /** Set when it carries several pages; `acknowledgeUrl` and `pageUrl` then lead to the list of them. */
  readonly bundle: { readonly id: string; readonly pages: number } | null
}

/** Told although somebody has it: who that is. */
const whoHasIt = async (tx: WriteTx, reader: Reader, page: PageRow): Promise<string[]> => {
  if (page.status !== 'acknowledged' || page.acknowledged_by === null) return []
  const { name } = await accountOrFault(tx.db, page.acknowledged_by)
  return [say(reader, 'still-open', { name })]
}

const whyYou = (reader: Reader, page: Pick<PageRow, 'nobody_on_call' | 'nobody_reached'>): string[] => {
  if (page.nobody_on_call) return [say(reader, 'nobody-on-call-told')]
  if (page.nobody_reached) return [say(reader, 'nobody-reached-told')]
  return []
}

type Words = Pick<PageMessage, 'subject' | 'lines'>

/** Where messages pass through hands that may know nothing of a customer: what it is about stands behind the link. */
export const isMinimal = ({ config }: Platform, channel: Channel): boolean =>
  (config.MINIMAL_CONTENT ?? '').split(',').includes(channel)

const fewWords = (platform: Platform, page: PageRow, reader: Reader): Words => {
  const number = replyNumberOf(platform, page.id)
  return {
    subject: page.is_drill
      ? say(reader, 'subject-minimal-drill', { number })
      : say(reader, 'subject-minimal', { priority: priorityName(page.priority), number }),
    lines: [],
  }
}

const allWords = async (tx: WriteTx, page: PageRow, reader: Reader): Promise<Words> => {
  const place = await findPlace(tx.db, page.environment_id)
  const alerts = await findPageAlerts(tx.db, page.id, 6)
  const { customer, environment } = place
  return {
    subject: storable(
      say(reader, 'subject', { priority: priorityName(page.priority), environment, title: page.title }),
      LONGEST_SUBJECT,
    ),
    lines: [
      say(reader, 'place', { customer, environment }),
      ...alerts
        .slice(0, 5)
        .map(({ priority, name, summary }) =>
          say(reader, 'alert', { priority: priorityName(priority), name, summary }),
        ),
      ...(alerts.length > 5 ? [say(reader, 'and-more')] : []),
      ...whyYou(reader, page),
      ...(await whoHasIt(tx, reader, page)),
    ],
  }
}

/** Made in the transaction that claims the send, so that a token exists only for a message that is being sent. */
export const prepareMessage = async (
  tx: WriteTx,
  page: PageRow,
  intent: IntentRow,
  maybeRepeated: boolean,
): Promise<PageMessage> => {
  const { baseUrl } = tx.ctx.platform.config
  const person = await accountOrFault(tx.db, intent.account_id)
  const { locale, zone } = person
  const reader = { locale, zone }
  const token = await issueOneTimeToken(tx, {
    purpose: ACKNOWLEDGE_PURPOSE,
    accountId: person.id,
    subjectId: page.id,
    state: tokenStateOf(intent),
    validForMs: LINK_VALID_MS,
  })
  return {
    to: { accountId: person.id, name: person.name, email: person.email, locale, zone },
    priority: page.priority,
    ...(isMinimal(tx.ctx.platform, intent.channel)
      ? fewWords(tx.ctx.platform, page, reader)
      : await allWords(tx, page, reader)),
    pageUrl: `${baseUrl}/pages/${page.id}`,
    acknowledgeUrl: `${baseUrl}/acknowledge/${token}`,
    token,
    maybeRepeated,
    sentAs: intent.id,
    number: replyNumberOf(tx.ctx.platform, page.id),
    bundle: null,
  }
}
