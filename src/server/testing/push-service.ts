/**
 * A push service and the browsers behind it, in the test's own process, written from the RFCs: it refuses what they
 * forbid (8030 delivery, 8292 identification) and its browsers decrypt what arrives (8291 over 8188).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { checkVapid } from './vapid.ts'
import { openBrowserKeys, type BrowserKeys } from './aes128gcm.ts'

/** RFC 8030 section 7.2: at least 4,096 bytes are taken; this service takes exactly that. */
const MOST_BYTES = 4_096
const URGENCIES = ['very-low', 'low', 'normal', 'high']

export type PushedMessage = {
  readonly ttl: number
  readonly urgency: string
  readonly topic: string | undefined
  readonly text: string
  readonly bytes: number
}

export type PushedBrowser = {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
  /** What waits for this browser, decrypted; a newer message of the same topic has replaced the older (section 5.4). */
  readonly inbox: PushedMessage[]
  /** Everything that was ever accepted for it. */
  readonly accepted: PushedMessage[]
  /** The person took the permission back: the service answers 410 from now on. */
  readonly unsubscribe: () => void
}

export type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> }

export type PushService = {
  readonly url: string
  /** @param applicationServerKey the only key that may push to it, as `pushManager.subscribe` is given it */
  readonly subscribe: (applicationServerKey: string, endpoint?: string) => PushedBrowser
  /** Answers for the next requests, before anything is looked at: 429, 503 … */
  readonly nextAnswers: Answer[]
  /** Reasons of refusals, newest last. */
  readonly refusals: string[]
  /** Until it is called, answers of requests that arrive from now on are kept back. */
  readonly holdAnswers: () => () => void
  readonly requests: () => number
  readonly close: () => Promise<void>
}

/** Thrown by the checks; becomes the answer. */
class Refused extends Error {
  readonly status: number
  constructor(status: number, why: string) {
    super(why)
    this.status = status
  }
}

type Subscription = {
  readonly browser: PushedBrowser
  readonly keys: BrowserKeys
  readonly applicationServerKey: string
  gone: boolean
}

const single = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** RFC 8030 sections 5.2 to 5.4. */
const readHeaders = (request: IncomingMessage) => {
  const ttl = single(request, 'ttl')
  if (ttl === undefined || !/^\d{1,10}$/.test(ttl)) throw new Refused(400, 'TTL is missing or not a number')
  const urgency = single(request, 'urgency') ?? 'normal'
  if (!URGENCIES.includes(urgency)) throw new Refused(400, `Urgency ${urgency} does not exist`)
  const topic = single(request, 'topic')
  if (topic !== undefined && !/^[A-Za-z0-9_-]{1,32}$/.test(topic))
    throw new Refused(400, 'Topic is longer than 32 or not of the URL-safe alphabet')
  return { ttl: Number(ttl), urgency, topic }
}

const take = (subscription: Subscription, request: IncomingMessage, body: Buffer, origin: string): number => {
  const fault = checkVapid(single(request, 'authorization'), {
    origin,
    key: subscription.applicationServerKey,
    now: Date.now(),
  })
  if (fault) throw new Refused(fault.status, fault.why)
  const headers = readHeaders(request)
  if (body.length > MOST_BYTES) throw new Refused(413, `${body.length} bytes are more than ${MOST_BYTES}`)
  if (body.length > 0 && single(request, 'content-encoding') !== 'aes128gcm')
    throw new Refused(415, 'the content is not encoded as aes128gcm')
  // A real service cannot look inside. This one does, so that what no browser could read is found at once.
  const text = subscription.keys.decrypt(body).toString('utf8')
  const message = { ...headers, text, bytes: body.length }
  const { inbox, accepted } = subscription.browser
  const replaced = headers.topic ? inbox.findIndex(({ topic }) => topic === headers.topic) : -1
  if (replaced >= 0) inbox.splice(replaced, 1)
  inbox.push(message)
  accepted.push(message)
  return headers.ttl
}

const openSubscription = (applicationServerKey: string, endpoint: string): Subscription => {
  const keys = openBrowserKeys()
  const subscription: Subscription = {
    keys,
    applicationServerKey,
    gone: false,
    browser: {
      endpoint,
      keys: { p256dh: keys.p256dh, auth: keys.auth },
      inbox: [],
      accepted: [],
      unsubscribe: () => {
        subscription.gone = true
      },
    },
  }
  return subscription
}

/** The way a push resource answers (RFC 8030 section 5): 201 with the message's own address. */
const answerTo = async (
  request: IncomingMessage,
  found: Subscription | undefined,
  origin: string,
): Promise<Answer> => {
  const body = await readBody(request)
  if (request.method !== 'POST') throw new Refused(405, 'only POST pushes')
  if (!found) throw new Refused(404, 'there is no such subscription')
  if (found.gone) throw new Refused(410, 'the subscription has ended')
  const ttl = take(found, request, body, origin)
  return { status: 201, headers: { location: `${origin}/message/${randomUUID()}`, ttl: String(ttl) } }
}

export const startPushService = async (port = 0): Promise<PushService> => {
  const subscriptions = new Map<string, Subscription>()
  const nextAnswers: Answer[] = []
  const refusals: string[] = []
  let gate: Promise<void> | undefined
  let requests = 0
  let origin = ''

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1
    const held = gate
    const told = nextAnswers.shift()
    const answer =
      told ??
      (await answerTo(request, subscriptions.get(request.url ?? ''), origin).catch(
        (error: Error & { status?: number }): Answer => {
          refusals.push(error.message)
          return { status: error.status ?? 400 }
        },
      ))
    await held
    response.writeHead(answer.status, answer.headers).end()
  }
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: origin,
    nextAnswers,
    refusals,
    requests: () => requests,
    subscribe: (applicationServerKey, path = `/push/${randomUUID()}`) => {
      const subscription = openSubscription(applicationServerKey, `${origin}${path}`)
      subscriptions.set(path, subscription)
      return subscription.browser
    },
    holdAnswers: () => {
      let release: () => void = () => undefined
      gate = new Promise((resolve) => {
        release = resolve
      })
      return () => {
        gate = undefined
        release()
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
