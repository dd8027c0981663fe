/** As much of Slack as a paging app meets, from its documentation: chat.postMessage with its refusals inside of a 200, and buttons that are signed. */
import { createHmac, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Element = { type: string; action_id?: string; value?: string; url?: string; text?: { text?: string } }
type Block = { type: string; text?: { type?: string; text?: string }; elements?: Element[] }
export type SlackPosted = { readonly channel: string; readonly text: string; readonly blocks: Block[] }

export type SlackServer = {
  readonly api: string
  readonly token: string
  readonly signingSecret: string
  readonly posted: SlackPosted[]
  readonly nextAnswers: { status: number; headers?: Readonly<Record<string, string>>; body?: object }[]
  /** Somebody presses a button of a message; `change` spoils what would be right. */
  readonly press: (
    message: SlackPosted,
    by: string,
    change?: { readonly secret?: string; readonly at?: number },
  ) => Promise<{ readonly statusCode: number; readonly body: string }>
  readonly close: () => Promise<void>
}

type Deliver = (
  path: string,
  body: string,
  headers: Record<string, string>,
) => ReturnType<SlackServer['press']>

const isButton = ({ type, text, value = '', action_id: action = '' }: Element): boolean =>
  type === 'button' &&
  (text?.text ?? '').length > 0 &&
  (text?.text ?? '').length <= 75 &&
  value.length <= 2_000 &&
  action.length <= 255

const isBlock = ({ type, text, elements = [] }: Block): boolean => {
  if (type === 'section') return (text?.text ?? '').length > 0 && (text?.text ?? '').length <= 3_000
  return type === 'actions' && elements.length > 0 && elements.length <= 25 && elements.every(isButton)
}

/** @returns their error, or undefined when the message is taken */
const errorIn = (message: SlackPosted, members: readonly string[]): string | undefined => {
  if (!message.channel || !members.includes(message.channel)) return 'channel_not_found'
  if (!message.text && !message.blocks?.length) return 'no_text'
  if ((message.text ?? '').length > 40_000) return 'msg_too_long'
  if (message.blocks.length > 50 || !message.blocks.every(isBlock)) return 'invalid_blocks'
  const ids = message.blocks.flatMap(({ elements = [] }) => elements.map(({ action_id: id }) => id))
  return new Set(ids).size === ids.length ? undefined : 'invalid_blocks'
}

export const startSlackServer = async (
  members: readonly string[],
  now: () => number,
  deliver: Deliver,
): Promise<SlackServer> => {
  const token = `xoxb-${randomBytes(12).toString('hex')}`
  const signingSecret = randomBytes(16).toString('hex')
  const posted: SlackPosted[] = []
  const nextAnswers: SlackServer['nextAnswers'] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const answer = (status: number, body: object, headers = {}) =>
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify(body))
      const told = nextAnswers.shift()
      if (told) return answer(told.status, told.body ?? {}, told.headers)
      if (request.url !== '/api/chat.postMessage') return answer(200, { ok: false, error: 'unknown_method' })
      if (request.headers.authorization !== `Bearer ${token}`)
        return answer(200, { ok: false, error: 'invalid_auth' })
      if (!request.headers['content-type']?.startsWith('application/json'))
        return answer(200, { ok: false, error: 'invalid_post_type' })
      const message = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SlackPosted
      const error = errorIn(message, members)
      if (error) return answer(200, { ok: false, error })
      posted.push(message)
      return answer(200, { ok: true, channel: 'D0000000001', ts: `${posted.length}.000100` })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    token,
    signingSecret,
    posted,
    nextAnswers,
    press: ({ blocks }, by, change = {}) => {
      const button = blocks.flatMap(({ elements = [] }) => elements).find(({ value }) => value !== undefined)
      const payload = {
        type: 'block_actions',
        user: { id: by, username: 'somebody' },
        actions: [{ type: 'button', action_id: button?.action_id, value: button?.value }],
        response_url: 'https://hooks.slack.com/actions/T0/1/x',
      }
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
      const timestamp = String(Math.floor((change.at ?? now()) / 1_000))
      const mac = createHmac('sha256', change.secret ?? signingSecret).update(`v0:${timestamp}:${body}`)
      return deliver('/chat/slack/actions', body, {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${mac.digest('hex')}`,
      })
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
