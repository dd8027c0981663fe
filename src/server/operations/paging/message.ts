/** What a page says to one person, and the single-use link with which they take it. */
import { issueOneTimeToken } from '../../people/accounts/one-time-token.ts'
import type { WriteTx } from '../../platform/record.ts'
import { priorityName } from './present.ts'
import { findPageAlerts, type IntentRow, type PageRow } from './store.ts'

export const ACKNOWLEDGE_PURPOSE = 'acknowledge-page'
const LINK_VALID_MS = 24 * 3_600_000

export type PageMessage = {
  readonly to: {
    readonly accountId: string
    readonly name: string
    readonly email: string
    readonly zone: string
  }
  readonly subject: string
  readonly lines: readonly string[]
  readonly pageUrl: string
  /** Opens a page with one button; opening it changes nothing. */
  readonly acknowledgeUrl: string
  readonly token: string
  readonly maybeRepeated: boolean
}

/** Made in the transaction that claims the send, so that a token exists only for a message that is being sent. */
export const prepareMessage = async (
  tx: WriteTx,
  page: PageRow,
  intent: IntentRow,
  maybeRepeated: boolean,
): Promise<PageMessage> => {
  const { baseUrl } = tx.ctx.platform.config
  const person = await tx.db
    .selectFrom('accounts')
    .select(['id', 'name', 'email', 'zone'])
    .where('id', '=', intent.account_id)
    .executeTakeFirstOrThrow()
  const place = await tx.db
    .selectFrom('environments')
    .innerJoin('customers', 'customers.id', 'environments.customer_id')
    .select(['environments.name as environment', 'customers.name as customer'])
    .where('environments.id', '=', page.environment_id)
    .executeTakeFirstOrThrow()
  const alerts = await findPageAlerts(tx.db, page.id, 6)
  const token = await issueOneTimeToken(tx, {
    purpose: ACKNOWLEDGE_PURPOSE,
    accountId: person.id,
    subjectId: page.id,
    validForMs: LINK_VALID_MS,
  })
  return {
    to: { accountId: person.id, name: person.name, email: person.email, zone: person.zone },
    subject: `[${priorityName(page.priority)}] ${place.environment}: ${page.title}`.slice(0, 180),
    lines: [
      `${place.customer}, ${place.environment}`,
      ...alerts.slice(0, 5).map((alert) => `${priorityName(alert.priority)} ${alert.name}: ${alert.summary}`),
      ...(alerts.length > 5 ? ['… and more'] : []),
      ...(page.nobody_on_call ? ['Nobody was on call: you are told as the fallback.'] : []),
    ],
    pageUrl: `${baseUrl}/pages/${page.id}`,
    acknowledgeUrl: `${baseUrl}/acknowledge/${token}`,
    token,
    maybeRepeated,
  }
}
