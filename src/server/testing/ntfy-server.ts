/** An ntfy server in the test's own process that refuses what the real one documents (docs.ntfy.sh/publish): tokens, topics, priorities, sizes, actions. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type NtfyPublished = {
  readonly topic: string
  readonly title: string
  readonly message: string
  readonly priority: number
  readonly click?: string
  readonly actions: readonly { readonly action: string; readonly label: string; readonly url: string }[]
}

export type NtfyServer = {
  readonly url: string
  readonly token: string
  readonly published: NtfyPublished[]
  /** Answers for the next requests, before anything is looked at. */
  readonly nextAnswers: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[]
  readonly close: () => Promise<void>
}

/** Code and text as the server's own table of errors has them; the first digits of the code are the status. */
class Refused extends Error {
  readonly code: number
  constructor(code: number, why: string) {
    super(why)
    this.code = code
  }
}

const MOST_BYTES = 4_096

const check = (request: IncomingMessage, text: string, token: string): NtfyPublished => {
  if (request.method !== 'POST' && request.method !== 'PUT') throw new Refused(40401, 'page not found')
  if (request.headers.authorization !== `Bearer ${token}`) throw new Refused(40101, 'unauthorized')
  let body: Record<string, unknown>
  try {
    body = JSON.parse(text) as Record<string, unknown>
  } catch {
    throw new Refused(40024, 'invalid request: request body must be message JSON')
  }
  const { topic, priority = 3, message = '', title = '', click, actions = [] } = body
  if (typeof topic !== 'string' || !/^[-_A-Za-z0-9]{1,64}$/.test(topic))
    throw new Refused(40009, 'invalid request: topic invalid')
  if (![1, 2, 3, 4, 5].includes(priority as number))
    throw new Refused(40007, 'invalid request: priority invalid')
  if (Buffer.byteLength(message as string) > MOST_BYTES)
    throw new Refused(41301, 'attachment too large, or bandwidth limit reached')
  const list = actions as NtfyPublished['actions']
  if (list.length > 3) throw new Refused(40018, 'invalid request: actions invalid, only 3 actions allowed')
  for (const each of list) {
    if (!['view', 'broadcast', 'http', 'copy'].includes(each.action) || !each.label)
      throw new Refused(40018, 'invalid request: actions invalid, parameter action must be one of the known')
    if (each.action === 'view' && !/^[a-z][a-z0-9+.-]*:/.test(each.url ?? ''))
      throw new Refused(40018, "invalid request: actions invalid, parameter 'url' is required")
  }
  const rest = typeof click === 'string' ? { click } : {}
  return {
    topic,
    title: title as string,
    message: message as string,
    priority: priority as number,
    actions: list,
    ...rest,
  }
}

export const startNtfyServer = async (token: string): Promise<NtfyServer> => {
  const published: NtfyPublished[] = []
  const nextAnswers: NtfyServer['nextAnswers'] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const told = nextAnswers.shift()
      if (told) return response.writeHead(told.status, told.headers).end('{}')
      try {
        published.push(check(request, Buffer.concat(chunks).toString('utf8'), token))
        return response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ id: `message${published.length}`, event: 'message' }))
      } catch (error) {
        const { code = 50001, message } = error as Refused
        const http = Number(String(code).slice(0, 3))
        return response.writeHead(http).end(JSON.stringify({ code, http, error: message }))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    published,
    nextAnswers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
