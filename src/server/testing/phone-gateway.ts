/** A gateway as docs/phone-gateway.md asks somebody to write one: it refuses what is unsigned, late or not of the described shape, and signs what it tells us. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Asked = {
  readonly id: string
  readonly type: 'text' | 'call'
  readonly to: string
  readonly from: string
  readonly text?: string
  readonly words?: readonly string[]
  readonly question?: string | null
  readonly callback: string
}

export type Told = { readonly statusCode: number; readonly body: string }
export type GatewayDeliver = (path: string, body: string, headers: Record<string, string>) => Promise<Told>

export type PhoneGateway = {
  readonly url: string
  readonly asked: Asked[]
  readonly nextAnswers: { status: number; headers?: Readonly<Record<string, string>>; text?: string }[]
  /** A note of the gateway; `change` spoils what would be right. */
  readonly tell: (
    note: object,
    change?: { readonly secret?: string; readonly at?: number; readonly path?: string },
  ) => Promise<Told>
  readonly close: () => Promise<void>
}

const TOLERANCE_MS = 5 * 60_000

const sign = (secret: string, id: string, timestamp: string, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const faultOf = (asked: Partial<Asked>): string | undefined => {
  if (asked.type !== 'text' && asked.type !== 'call') return 'type is neither text nor call'
  if (!/^\+[1-9]\d{6,14}$/.test(asked.to ?? '')) return 'to is not a number of E.164'
  if (!URL.canParse(asked.callback ?? '')) return 'callback is no address'
  if (asked.type === 'text' && !asked.text) return 'a text without text'
  if (asked.type === 'call' && !asked.words?.length) return 'a call without words'
  return undefined
}

export const startPhoneGateway = async (
  secret: string,
  now: () => number,
  deliver: GatewayDeliver,
): Promise<PhoneGateway> => {
  const asked: Asked[] = []
  const nextAnswers: PhoneGateway['nextAnswers'] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const told = nextAnswers.shift()
      if (told) return response.writeHead(told.status, told.headers).end(told.text)
      const body = Buffer.concat(chunks).toString('utf8')
      const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
        String(request.headers[name] ?? ''),
      ) as [string, string, string]
      if (
        !isSame(given, sign(secret, id, timestamp, body)) ||
        Math.abs(now() - Number(timestamp) * 1_000) > TOLERANCE_MS
      )
        return response.writeHead(401).end('the signature is wrong or old')
      const one = JSON.parse(body) as Asked
      const fault = faultOf(one)
      if (fault) return response.writeHead(422).end(fault)
      asked.push(one)
      return response.writeHead(202).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
    asked,
    nextAnswers,
    tell: (note, change = {}) => {
      const body = JSON.stringify(note)
      const id = randomUUID()
      const timestamp = String(Math.floor((change.at ?? now()) / 1_000))
      return deliver(change.path ?? '/telephony/gateway', body, {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': sign(change.secret ?? secret, id, timestamp, body),
      })
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
