/** A receiver of signed webhooks as www.standardwebhooks.com asks one to be: wrong signature or old timestamp, and it takes nothing. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type WebhookReceiver = {
  readonly url: string
  /** As it was printed for the receiver: `whsec_` and base64. */
  secret: string
  readonly received: { readonly id: string; readonly payload: Record<string, unknown> }[]
  readonly refusals: string[]
  readonly nextAnswers: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[]
  readonly close: () => Promise<void>
}

const TOLERANCE_SECONDS = 300

/** @param nowSeconds the receiver's clock: tests move theirs */
const faultIn = (
  headers: Record<string, string | undefined>,
  body: string,
  secret: string,
  nowSeconds: number,
): string | undefined => {
  const {
    'webhook-id': id,
    'webhook-timestamp': timestamp = '',
    'webhook-signature': signature = '',
  } = headers
  if (!id) return 'no webhook-id'
  if (!/^\d+$/.test(timestamp) || Math.abs(nowSeconds - Number(timestamp)) > TOLERANCE_SECONDS)
    return 'the timestamp is too old or too new'
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  const right = signature.split(' ').some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ''), 'base64')
    return each.startsWith('v1,') && given.length === wanted.length && timingSafeEqual(given, wanted)
  })
  return right ? undefined : 'the signature is wrong'
}

export const startWebhookReceiver = async (now: () => number): Promise<WebhookReceiver> => {
  const receiver: Omit<WebhookReceiver, 'url' | 'close'> = {
    secret: '',
    received: [],
    refusals: [],
    nextAnswers: [],
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const told = receiver.nextAnswers.shift()
      if (told) return response.writeHead(told.status, told.headers).end()
      const body = Buffer.concat(chunks).toString('utf8')
      const headers = request.headers as Record<string, string | undefined>
      // The first message comes before anybody could have copied the secret.
      const fault = receiver.secret
        ? faultIn(headers, body, receiver.secret, Math.floor(now() / 1_000))
        : undefined
      if (fault) {
        receiver.refusals.push(fault)
        return response.writeHead(401).end()
      }
      receiver.received.push({
        id: headers['webhook-id'] ?? '',
        payload: JSON.parse(body) as Record<string, unknown>,
      })
      return response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  })
}
