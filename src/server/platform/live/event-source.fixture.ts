/** A small reader of server-sent events, as a browser reads them, for tests that must see every byte. */
import { get, type IncomingMessage } from 'node:http'

export type Message = { readonly id: string; readonly event: string; readonly data: Record<string, unknown> }
export type EventSource = {
  readonly messages: Message[]
  readonly changes: () => Message[]
  readonly response: IncomingMessage
  readonly ended: () => boolean
  readonly close: () => void
}

const read = (block: string): Message | undefined => {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 2)]),
  )
  const event = fields.get('event')
  if (event === undefined) return undefined
  return {
    id: fields.get('id') ?? '',
    event,
    data: JSON.parse(fields.get('data') ?? '{}') as Message['data'],
  }
}

export const openEventSource = (url: string, headers: Record<string, string>): Promise<EventSource> =>
  new Promise((resolve, reject) => {
    const request = get(`${url}/api/live`, { headers }, (response) => {
      const messages: Message[] = []
      let rest = ''
      let ended = false
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const message of blocks.map(read)) if (message) messages.push(message)
      })
      response.on('error', () => undefined)
      response.on('close', () => {
        ended = true
      })
      resolve({
        messages,
        changes: () => messages.filter(({ event }) => event === 'change'),
        response,
        ended: () => ended,
        close: () => void request.destroy(),
      })
    })
    request.on('error', reject)
  })
