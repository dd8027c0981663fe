/** A page by web push, through a push service that holds us to RFC 8030, 8291 and 8292 and decrypts what it was given. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { storable } from '../../../domain/operations/alerts/storable-text.ts'
import type { PushedBrowser } from '../../testing/push-service.ts'
import { acknowledgePage } from './acknowledge-page.ts'
import { payloadOf } from './channels/push.ts'
import { isPushEndpoint } from './channels/web-push.ts'
import { MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'
import { listPushSubscriptions, removePushSubscription, testPush } from './push-subscriptions.ts'

let paging: PagingTest
let browser: PushedBrowser
let round = 0
before(async () => {
  paging = await pagingTest({ env: { SMTP_URL: '' } })
})
after(() => paging?.stop())
beforeEach(async () => {
  browser = await paging.browserOf(bo())
})
afterEach(async () => {
  for (const { id } of (await listPushSubscriptions(paging.server.as(bo().actor))).rows)
    await removePushSubscription(paging.server.as(bo().actor), { subscriptionId: id })
})

const bo = () => paging.team.engineers[0]
/** A page of its own: what still rang from before would be joined. */
const ring = async () => {
  const open = (await paging.pagesOf(paging.team.acmeProd)).filter(({ status }) => status === 'open')
  for (const { id } of open)
    await acknowledgePage(paging.server.as(paging.team.administrator.actor), { pageId: id })
  await paging.fire(paging.team.acmeProd, { name: `Trouble ${++round}` })
  const page = (await paging.pagesOf(paging.team.acmeProd)).at(-1)!
  const intent = async () =>
    (await paging.intentsOf(page.id)).find(
      ({ channel, account_id }) => channel === 'web-push' && account_id === bo().id,
    )!
  return { page, intent }
}
/** What the service worker sends when the button of a notification is pressed. */
const press = (token: string, accept = 'application/json') =>
  paging.server.http.inject({
    method: 'POST',
    url: '/acknowledge',
    headers: { accept, 'content-type': 'application/x-www-form-urlencoded' },
    payload: `token=${token}`,
  })

test('a page arrives readable, urgent, for an hour, and its token takes the page for that person', async () => {
  const { page } = await ring()
  await paging.drain()
  const [pushed, ...more] = browser.inbox
  assert.deepEqual(more, [])
  assert.deepEqual(
    [pushed!.urgency, pushed!.ttl, pushed!.topic],
    ['high', 3_600, page.id.replaceAll('-', '')],
  )
  const shown = JSON.parse(pushed!.text)
  assert.match(shown.title, /^\[P1\] Acme production: Trouble 1/)
  assert.match(shown.body, /Acme Example, Acme production\nP1 Trouble 1/)
  assert.equal(shown.url, `http://fortnight.test/pages/${page.id}`)
  assert.equal(shown.acknowledge.url, '/acknowledge')
  for (let times = 0; times < 2; times++) {
    const pressed = await press(shown.acknowledge.token)
    assert.equal(pressed.statusCode, 200)
    assert.deepEqual(pressed.json(), { status: 'acknowledged', mine: true, by: bo().name })
  }
  const { db } = paging.server.platform.database
  const act = await db
    .selectFrom('events')
    .select(['actor_id', 'via'])
    .where('type', '=', 'page.acknowledged')
    .where('stream_id', '=', page.id)
    .execute()
  assert.deepEqual(act, [{ actor_id: bo().id, via: 'link' }])
})

test('whoever presses second is told who was faster', async () => {
  const { page } = await ring()
  await paging.drain()
  await acknowledgePage(paging.server.as(paging.team.engineers[1].actor), { pageId: page.id })
  const { token } = JSON.parse(browser.inbox[0]!.text).acknowledge
  assert.deepEqual((await press(token)).json(), { status: 'acknowledged', mine: false, by: 'Cleo Example' })
})

test('pressed twice at the same instant, both are told that it is theirs', async () => {
  await ring()
  await paging.drain()
  const { token } = JSON.parse(browser.inbox[0]!.text).acknowledge
  const answers = await Promise.all(Array.from({ length: 6 }, () => press(token)))
  for (const answer of answers)
    assert.deepEqual(answer.json(), { status: 'acknowledged', mine: true, by: bo().name })
})

test('a page that is over says so instead of being taken', async () => {
  const { page } = await ring()
  await paging.drain()
  await paging.fire(paging.team.acmeProd, { name: `Trouble ${round}`, status: 'resolved' })
  const { token } = JSON.parse(browser.inbox[0]!.text).acknowledge
  assert.deepEqual((await press(token)).json(), { status: 'resolved', mine: false, by: null })
  const now = (await paging.pagesOf(paging.team.acmeProd)).find(({ id }) => id === page.id)
  assert.equal(now!.acknowledged_by, null)
})

test('a token that has expired or never was is refused as a problem to programs and as a page to people', async () => {
  await ring()
  await paging.drain()
  const { token } = JSON.parse(browser.inbox[0]!.text).acknowledge
  paging.server.clock.advance(24 * 60 * MINUTE)
  for (const given of [token, 'never-issued']) {
    const refused = await press(given)
    assert.equal(refused.statusCode, 410)
    assert.match(String(refused.headers['content-type']), /^application\/problem\+json/)
    assert.equal(refused.json().code, 'link-expired')
    const shown = await press(given, 'text/html')
    assert.deepEqual([shown.statusCode, shown.headers['content-type']], [410, 'text/html; charset=utf-8'])
  }
})

test('a browser that is gone is forgotten, and the person is told on those that remain', async () => {
  const other = await paging.browserOf(bo())
  browser.unsubscribe()
  const { intent } = await ring()
  await paging.drain()
  assert.equal((await intent()).outcome, 'accepted by the push service for 1 of 2 browsers')
  assert.equal(other.inbox.length, 1)
  assert.equal((await listPushSubscriptions(paging.server.as(bo().actor))).rows.length, 1)
  other.unsubscribe()
  const last = await ring()
  await paging.drain()
  assert.deepEqual(
    [(await last.intent()).status, (await last.intent()).outcome],
    ['failed', 'no browser is registered any more'],
  )
  assert.equal((await listPushSubscriptions(paging.server.as(bo().actor))).rows.length, 0)
})

test('5xx is retried after our pause, 429 after the time the service asks for, and no longer than five minutes', async () => {
  const { intent } = await ring()
  paging.push.nextAnswers.push({ status: 503 })
  await paging.drain()
  const at = async () => {
    const { id } = await intent()
    const { db } = paging.server.platform.database
    const row = await db
      .selectFrom('page_sends')
      .selectAll()
      .where('intent_id', '=', id)
      .executeTakeFirstOrThrow()
    return row.due_at - paging.server.clock.now()
  }
  assert.equal(await at(), 5_000)
  paging.push.nextAnswers.push({ status: 429, headers: { 'retry-after': '40' } })
  paging.server.clock.advance(5_000)
  await paging.drain()
  assert.equal(await at(), 40_000)
  const date = new Date(paging.server.clock.now() + 40_000 + 3_600_000).toUTCString()
  paging.push.nextAnswers.push({ status: 429, headers: { 'retry-after': date } })
  paging.server.clock.advance(40_000)
  await paging.drain()
  assert.equal(await at(), 5 * MINUTE)
  paging.server.clock.advance(5 * MINUTE)
  await paging.drain()
  assert.equal((await intent()).status, 'sent')
  assert.equal(browser.accepted.length, 1)
})

test('a subscription made for another key is refused for good, and so is one that no browser could read', async () => {
  const refused = paging.push.subscribe(
    'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  )
  browser.unsubscribe()
  const registered = await paging.server.http.inject({
    method: 'POST',
    url: '/api/push/subscriptions',
    headers: { cookie: bo().cookie, 'content-type': 'application/json' },
    payload: { endpoint: refused.endpoint, keys: refused.keys },
  })
  assert.equal(registered.statusCode, 201, registered.body)
  const { intent } = await ring()
  await paging.drain()
  assert.deepEqual(
    [(await intent()).status, (await intent()).outcome],
    ['failed', 'refused by the push service (403)'],
  )
  assert.equal(paging.push.refusals.at(-1), 'another key than the subscription was made for')
})

test('the text is cut so that no alphabet makes the message larger than push services take', async () => {
  for (const letter of ['a', 'ö', '\u0001', '漢', '😀', '\u0000', '"']) {
    const line = storable(letter.repeat(1_200), 1_000)
    const message = {
      to: { locale: 'en', zone: 'UTC' },
      subject: line.slice(0, 180),
      lines: [line, line],
      pageUrl: 'http://x/',
      token: 't',
    } as never
    const text = JSON.stringify(payloadOf({ page_id: '0190' }, message))
    assert.ok(Buffer.byteLength(text) <= 3_993, `${letter}: ${Buffer.byteLength(text)}`)
    assert.ok(JSON.parse(text).body.isWellFormed())
  }
  await paging.fire(paging.team.globexProd, { name: '漢'.repeat(1_000) })
  await paging.drain()
  assert.equal(browser.accepted.length, 1)
})

test('a test message arrives at once on every browser of the person', async () => {
  const other = await paging.browserOf(bo())
  assert.deepEqual(await testPush(paging.server.as(bo().actor)), { sent: 2, failed: 0 })
  assert.equal(JSON.parse(other.inbox[0]!.text).title, 'Fortnight can reach you here')
})

test('an endpoint without TLS is taken only where PUSH_ALLOW_HTTP says so', () => {
  const with_ = (value: string) => ({ config: { PUSH_ALLOW_HTTP: value } }) as never
  assert.equal(isPushEndpoint(with_('false'), 'http://push.example/1'), false)
  assert.equal(isPushEndpoint(with_('true'), 'http://push.example/1'), true)
  assert.equal(isPushEndpoint(with_('false'), 'https://push.example/1'), true)
  assert.equal(isPushEndpoint(with_('true'), 'ftp://push.example/1'), false)
  assert.equal(isPushEndpoint(with_('true'), 'https://user@push.example/1'), false)
  assert.equal(isPushEndpoint(with_('true'), `https://push.example/${'x'.repeat(1_000)}`), false)
})

test('no browser of ours is a door into the network around the server, unless its push service stands there', () => {
  const with_ = (value: string) => ({ config: { PUSH_ALLOW_HTTP: value } }) as never
  for (const inside of [
    'https://127.0.0.1/1',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]:4280/1',
    'https://[fd00::7]/1',
    'https://2130706433/1',
    'https://0x7f.1/1',
    'https://localhost/1',
    'https://vault/1',
    'https://vault./1',
    'https://localhost./1',
    'https://push.localhost/1',
    'https://push.internal./1',
    'https://:secret@push.example/1',
  ])
    assert.equal(isPushEndpoint(with_('false'), inside), false, inside)
  assert.equal(isPushEndpoint(with_('true'), 'https://push.internal/1'), true)
})
