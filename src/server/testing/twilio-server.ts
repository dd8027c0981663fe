/**
 * Twilio's REST API 2010-04-01 in the test's own process, written from its documentation: it refuses what they document
 * (credentials, numbers, senders, lengths, callbacks, subscribers who said STOP, haste) with their codes, and calls back
 * with a valid signature.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Form = Readonly<Record<string, string>>
export type TwilioSent = {
  readonly sid: string
  readonly resource: 'Messages' | 'Calls'
  readonly form: Form
}

/** How their callbacks reach us; returns what we answered. */
export type Deliver = (
  path: string,
  form: Form,
  headers: Readonly<Record<string, string>>,
) => Promise<{ readonly statusCode: number; readonly body: string }>

export type TwilioServer = {
  /** For SMS_GATEWAY. */
  readonly gateway: string
  readonly sent: TwilioSent[]
  /** Numbers whose people said STOP. */
  readonly unsubscribed: Set<string>
  /** Answers for the next requests, before anything is looked at. */
  readonly nextAnswers: { status: number; headers?: Readonly<Record<string, string>>; body?: object }[]
  /** Reports about a message or call to the StatusCallback it was sent with. */
  readonly report: (sent: TwilioSent, form: Form) => ReturnType<Deliver>
  /** Somebody presses keys while the call's Gather waits. */
  readonly press: (call: TwilioSent, digits: string) => ReturnType<Deliver>
  /** A text message comes in at our number. */
  readonly receive: (from: string, text: string) => ReturnType<Deliver>
  /** What BASE_URL says of us. */
  readonly publicUrl: string
  /** Any callback of theirs, signed. */
  readonly call: (address: string, form: Form) => ReturnType<Deliver>
  /** Posts with a signature of one's own making. */
  readonly forge: (path: string, form: Form, signature?: string) => ReturnType<Deliver>
  readonly close: () => Promise<void>
}

/** Their code decides the status; the body is theirs. */
class Refused extends Error {
  readonly code: number
  readonly status: number
  constructor(code: number, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

const E164 = /^\+[1-9]\d{1,14}$/
const MOST_BODY = 1_600
const MOST_TWIML = 4_000

const isPublicUrl = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).hostname.includes('.')

const checkCallback = (url: string | undefined, code: number): void => {
  if (url !== undefined && !isPublicUrl(url)) throw new Refused(code, `The Url ${url} is not valid`)
}

const checkMessage = (form: Form, owned: readonly string[], stopped: ReadonlySet<string>): void => {
  const { To: to, From: from, Body: body } = form
  if (!to) throw new Refused(21604, "A 'To' phone number is required.")
  if (!from) throw new Refused(21603, "A 'From' phone number is required.")
  if (!body) throw new Refused(21602, 'Message body is required.')
  if (!E164.test(to)) throw new Refused(21211, `Invalid 'To' Phone Number: ${to}`)
  if (!owned.includes(from)) throw new Refused(21606, `The From phone number ${from} is not a valid sender`)
  if ([...body].length > MOST_BODY)
    throw new Refused(21617, 'The concatenated message body exceeds the 1600 character limit')
  checkCallback(form['StatusCallback'], 21609)
  if (stopped.has(to)) throw new Refused(21610, 'Attempt to send to unsubscribed recipient')
}

/** Enough of XML to find what is not balanced. */
const isBalanced = (text: string): boolean => {
  const open: string[] = []
  for (const [, close, name, self] of text.matchAll(/<(\/?)([A-Za-z]+)[^<>]*?(\/?)>/g)) {
    if (self) continue
    if (close) {
      if (open.pop() !== name) return false
    } else open.push(name as string)
  }
  return open.length === 0 && !/&(?!#\d+;|amp;|lt;|gt;|quot;|apos;)/.test(text)
}

const checkCall = (form: Form, owned: readonly string[]): void => {
  const { To: to, From: from, Twiml: twiml, Url: url } = form
  if (!to) throw new Refused(21201, "No 'To' number specified")
  if (!from) throw new Refused(21213, "No 'From' number specified")
  if (!E164.test(to)) throw new Refused(21211, `Invalid 'To' Phone Number: ${to}`)
  if (!owned.includes(from))
    throw new Refused(21210, `The source phone number provided, ${from}, is not yet verified`)
  if (!twiml && !url) throw new Refused(21205, 'Url is required')
  if (twiml && (twiml.length > MOST_TWIML || !twiml.startsWith('<Response>') || !isBalanced(twiml)))
    throw new Refused(12100, 'Document parse failure')
  checkCallback(form['StatusCallback'], 21609)
}

const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const answer = (response: ServerResponse, status: number, body: object, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** As www.twilio.com/docs/usage/security describes it: the address, then each name and value in order of the names. */
export const signAsTwilio = (token: string, url: string, form: Form): string =>
  createHmac('sha1', token)
    .update(
      url +
        Object.entries(form)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => name + value)
          .join(''),
    )
    .digest('base64')

type Taking = Pick<TwilioServer, 'sent' | 'unsubscribed' | 'nextAnswers'> & {
  readonly account: string
  readonly authorization: string
  readonly owned: readonly string[]
}

const takeOne = async (taking: Taking, request: IncomingMessage): Promise<object> => {
  const { account, authorization, owned, sent, unsubscribed } = taking
  const resource = new RegExp(`^/2010-04-01/Accounts/${account}/(Messages|Calls)\\.json$`).exec(
    request.url ?? '',
  )?.[1] as 'Messages' | 'Calls' | undefined
  const form = Object.fromEntries(new URLSearchParams(await readText(request)))
  if (request.headers.authorization !== authorization) throw new Refused(20003, 'Authenticate', 401)
  if (!resource || request.method !== 'POST')
    throw new Refused(20404, 'The requested resource was not found', 404)
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    throw new Refused(21604, "A 'To' phone number is required.")
  if (resource === 'Messages') checkMessage(form, owned, unsubscribed)
  else checkCall(form, owned)
  const made = {
    sid: `${resource === 'Messages' ? 'SM' : 'CA'}${randomBytes(16).toString('hex')}`,
    resource,
    form,
  }
  sent.push(made)
  return { sid: made.sid, account_sid: account, status: 'queued', to: form['To'], from: form['From'] }
}

const openServer = (taking: Taking) =>
  createServer((request, response) => {
    const told = taking.nextAnswers.shift()
    if (told) {
      request.resume()
      return answer(response, told.status, told.body ?? {}, told.headers)
    }
    takeOne(taking, request).then(
      (made) => answer(response, 201, made),
      (error: Refused) =>
        answer(response, error.status ?? 500, {
          code: error.code,
          message: error.message,
          more_info: `https://www.twilio.com/docs/errors/${error.code}`,
          status: error.status ?? 500,
        }),
    )
  })

/**
 * @param owned the numbers that may be sent and called from
 * @param publicUrl what our BASE_URL says: they sign the address they were given
 */
export const startTwilioServer = async (
  owned: readonly string[],
  publicUrl: string,
  deliver: Deliver,
): Promise<TwilioServer> => {
  const account = `AC${randomBytes(16).toString('hex')}`
  const token = randomBytes(16).toString('hex')
  const taking: Taking = {
    account,
    authorization: `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`,
    owned,
    sent: [],
    unsubscribed: new Set(),
    nextAnswers: [],
  }
  const server = openServer(taking)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const call = (url: string, form: Form, signature = signAsTwilio(token, url, form)) =>
    deliver(url.slice(publicUrl.length), form, {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...(signature ? { 'x-twilio-signature': signature } : {}),
    })
  return {
    gateway: `twilio+http://${account}:${token}@127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: taking.sent,
    unsubscribed: taking.unsubscribed,
    nextAnswers: taking.nextAnswers,
    report: ({ sid, resource, form }, given) =>
      call(form['StatusCallback'] ?? '', {
        AccountSid: account,
        [resource === 'Messages' ? 'MessageSid' : 'CallSid']: sid,
        From: form['From'] ?? '',
        To: form['To'] ?? '',
        ...given,
      }),
    press: ({ sid, form }, digits) => {
      const action = /<Gather[^>]* action="([^"]+)"/.exec(form['Twiml'] ?? '')?.[1] ?? ''
      return call(action, { AccountSid: account, CallSid: sid, CallStatus: 'in-progress', Digits: digits })
    },
    receive: (from, text) =>
      call(`${publicUrl}/telephony/twilio/messages`, {
        AccountSid: account,
        MessageSid: `SM${randomBytes(16).toString('hex')}`,
        From: from,
        To: owned[0] ?? '',
        Body: text,
        NumMedia: '0',
      }),
    publicUrl,
    call: (address, form) => call(address, { AccountSid: account, ...form }),
    forge: (path, form, signature = '') => call(`${publicUrl}${path}`, form, signature),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
