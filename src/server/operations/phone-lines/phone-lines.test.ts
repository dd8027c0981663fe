/** A caller reaches whoever is on call, or an alert does; no machine takes a call, no call is lost, and no forged report moves one. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { callIn, type AtThePhone } from '../../testing/twilio-caller.ts'
import { startTwilioServer, type TwilioServer } from '../../testing/twilio-server.ts'
import type { SeededPerson } from '../../testing/seed.ts'
import { MINUTE, pagingTest, type PagingTest } from '../paging/paging.fixture.ts'

const LINE = '+46705550100'
const BO = '+46705550123'
const CLEO = '+46705550124'
const CALLER = '+46705550777'

let paging: PagingTest
let twilio: TwilioServer
before(async () => {
  twilio = await startTwilioServer([LINE], 'http://fortnight.test', (url, form, headers) =>
    paging.server.http.inject({
      method: 'POST',
      url,
      headers,
      payload: new URLSearchParams(form).toString(),
    }),
  )
  paging = await pagingTest({ env: { SMS_GATEWAY: twilio.gateway, SMS_FROM: LINE, VOICE_FROM: LINE } })
  await proven(paging.team.engineers[0], BO)
  await proven(paging.team.engineers[1], CLEO)
  const made = await ask(paging.team.engineers[0], 'PUT', `/api/environments/acme-prod/phone-lines/${LINE}`, {
    name: 'Acme hotline',
    ringSeconds: 20,
  })
  assert.equal(made.statusCode, 200, made.body)
})
after(async () => {
  await paging?.stop()
  await twilio?.close()
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const ask = (who: SeededPerson, method: Method, url: string, payload?: object) =>
  paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${who.token}` },
    ...(payload ? { payload } : {}),
  })
const proven = async (who: SeededPerson, number: string): Promise<void> => {
  const made = await ask(who, 'POST', '/api/me/contact-methods', { kind: 'voice', number })
  assert.equal(made.statusCode, 201, made.body)
  const code = /\b\d{6}\b/.exec((twilio.sent.at(-1)?.form['Twiml'] ?? '').replace(/, /g, ''))?.[0]
  const { id } = made.json().method as { id: string }
  assert.equal((await ask(who, 'POST', `/api/me/contact-methods/${id}/verify`, { code })).statusCode, 200)
}
type Call = {
  status: string
  from: string | null
  takenBy: { name: string } | null
  rangAt: { name: string }[]
  messageUrl: string | null
}
const lines = async () =>
  (await ask(paging.team.engineers[0], 'GET', '/api/environments/acme-prod/phone-lines')).json() as {
    rows: { number: string; name: string; calls: Call[] }[]
    wouldRing: { name: string }[]
    lacks: string | null
  }
const lastCall = async (): Promise<Call> => (await lines()).rows[0]!.calls[0]!
const dial = (...phones: AtThePhone[]) => callIn(twilio, { from: CALLER, to: LINE, phones })
const missedAlerts = async () =>
  paging.server.platform.database.db
    .selectFrom('alerts')
    .select(['summary', 'priority'])
    .where('name', '=', 'CallUnanswered')
    .execute()

test('the line says who would be rung, in the order of the policy', async () => {
  const { wouldRing, lacks } = await lines()
  assert.deepEqual(
    wouldRing.map(({ name }) => name),
    [paging.team.engineers[0].name, paging.team.engineers[1].name],
  )
  assert.equal(lacks, null)
})

test('whoever is on call takes a call by the key, and nobody is paged for it', async () => {
  const made = await dial('key 1')
  assert.deepEqual([made.ended, made.rung], ['connected', [BO]])
  assert.match(made.heard[0] ?? '', /on-call line of Acme hotline/)
  assert.match(made.asked[0] ?? '', /Press 1 to take it/)
  const call = await lastCall()
  assert.deepEqual(
    [call.status, call.from, call.takenBy?.name],
    ['taken', CALLER, paging.team.engineers[0].name],
  )
  assert.deepEqual(await missedAlerts(), [])
  paging.server.clock.advance(30 * MINUTE)
  await paging.drain()
  assert.deepEqual(await missedAlerts(), [], 'the task of a call that was taken did something')
})

test('a machine that picks up takes nothing: it rings at the next', async () => {
  const made = await dial('machine', 'key 1')
  assert.deepEqual([made.ended, made.rung], ['connected', [BO, CLEO]])
  assert.equal((await lastCall()).takenBy?.name, paging.team.engineers[1].name)
})

test('a call that nobody takes is an alert that pages at once, and the message is kept where it was left', async () => {
  const made = await dial('busy', 'key 5')
  assert.deepEqual([made.ended, made.rung], ['message left', [BO, CLEO]])
  assert.match(made.heard.join(' '), /being paged now/)
  const call = await lastCall()
  assert.equal(call.status, 'missed')
  assert.match(call.messageUrl ?? '', /^https:\/\/api\.twilio\.com\//)
  const [alert] = await missedAlerts()
  assert.deepEqual(alert, {
    summary: `Nobody answered a call from ${CALLER} on Acme hotline`,
    priority: 1,
  })
  await paging.drain()
  assert.ok(twilio.sent.length > 0 && (await paging.pagesOf(paging.team.acmeProd)).length === 1)
})

test('a caller who hangs up while it rings is not forgotten', async () => {
  const sid = 'CA00000000000000000000000000000001'
  const before = (await missedAlerts()).length
  await twilio.call('http://fortnight.test/telephony/twilio/calls', {
    CallSid: sid,
    From: 'anonymous',
    To: LINE,
  })
  await twilio.call('http://fortnight.test/telephony/twilio/calls', {
    CallSid: sid,
    From: 'anonymous',
    To: LINE,
  })
  assert.equal((await lastCall()).status, 'ringing')
  paging.server.clock.advance(10 * MINUTE)
  await paging.drain()
  assert.deepEqual([(await lastCall()).status, (await lastCall()).from], ['missed', null])
  const alerts = await missedAlerts()
  assert.equal(alerts.length, before + 1)
  assert.match(alerts.at(-1)?.summary ?? '', /a hidden number/)
})

test('a number that is no line is turned away, and so is one that was removed', async () => {
  assert.equal((await callIn(twilio, { from: CALLER, to: '+46705550199', phones: [] })).ended, 'rejected')
  const url = `/api/environments/acme-staging/phone-lines/${LINE}`
  assert.equal((await ask(paging.team.engineers[0], 'DELETE', url)).statusCode, 404)
})

test('a report that Twilio did not sign moves nothing and learns nothing', async () => {
  await dial('no-answer', 'no-answer')
  const { id } = (await lines()).rows[0]!.calls[0]! as unknown as { id: string }
  for (const path of ['/telephony/twilio/calls', `/telephony/twilio/calls/${id}/0/key`]) {
    const reply = await twilio.forge(path, { CallSid: 'CAx', From: CALLER, To: LINE, Digits: '1' })
    assert.equal(reply.statusCode, 401, path)
    assert.doesNotMatch(reply.body, /46705550/)
  }
})

test('a line belongs to one environment, and a number that is none is refused with its field', async () => {
  const other = await ask(
    paging.team.engineers[0],
    'PUT',
    `/api/environments/globex-prod/phone-lines/${LINE}`,
    {},
  )
  assert.equal(other.statusCode, 409, other.body)
  const odd = await ask(paging.team.engineers[0], 'PUT', '/api/environments/acme-prod/phone-lines/112', {})
  assert.deepEqual([odd.statusCode, odd.json().errors[0].path], [422, 'path.number'])
})

test('a line that was removed turns callers away; its number may be a line again', async () => {
  const url = `/api/environments/acme-prod/phone-lines/${LINE}`
  assert.equal((await ask(paging.team.engineers[0], 'DELETE', url)).statusCode, 200)
  assert.equal((await dial('key 1')).ended, 'rejected')
  assert.equal((await ask(paging.team.engineers[0], 'PUT', url, { name: 'Anew' })).statusCode, 200)
  assert.equal((await dial('key 1')).ended, 'connected')
})

test('somebody who took their number back is passed over; with nobody left the caller leaves a message', async () => {
  const [bo, cleo] = paging.team.engineers
  for (const who of [bo, cleo]) {
    const own = (await ask(who, 'GET', '/api/me/contact-methods')).json() as {
      rows: { id: string; kind: string }[]
    }
    for (const { id, kind } of own.rows)
      if (kind === 'voice') await ask(who, 'DELETE', `/api/me/contact-methods/${id}`)
  }
  const made = await dial('key 1')
  assert.deepEqual([made.ended, made.rung], ['message left', []])
  assert.equal((await lastCall()).status, 'missed')
})
