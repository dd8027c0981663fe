/** Who would sleep through P1 is shown in red, and why. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTwilioServer, type TwilioServer } from '../../testing/twilio-server.ts'
import { pagingTest, type PagingTest } from './paging.fixture.ts'

let paging: PagingTest
let twilio: TwilioServer
before(async () => {
  twilio = await startTwilioServer(['+46705550100'], 'http://fortnight.test', async () => ({
    statusCode: 0,
    body: '',
  }))
  paging = await pagingTest({ env: { SMS_GATEWAY: twilio.gateway, SMS_FROM: '+46705550100' } })
})
after(async () => {
  await paging?.stop()
  await twilio?.close()
})

const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${paging.team.engineers[0].token}` },
    ...(payload ? { payload } : {}),
  })
const ofBo = async () => {
  const reply = (await ask('GET', '/api/readiness')).json() as {
    rows: { person: { id: string }; ready: boolean; why: string | null }[]
    ways: { kind: string; works: boolean; why: string | null }[]
  }
  const row = reply.rows.find(({ person }) => person.id === paging.team.engineers[0].id)
  return { why: row?.why, ready: row?.ready, ...reply }
}

test('mail and a browser alone are red; a number counts from the moment it is proven to the moment it is taken back', async () => {
  await paging.browserOf(paging.team.engineers[0])
  assert.equal((await ofBo()).why, 'no-way-wakes')
  const { method } = (
    await ask('POST', '/api/me/contact-methods', { kind: 'sms', number: '+46705550123' })
  ).json()
  assert.equal((await ofBo()).ready, false, 'unproven')
  const code = /\b\d{6}\b/.exec(twilio.sent.at(-1)?.form['Body'] ?? '')?.[0]
  await ask('POST', `/api/me/contact-methods/${method.id}/verify`, { code })
  assert.equal((await ofBo()).ready, true)
  const mailAlone = {
    rules: [
      {
        occasions: ['page'],
        priorities: ['P1'],
        hours: null,
        steps: [{ method: 'email', afterMinutes: 0 }],
      },
    ],
    quiet: null,
  }
  await ask('PUT', '/api/me/notification-rules', mailAlone)
  assert.equal((await ofBo()).why, 'rules-let-sleep')
  await ask('PUT', '/api/me/notification-rules', { rules: [], quiet: { from: '00:00', to: '23:59' } })
  assert.equal((await ofBo()).ready, true, 'P1 goes through quiet hours')
  await ask('DELETE', `/api/me/contact-methods/${method.id}`)
  assert.equal((await ofBo()).why, 'no-way-wakes')
})

test('only those who may take pages are listed, and what does not work here says what is missing', async () => {
  const { rows, ways } = await ofBo()
  assert.ok(!rows.some(({ person }) => person.id === paging.team.auditor.id))
  assert.deepEqual(
    ways.map(({ kind, works }) => [kind, works]),
    [
      ['voice', false],
      ['sms', true],
      ['email', true],
      ['slack', false],
      ['mattermost', false],
      ['ntfy', false],
      ['webhook', true],
    ],
  )
  assert.match(ways[0]?.why ?? '', /VOICE_FROM/)
})
