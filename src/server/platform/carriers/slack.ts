/** Slack's Web API and the signature of what its buttons send back (api.slack.com/authentication/verifying-requests-from-slack). */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Platform } from '../context.ts'
import { judged, post, unanswered, type Carried } from './carried.ts'

/** A button leads to an address, or sends its value back to us. */
export type SlackButton = { readonly label: string } & (
  | { readonly url: string }
  | { readonly action: string; readonly value: string }
)
export type SlackMessage = {
  /** A member's id: the message goes to them alone. */
  readonly to: string
  readonly text: string
  readonly buttons?: readonly SlackButton[]
}

const TOLERANCE_MS = 5 * 60_000
/** Limits of blocks: a section holds 3,000 characters, the label of a button 75. */
const MOST_TEXT = 2_900
const MOST_LABEL = 75

/** What trying again may help; every other error of theirs is final. */
const PASSING = [
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]
const MEANINGS: Readonly<Record<string, string>> = {
  invalid_auth: 'Slack does not accept our token',
  not_authed: 'Slack does not accept our token',
  token_revoked: 'our token was revoked in Slack',
  token_expired: 'our token has expired in Slack',
  account_inactive: 'our app was removed from the workspace',
  missing_scope: 'our app lacks the scope chat:write',
  channel_not_found: 'the workspace has no such member, or our app may not write to them',
  user_not_found: 'the workspace has no such member',
  messages_tab_disabled: 'our app takes no direct messages: its Messages tab is off',
}

export const canSlack = ({ config }: Pick<Platform, 'config'>): boolean =>
  config.SLACK_TOKEN !== undefined && config.SLACK_SIGNING_SECRET !== undefined

/** The three letters that mean something in their markup. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const blockOf = (button: SlackButton, place: number) => ({
  type: 'button',
  text: { type: 'plain_text', text: button.label.slice(0, MOST_LABEL) },
  ...('url' in button
    ? { action_id: `open-${place}`, url: button.url }
    : { action_id: button.action, value: button.value, style: 'primary' }),
})

const bodyOf = ({ to, text, buttons = [] }: SlackMessage): string => {
  const shown = escaped(text.slice(0, MOST_TEXT).toWellFormed()).slice(0, 3_000)
  return JSON.stringify({
    channel: to,
    text: shown,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: shown } },
      ...(buttons.length > 0 ? [{ type: 'actions', elements: buttons.map(blockOf) }] : []),
    ],
    unfurl_links: false,
  })
}

/** They answer 200 to what they refuse, and say so in the body. */
const answerIn = (text: string): { ok?: boolean; error?: string } => {
  try {
    return JSON.parse(text) as { ok?: boolean; error?: string }
  } catch {
    return {}
  }
}

export const postToSlack = async (platform: Platform, message: SlackMessage): Promise<Carried> => {
  const { SLACK_TOKEN, SLACK_API } = platform.config
  if (!canSlack(platform)) return { kind: 'refused', detail: 'no Slack app is set (SLACK_TOKEN)' }
  try {
    const answer = await post(
      `${SLACK_API.replace(/\/+$/, '')}/chat.postMessage`,
      { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${SLACK_TOKEN}` },
      bodyOf(message),
    )
    const result = judged('Slack', answer, platform.clock.now())
    if (result.kind !== 'accepted') return result
    const { ok, error = 'an answer that is none' } = answerIn(answer.text)
    if (ok) return result
    const detail = `${MEANINGS[error] ?? 'Slack refused the message'} (${error.slice(0, 60)})`
    return { kind: PASSING.includes(error) ? 'later' : 'refused', detail }
  } catch (error) {
    return unanswered('Slack', error)
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** `v0=` and the hexadecimal HMAC-SHA256 over `v0:timestamp:body`; older than five minutes is refused. */
export const isFromSlack = ({ config, clock }: Platform, headers: Headers, body: string): boolean => {
  const timestamp = String(headers['x-slack-request-timestamp'] ?? '')
  if (!config.SLACK_SIGNING_SECRET || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(clock.now() - Number(timestamp) * 1_000) > TOLERANCE_MS) return false
  const mac = createHmac('sha256', config.SLACK_SIGNING_SECRET).update(`v0:${timestamp}:${body}`)
  const wanted = Buffer.from(`v0=${mac.digest('hex')}`)
  const got = Buffer.from(String(headers['x-slack-signature'] ?? ''))
  return got.length === wanted.length && timingSafeEqual(got, wanted)
}
