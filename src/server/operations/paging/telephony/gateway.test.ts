/** A gateway of one's own carries pages as the vendor's does: signed both ways, with reports, replies and keys. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startPhoneGateway, type PhoneGateway } from '../../../testing/phone-gateway.ts'
import { pagingTest, type PagingTest } from '../paging.fixture.ts'

const BO = '+46705550123'
const secret = randomBytes(24).toString('hex')
let paging: PagingTest
let gateway: PhoneGateway
before(async () => {
  gateway = await startPhoneGateway(
    secret,
    () => paging.server.clock.now(),
    (url, payload, headers) => paging.server.http.inject({ method: 'POST', url, headers, payload }),
  )
  paging = await pagingTest({
    env: {
      SMTP_URL: '',
      SMS_GATEWAY: gateway.url,
      SMS_GATEWAY_SECRET: secret,
      SMS_FROM: 'Fortnight',
      VOICE_FROM: '+46705550100',
    },
  })
  await proven('sms')
  paging.server.clock.advance(60_000)
  await proven('voice')
})
after(async () => {
  await paging?.stop()
  await gateway?.close()
})

const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
  paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${paging.team.engineers[0].token}` },
    ...(payload ? { payload } : {}),
  })
const proven = async (kind: 'sms' | 'voice'): Promise<void> => {
  const made = await ask('POST', '/api/me/contact-methods', { kind, number: '0046705550123' })
  assert.equal(made.statusCode, 201, made.body)
  assert.equal(made.json().code.kind, 'accepted', made.body)
  const last = gateway.asked.at(-1)!
  const code = /\b\d{6}\b/.exec((last.text ?? last.words?.join(' ') ?? '').replace(/, /g, ''))?.[0]
  const { id } = made.json().method as { id: string }
  assert.equal((await ask('POST', `/api/me/contact-methods/${id}/verify`, { code })).statusCode, 200)
}
let round = 0
const ring = async (environment = paging.team.acmeProd) => {
  gateway.asked.length = 0
  await paging.fire(environment, { name: `Trouble ${++round}` })
  await paging.drain()
  const page = (await paging.pagesOf(environment)).at(-1)!
  const intentOf = async (channel: string) =>
    (await paging.intentsOf(page.id)).find((each) => each.channel === channel)!
  const status = async () => (await ask('GET', `/api/pages/${page.id}`)).json().status as string
  return { page, intentOf, status }
}

test('a page goes out by text and call, and what is reported, replied and pressed counts as elsewhere', async () => {
  const { intentOf, status } = await ring()
  const text = gateway.asked.find(({ type }) => type === 'text')!
  const call = gateway.asked.find(({ type }) => type === 'call')!
  assert.deepEqual([text.to, call.to, text.callback], [BO, BO, 'http://fortnight.test/telephony/gateway'])
  assert.match(call.question ?? '', /Press 1/)
  await gateway.tell({ type: 'status', id: text.id, status: 'failed', detail: 'no credit' })
  assert.deepEqual(
    [(await intentOf('sms')).delivery, (await intentOf('sms')).delivery_detail],
    ['failed', 'no credit'],
  )
  const other = await gateway.tell({ type: 'key', id: call.id, digit: '3' })
  assert.match(other.body, /Nobody has taken it/)
  const pressed = await gateway.tell({ type: 'key', id: call.id, digit: '1' })
  assert.match(JSON.parse(pressed.body).say, /^You have it/)
  assert.equal(await status(), 'acknowledged')
})

test('a reply takes the page; a note that is forged, old or of another shape changes nothing', async () => {
  const { status } = await ring(paging.team.globexProd)
  const reply = { type: 'reply', from: BO, text: 'ack' }
  const guessed = await gateway.tell(reply, { secret: 'a guess of sixteen letters' })
  const old = await gateway.tell(reply, { at: paging.server.clock.now() - 6 * 60_000 })
  assert.deepEqual([guessed.statusCode, old.statusCode], [401, 401])
  assert.equal((await gateway.tell({ type: 'take-all' })).statusCode, 422)
  assert.equal((await gateway.tell({ ...reply, from: '+46705550999' })).body, '{"say":null}')
  assert.equal(await status(), 'open')
  await gateway.tell(reply)
  assert.equal(await status(), 'acknowledged')
})

test('a gateway that is busy is asked again, and one that refuses is believed', async () => {
  gateway.nextAnswers.push(
    { status: 503, headers: { 'retry-after': '1' } },
    { status: 422, text: 'this trunk calls nobody abroad' },
  )
  const { intentOf } = await ring(paging.team.acmeStaging)
  const both = [await intentOf('sms'), await intentOf('voice')]
  const failed = both.find(({ status }) => status === 'failed')
  assert.match(failed?.outcome ?? '', /422: this trunk calls nobody abroad/)
  assert.equal(both.filter(({ status }) => status === 'intended').length, 1)
})
