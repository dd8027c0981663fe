/** What a message of several pages says, and the single-use link to the list of them. */
import { storable } from '../../../../domain/operations/alerts/storable-text.ts'
import { issueOneTimeTokens } from '../../../people/accounts/one-time-token.ts'
import { findAccounts, type AccountRow } from '../../../people/accounts/store.ts'
import { notFound } from '../../../platform/faults.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import type { WriteTx } from '../../../platform/record.ts'
import type { IntentRow } from '../intent-store.ts'
import { isMinimal, LINK_VALID_MS, LONGEST_SUBJECT, tokenStateOf, type PageMessage } from '../message.ts'
import { say } from '../messages.ts'
import { priorityName } from '../present.ts'
import { replyNumberOf } from '../telephony/reply-number.ts'
import { findListedPages, type ListedPage } from './bundle-store.ts'

export const BUNDLE_PURPOSE = 'acknowledge-bundle'
/** A phone at night shows about as many; the rest stands behind the link. */
const SHOWN_PAGES = 10

const lineOf = (tx: WriteTx, reader: Reader, page: ListedPage): string => {
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

/** @property pageIds those of the bundle that it still carries */
type Bundle = {
  readonly bundleId: string
  readonly pageIds: readonly string[]
  readonly lead: IntentRow
  readonly maybeRepeated: boolean
}

const worded = (
  tx: WriteTx,
  { bundleId, pageIds, lead, maybeRepeated }: Bundle,
  account: AccountRow,
  token: string,
  listed: readonly ListedPage[],
): PageMessage => {
  const { config } = tx.ctx.platform
  const { id: accountId, name, email, locale, zone } = account
  const reader = { locale, zone }
  const pages = listed.filter(({ id }) => pageIds.includes(id))
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

/**
 * Made in the transaction that claims the sends, when what they list is written and its pages are locked.
 *
 * @returns by the bundle's id
 */
export const prepareBundles = async (
  tx: WriteTx,
  bundles: readonly Bundle[],
): Promise<ReadonlyMap<string, PageMessage>> => {
  if (bundles.length === 0) return new Map()
  const listed = Map.groupBy(
    await findListedPages(
      tx.db,
      bundles.map(({ bundleId }) => bundleId),
    ),
    (page) => page.bundle_id,
  )
  const found = await findAccounts(tx.db, [...new Set(bundles.map(({ lead }) => lead.account_id))])
  const accounts = new Map(found.map((account) => [account.id, account]))
  const tokens = await issueOneTimeTokens(
    tx,
    bundles.map(({ bundleId, lead }) => ({
      purpose: BUNDLE_PURPOSE,
      accountId: lead.account_id,
      subjectId: bundleId,
      state: tokenStateOf(lead),
      validForMs: LINK_VALID_MS,
    })),
  )
  return new Map(
    bundles.map((bundle, index) => {
      const account = accounts.get(bundle.lead.account_id)
      if (!account) throw notFound('This account')
      const pages = listed.get(bundle.bundleId) ?? []
      return [bundle.bundleId, worded(tx, bundle, account, tokens[index] ?? '', pages)]
    }),
  )
}
