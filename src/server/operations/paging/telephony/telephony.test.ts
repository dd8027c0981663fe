/** Pages by text and call, through a gateway that enforces what it documents: what is accepted, delivered, refused and answered is told apart, and nobody forges an answer. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { twilioSignature } from '../../../platform/carriers/twilio.ts'
import { startTwilioServer, type TwilioServer } from '../../../testing/twilio-server.ts'
import type { SeededPerson } from '../../../testing/seed.ts'
import { acknowledgePage } from '../acknowledge-page.ts'
import { MINUTE, pagingTest, type PagingTest } from '../paging.fixture.ts'

const OURS = '+46705550100'
const BO = '+46705550123'
const STRANGER = '+46705550999'

let paging: PagingTest
let twilio: TwilioServer
let bo: SeededPerson
let sms = ''
let voice = ''
before(async () => {
  twilio = await startTwilioServer([OURS], 'http://fortnight.test', (url, form, headers) =>
    paging.server.http.inject({
      method: 'POST',
      url,
      headers,
      payload: new URLSearchParams(form).toString(),
    }),
  )
  paging = await pagingTest({
    env: { SMTP_URL: '', SMS_GATEWAY: twilio.gateway, SMS_FROM: OURS, VOICE_FROM: OURS },
  })
  bo = paging.team.engineers[0]
  sms = await proven('sms')
  voice = await proven('voice')
})
after(async () => {
  await paging?.stop()
  await twilio?.close()
})
beforeEach(async () => {
  twilio.sent.length = 0
  const { db } = paging.server.platform.database
  const open = await db.selectFrom('pages').select('id').where('status', '=', 'open').execute()
  for (const { id } of open)
    await acknowledgePage(paging.server.as(paging.team.administrator.actor), { pageId: id })
  // What went to the number before is too old to be meant.
  paging.server.clock.advance(25 * 60 * MINUTE)
  await paging.drain()
})

const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
  paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${bo.token}` },
    ...(payload ? { payload } : {}),
  })
const proven = async (kind: 'sms' | 'voice'): Promise<string> => {
  const made = await ask('POST', '/api/me/contact-methods', { kind, number: '+46 70-555 01 23' })
  assert.equal(made.statusCode, 201, made.body)
  const { form } = twilio.sent.at(-1)!
  assert.equal(form['To'], BO)
  const words = kind === 'sms' ? form['Body'] : form['Twiml']?.replace(/, /g, '')
  const { id } = made.json().method as { id: string }
  const code = /\b\d{6}\b/.exec(words ?? '')?.[0]
  assert.equal((await ask('POST', `/api/me/contact-methods/${id}/verify`, { code })).statusCode, 200)
  return id
}
const tellBy = async (...steps: [method: string, afterMinutes: number][]): Promise<void> => {
  const rule = {
    occasions: ['page'],
    priorities: [],
    hours: null,
    steps: steps.map(([method, afterMinutes]) => ({ method, afterMinutes })),
  }
  const reply = await ask('PUT', '/api/me/notification-rules', { rules: [rule], quiet: null })
  assert.equal(reply.statusCode, 200, reply.body)
}
let round = 0
const ring = async (environment = paging.team.acmeProd) => {
  await paging.fire(environment, { name: `Trouble ${++round}` })
  await paging.drain()
  return (await paging.pagesOf(environment)).at(-1)!
}
const statusOf = async (pageId: string) =>
  (await ask('GET', `/api/pages/${pageId}`)).json() as {
    status: string
    acknowledgedBy: { name: string } | null
    intents: {
      channel: string
      status: string
      outcome: string
      delivery: { status: string; detail: string } | null
    }[]
  }
const intentOf = async (pageId: string, channel: string) =>
  (await statusOf(pageId)).intents.find((each) => each.channel === channel)!

test('the signature is the one of the documentation', () => {
  const form = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  }
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  assert.equal(twilioSignature('12345', url, form), 'RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})

test('a text is accepted, and what the network reports later is told: delivered stays, whatever comes after', async () => {
  await tellBy([sms, 0])
  const page = await ring()
  const [text] = twilio.sent
  assert.match(text!.form['Body'] ?? '', /^\[P1\] Acme production: Trouble/)
  assert.match(text!.form['Body'] ?? '', new RegExp(`http://fortnight.test/pages/${page.id}`))
  assert.deepEqual(
    [(await intentOf(page.id, 'sms')).status, (await intentOf(page.id, 'sms')).delivery],
    ['sent', null],
  )
  await twilio.report(text!, { MessageStatus: 'sent' })
  assert.equal((await intentOf(page.id, 'sms')).delivery, null, 'on its way is no delivery')
  assert.equal((await twilio.report(text!, { MessageStatus: 'delivered' })).statusCode, 204)
  await twilio.report(text!, { MessageStatus: 'undelivered', ErrorCode: '30003' })
  assert.equal((await intentOf(page.id, 'sms')).delivery?.status, 'delivered')
})

test('a text that did not arrive says why, in words', async () => {
  await tellBy([sms, 0])
  const page = await ring()
  await twilio.report(twilio.sent[0]!, { MessageStatus: 'undelivered', ErrorCode: '30003' })
  const { status, detail } = (await intentOf(page.id, 'sms')).delivery!
  assert.equal(status, 'failed')
  assert.match(detail, /undelivered: the phone could not be reached: off or without network \(30003\)/)
  const shown = await paging.server.http.inject({
    url: `/pages/${page.id}`,
    headers: { cookie: bo.cookie, accept: 'text/html' },
  })
  assert.match(shown.body, /text message did not arrive/)
})

test('what the gateway refuses ends the promise with its reason; what it asks to wait for is tried again', async () => {
  await tellBy([sms, 0])
  twilio.unsubscribed.add(BO)
  const page = await ring()
  twilio.unsubscribed.delete(BO)
  const refused = await intentOf(page.id, 'sms')
  assert.equal(refused.status, 'failed')
  assert.match(refused.outcome, /400: the person has unsubscribed from our number \(STOP\)/)
  const later = {
    status: 429,
    headers: { 'retry-after': '20' },
    body: { code: 20429, message: 'Too Many Requests' },
  }
  twilio.nextAnswers.push(later)
  const next = await ring(paging.team.globexProd)
  assert.equal((await intentOf(next.id, 'sms')).status, 'intended')
  paging.server.clock.advance(19_999)
  await paging.drain()
  assert.equal(twilio.sent.length, 0)
  paging.server.clock.advance(1)
  await paging.drain()
  assert.equal((await intentOf(next.id, 'sms')).status, 'sent')
})

test('wrong credentials are said as such and never shown', async () => {
  await tellBy([sms, 0])
  twilio.nextAnswers.push({ status: 401, body: { code: 20003, message: 'Authenticate', status: 401 } })
  const page = await ring()
  const { outcome } = await intentOf(page.id, 'sms')
  assert.match(outcome, /does not accept our credentials \(20003\)/)
  assert.doesNotMatch(outcome, new RegExp(new URL(twilio.gateway.replace('twilio+', '')).password))
})

test('1 takes the page, the person is told that they have it, and the way is proven again', async () => {
  await tellBy([sms, 0])
  const page = await ring()
  const answer = await twilio.receive(BO, ' 1 ')
  assert.match(answer.body, /<Message>You have it: Trouble/)
  const { status, acknowledgedBy } = await statusOf(page.id)
  assert.deepEqual([status, acknowledgedBy?.name], ['acknowledged', bo.name])
  const { rows } = (await ask('GET', '/api/me/contact-methods')).json() as {
    rows: { id: string; provenAt: number }[]
  }
  assert.equal(rows.find(({ id }) => id === sms)?.provenAt, paging.server.clock.now())
  assert.match((await twilio.receive(BO, '1')).body, /No open page is meant/)
})

test('a signed reply that comes again takes no page that opened since', async () => {
  await tellBy([sms, 0])
  const first = await ring()
  const form = { MessageSid: 'SM0123456789abcdef', From: BO, To: OURS, Body: '1', NumMedia: '0' }
  const reply = () => twilio.call('http://fortnight.test/telephony/twilio/messages', form)
  assert.match((await reply()).body, /You have it/)
  assert.equal((await statusOf(first.id)).status, 'acknowledged')
  const second = await ring()
  const again = await reply()
  assert.equal(again.statusCode, 200)
  assert.doesNotMatch(again.body, /<Message>/)
  assert.equal((await statusOf(second.id)).status, 'open')
})

test('with two pages open nothing is guessed: the number in the message says which', async () => {
  await tellBy([sms, 0])
  const first = await ring()
  const second = await ring(paging.team.globexProd)
  assert.match((await twilio.receive(BO, 'ack')).body, /Several pages are open/)
  assert.equal((await statusOf(first.id)).status, 'open')
  const number = /ack (\d{4})/.exec(twilio.sent[1]!.form['Body'] ?? '')?.[1]
  await twilio.receive(BO, `Ack ${number}`)
  assert.equal((await statusOf(second.id)).status, 'acknowledged')
  assert.equal((await statusOf(first.id)).status, 'open')
})

test('a key pressed in the call takes the page; another key, or nobody at the phone, does not', async () => {
  await tellBy([voice, 0])
  const page = await ring()
  const [call] = twilio.sent
  assert.equal(call!.resource, 'Calls')
  assert.match(call!.form['Twiml'] ?? '', /Press 1 to take this page/)
  assert.match((await twilio.press(call!, '5')).body, /Nobody has taken it/)
  assert.equal((await statusOf(page.id)).status, 'open')
  assert.match((await twilio.press(call!, '1')).body, /<Say language="en">You have it/)
  assert.equal((await statusOf(page.id)).status, 'acknowledged')
  await twilio.report(call!, { CallStatus: 'completed' })
  assert.equal((await intentOf(page.id, 'voice')).delivery?.status, 'delivered')
})

test('a call that nobody answers is no delivery', async () => {
  await tellBy([voice, 0])
  const page = await ring()
  await twilio.report(twilio.sent[0]!, { CallStatus: 'no-answer' })
  assert.deepEqual((await intentOf(page.id, 'voice')).delivery?.status, 'failed')
})

test('forged, unsigned and replanted calls are refused and change nothing', async () => {
  await tellBy([voice, 0])
  const page = await ring()
  const path = /action="http:\/\/fortnight\.test([^"]+)"/.exec(twilio.sent[0]!.form['Twiml'] ?? '')?.[1] ?? ''
  const form = { CallSid: 'CA1', Digits: '1' }
  for (const signature of [
    '',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    twilioSignature('guessed', `http://fortnight.test${path}`, form),
  ])
    assert.equal((await twilio.forge(path, form, signature)).statusCode, 401, signature)
  const { body: own } = await twilio.press(twilio.sent[0]!, '5')
  assert.match(own, /Nobody has taken it/)
  const reply = { From: BO, Body: '1' }
  assert.equal((await twilio.forge('/telephony/twilio/messages', reply)).statusCode, 401)
  const report = { MessageStatus: 'delivered' }
  const status = path.replace('keys', 'status')
  assert.equal((await twilio.forge(status, report)).statusCode, 401)
  assert.equal((await statusOf(page.id)).status, 'open')
  assert.equal((await intentOf(page.id, 'voice')).delivery, null)
})

test('a number that no page went to changes nothing and is told nothing', async () => {
  await tellBy([sms, 0])
  const page = await ring()
  const answer = await twilio.receive(STRANGER, '1')
  assert.equal(answer.statusCode, 200)
  assert.doesNotMatch(answer.body, /Message/)
  assert.equal((await statusOf(page.id)).status, 'open')
})

test('a person who lost the right to take pages takes none by phone', async () => {
  await tellBy([sms, 0])
  const page = await ring()
  const path = `/api/accounts/${bo.id}`
  const change = (roles: string[]) =>
    paging.server.http.inject({
      method: 'PATCH',
      url: path,
      headers: { authorization: `Bearer ${paging.team.administrator.token}` },
      payload: { roles },
    })
  assert.equal((await change(['auditor'])).statusCode, 200)
  await twilio.receive(BO, '1')
  assert.equal((await change(['engineer'])).statusCode, 200)
  assert.equal((await statusOf(page.id)).status, 'open')
})
