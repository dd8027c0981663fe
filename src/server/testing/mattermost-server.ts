/** As much of Mattermost as a paging webhook meets: what it refuses of an incoming webhook, and what its server posts when a button is pressed. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Action = {
  id: string
  name: string
  integration: { url: string; context: Readonly<Record<string, string>> }
}
export type MattermostPost = {
  readonly channel: string
  readonly text?: string
  readonly attachments?: readonly { readonly text: string; readonly actions?: readonly Action[] }[]
}
type Told = { readonly statusCode: number; readonly body: string }

export type MattermostServer = {
  readonly webhook: string
  readonly posted: MattermostPost[]
  readonly nextAnswers: { status: number; headers?: Readonly<Record<string, string>>; body?: object }[]
  /** Somebody presses the button of a message; `context` stands in for what the server keeps of it. */
  readonly press: (
    message: MattermostPost,
    by: string,
    context?: Readonly<Record<string, string>>,
  ) => Promise<Told>
  readonly close: () => Promise<void>
}

/** @returns status and sentence, or undefined when the message is taken */
const faultIn = (
  post: MattermostPost,
  members: readonly string[],
): readonly [status: number, message: string] | undefined => {
  const member = /^@(.+)$/.exec(post.channel)?.[1]
  if (member === undefined || !members.includes(member)) return [404, "Couldn't find the user."]
  if (!post.text && !post.attachments?.length)
    return [400, 'Unable to parse incoming data: no text specified.']
  for (const { text, actions = [] } of post.attachments ?? []) {
    if (text.length > 16_383) return [400, 'Text too long.']
    for (const { id, name, integration } of actions) {
      // Their documentation: an id of letters and digits alone, else the button does nothing.
      if (!/^[A-Za-z0-9]+$/.test(id) || !name) return [400, 'Invalid action.']
      if (!URL.canParse(integration?.url ?? '')) return [400, 'Invalid integration.']
    }
  }
  return undefined
}

export const startMattermostServer = async (
  members: readonly string[],
  deliver: (path: string, body: string, headers: Record<string, string>) => Promise<Told>,
): Promise<MattermostServer> => {
  const path = `/hooks/${randomBytes(13).toString('hex')}`
  const posted: MattermostPost[] = []
  const nextAnswers: MattermostServer['nextAnswers'] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const told = nextAnswers.shift()
      if (told) return response.writeHead(told.status, told.headers).end(JSON.stringify(told.body ?? {}))
      const refuse = (status: number, message: string) =>
        response
          .writeHead(status)
          .end(JSON.stringify({ id: 'web.incoming_webhook', message, status_code: status }))
      if (request.url !== path) return refuse(400, 'Invalid webhook.')
      const post = JSON.parse(Buffer.concat(chunks).toString('utf8')) as MattermostPost
      const fault = faultIn(post, members)
      if (fault) return refuse(...fault)
      posted.push(post)
      return response.writeHead(200).end('ok')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    webhook: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    posted,
    nextAnswers,
    press: ({ attachments }, by, context) => {
      const action = attachments?.[0]?.actions?.[0]
      const body = {
        user_id: randomBytes(13).toString('hex'),
        user_name: by,
        channel_id: randomBytes(13).toString('hex'),
        post_id: randomBytes(13).toString('hex'),
        type: 'button',
        data_source: '',
        context: context ?? action?.integration.context ?? {},
      }
      return deliver(new URL(action?.integration.url ?? '').pathname, JSON.stringify(body), {
        'content-type': 'application/json',
      })
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
