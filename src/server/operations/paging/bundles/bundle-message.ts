/** What a message of several pages says, and the single-use link to the list of them. */
import { storable } from '../../../../domain/operations/alerts/storable-text.ts'
import { accountOrFault } from '../../../people/accounts/find-account.ts'
import { issueOneTimeToken } from '../../../people/accounts/one-time-token.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import type { WriteTx } from '../../../platform/record.ts'
import type { IntentRow } from '../intent-store.ts'
import { isMinimal, LINK_VALID_MS, LONGEST_SUBJECT, tokenStateOf, type PageMessage } from '../message.ts'
import { say } from '../messages.ts'
import { priorityName } from '../present.ts'
import { replyNumberOf } from '../telephony/reply-number.ts'
import { findBundlePages, type BundlePage } from './bundle-store.ts'

export const BUNDLE_PURPOSE = 'acknowledge-bundle'
/** A phone at night shows about as many; the rest stands behind the link. */
const SHOWN_PAGES = 10

const lineOf = (tx: WriteTx, reader: Reader, page: BundlePage): string => {
  const line = say(reader, 'bundle-line', {
    priority: priorityName(page.priority),
    number: replyNumberOf(tx.ctx.platform, page.id),
    environment: page.environment_name,
    title: storable(page.title, LONGEST_SUBJECT),
  })
  // Told although somebody has it: by a step that goes on unless the page is closed.
  if (page.status !== 'acknowledged') return line
  const name = page.acknowledged_by_name ?? say(reader, 'somebody')
  return `${line} (${say(reader, 'taken-by', { name })})`
}

type Listed = { readonly bundleId: string; readonly pageIds: readonly string[] }

/**
 * Made in the transaction that claims the sends, when what it lists is written and its pages are locked.
 *
 * @param listed `pageIds`: those of the bundle that it still carries
 */
export const prepareBundle = async (
  tx: WriteTx,
  { bundleId, pageIds }: Listed,
  lead: IntentRow,
  maybeRepeated: boolean,
): Promise<PageMessage> => {
  const { config } = tx.ctx.platform
  const { id: accountId, name, email, locale, zone } = await accountOrFault(tx.db, lead.account_id)
  const reader = { locale, zone }
  const pages = (await findBundlePages(tx.db, bundleId)).filter(({ id }) => pageIds.includes(id))
  const token = await issueOneTimeToken(tx, {
    purpose: BUNDLE_PURPOSE,
    accountId,
    subjectId: bundleId,
    state: tokenStateOf(lead),
    validForMs: LINK_VALID_MS,
  })
  const priority = Math.min(5, ...pages.map((page) => page.priority))
  const places = new Set(pages.map((page) => page.environment_id)).size
  const url = `${config.baseUrl}/bundles/${token}`
  const minimal = isMinimal(tx.ctx.platform, lead.channel)
  return {
    to: { accountId, name, email, locale, zone },
    priority,
    subject: say(reader, minimal ? 'bundle-subject-minimal' : 'bundle-subject', {
      priority: priorityName(priority),
      count: pages.length,
      places,
    }),
    lines: minimal
      ? []
      : [
          ...pages.slice(0, SHOWN_PAGES).map((page) => lineOf(tx, reader, page)),
          ...(pages.length > SHOWN_PAGES ? [say(reader, 'and-more')] : []),
        ],
    pageUrl: url,
    acknowledgeUrl: url,
    token,
    maybeRepeated,
    sentAs: bundleId,
    number: replyNumberOf(tx.ctx.platform, bundleId),
    bundle: { id: bundleId, pages: pages.length },
  }
}
