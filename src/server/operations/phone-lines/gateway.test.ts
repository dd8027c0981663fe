/** A gateway of one's own puts callers through as Twilio does, in signed JSON. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startPhoneGateway, type PhoneGateway } from '../../testing/phone-gateway.ts'
import { pagingTest, type PagingTest } from '../paging/paging.fixture.ts'

const LINE = '+46705550100'
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
    env: { SMS_GATEWAY: gateway.url, SMS_GATEWAY_SECRET: secret, VOICE_FROM: LINE },
  })
  const made = await ask('POST', '/api/me/contact-methods', { kind: 'voice', number: BO })
  const code = /\b\d{6}\b/.exec((gateway.asked.at(-1)?.words?.join(' ') ?? '').replace(/, /g, ''))?.[0]
  const { id } = made.json().method as { id: string }
  assert.equal((await ask('POST', `/api/me/contact-methods/${id}/verify`, { code })).statusCode, 200)
  const line = await ask('PUT', `/api/environments/acme-prod/phone-lines/${LINE}`, { name: 'Acme hotline' })
  assert.equal(line.statusCode, 200, line.body)
})
after(async () => {
  await paging?.stop()
  await gateway?.close()
})

const ask = (method: 'POST' | 'PUT', url: string, payload: object) =>
  paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${paging.team.engineers[0].token}` },
    payload,
  })
const tell = async (note: object) => {
  const { statusCode, body } = await gateway.tell(note, { path: '/telephony/gateway/calls' })
  assert.equal(statusCode, 200, body)
  return JSON.parse(body) as {
    say: string | null
    ring: { number: string; position: number } | null
    record: boolean
  }
}
const statusOf = async (gatewayId: string) =>
  (
    await paging.server.platform.database.db
      .selectFrom('phone_calls')
      .select('status')
      .where('gateway_id', '=', gatewayId)
      .executeTakeFirst()
  )?.status

test('a call rings where we say, is taken by the key, and a second key is told that it is gone', async () => {
  const first = await tell({ type: 'call', id: 'one', from: '+46705550777', to: LINE })
  assert.match(first.say ?? '', /on-call line of Acme hotline/)
  assert.deepEqual([first.ring?.number, first.ring?.position], [BO, 0])
  assert.deepEqual(await tell({ type: 'taken', id: 'one', position: 0 }), {
    say: null,
    ring: null,
    record: false,
  })
  assert.equal(await statusOf('one'), 'taken')
  assert.deepEqual(await tell({ type: 'ended', id: 'one' }), { say: null, ring: null, record: false })
  assert.equal(await statusOf('one'), 'taken')
})

test('passed by everybody it may be left as a message; given up it is missed; unknown calls move nothing', async () => {
  await tell({ type: 'call', id: 'two', from: 'anonymous', to: LINE })
  const left = await tell({ type: 'passed', id: 'two', position: 0 })
  assert.deepEqual([left.ring, left.record], [null, true])
  await tell({ type: 'message', id: 'two', url: 'https://gateway.example.org/m/2' })
  await tell({ type: 'call', id: 'three', from: '+46705550777', to: LINE })
  await tell({ type: 'ended', id: 'three' })
  assert.deepEqual([await statusOf('two'), await statusOf('three')], ['missed', 'missed'])
  assert.deepEqual(await tell({ type: 'taken', id: 'nobody', position: 0 }), {
    say: null,
    ring: null,
    record: false,
  })
  assert.deepEqual(await tell({ type: 'call', id: 'four', from: '', to: '+46705550199' }), {
    say: null,
    ring: null,
    record: false,
  })
})

test('what is unsigned or of another shape is refused', async () => {
  const path = '/telephony/gateway/calls'
  const call = { type: 'call', id: 'five', from: '', to: LINE }
  assert.equal((await gateway.tell(call, { path, secret: 'another secret of some length' })).statusCode, 401)
  assert.equal((await gateway.tell({ type: 'call', id: 'five' }, { path })).statusCode, 422)
  assert.equal(await statusOf('five'), undefined)
})
