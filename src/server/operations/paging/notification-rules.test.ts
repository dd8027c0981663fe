/** A page goes out by the steps that its person chose, each in its time, and nothing more of it once somebody has the page. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startNtfyServer, type NtfyServer } from '../../testing/ntfy-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts'
import type { SeededPerson } from '../../testing/seed.ts'
import { acknowledgePage } from './acknowledge-page.ts'
import { MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'

let paging: PagingTest
let ntfy: NtfyServer
let hook: WebhookReceiver
let topic = ''
let webhook = ''
let bo: SeededPerson
before(async () => {
  ntfy = await startNtfyServer(`tk_${randomBytes(12).toString('hex')}`)
  hook = await startWebhookReceiver(() => paging.server.clock.now())
  paging = await pagingTest({
    env: { NTFY_SERVER: ntfy.url, NTFY_TOKEN: ntfy.token, WEBHOOK_ALLOW_HTTP: 'true' },
  })
  bo = paging.team.engineers[0]
  topic = await proven({ kind: 'ntfy', topic: 'bo-on-call' }, () => ntfy.published.at(-1)?.message)
  webhook = await proven({ kind: 'webhook', url: hook.url }, () => hook.received.at(-1)?.payload['text'])
})
after(async () => {
  await paging?.stop()
  await ntfy?.close()
  await hook?.close()
})

const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  paging.server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${bo.token}` },
    ...(payload ? { payload } : {}),
  })

const proven = async (payload: object, arrived: () => unknown): Promise<string> => {
  const { method, secret } = (await ask('POST', '/api/me/contact-methods', payload)).json()
  if (secret) hook.secret = secret
  const code = /\d{6}/.exec(String(arrived()))?.[0]
  const reply = await ask('POST', `/api/me/contact-methods/${method.id}/verify`, { code })
  assert.equal(reply.statusCode, 200, reply.body)
  return method.id
}
const keep = async (rules: object[], quiet: object | null = null): Promise<void> => {
  const reply = await ask('PUT', '/api/me/notification-rules', { rules, quiet })
  assert.equal(reply.statusCode, 200, reply.body)
}
const always = (...steps: [method: string, afterMinutes: number][]) => ({
  occasions: ['page'],
  priorities: [],
  hours: null,
  steps: steps.map(([method, afterMinutes]) => ({ method, afterMinutes })),
})
let round = 0
const ring = async (severity = 'critical') => {
  const { db } = paging.server.platform.database
  const open = await db.selectFrom('pages').select('id').where('status', '=', 'open').execute()
  for (const { id } of open)
    await acknowledgePage(paging.server.as(paging.team.administrator.actor), { pageId: id })
  await paging.fire(paging.team.acmeProd, { name: `Trouble ${++round}`, severity } as never)
  return (await paging.pagesOf(paging.team.acmeProd)).at(-1)!
}
const told = async (pageId: string) =>
  (await paging.intentsOf(pageId))
    .filter(({ account_id }) => account_id === bo.id)
    .map(({ channel, status }) => `${channel} ${status}`)
const wait = async (ms: number) => {
  paging.server.clock.advance(ms)
  await paging.drain()
}

test('without rules every proven way is used at once, and a refused answer keeps nobody from the others', async () => {
  ntfy.nextAnswers.push({ status: 403 })
  const page = await ring()
  await paging.drain()
  assert.deepEqual(
    (await told(page.id)).toSorted(),
    ['email sent', 'ntfy failed', 'screen sent', 'webhook sent'].toSorted(),
  )
  assert.deepEqual(hook.refusals, [])
  const { payload, id } = hook.received.at(-1)!
  assert.deepEqual([payload['type'], payload['page'], payload['priority']], ['page', page.id, 'P1'])
  assert.ok((await paging.intentsOf(page.id)).some((intent) => intent.id === id))
})

test('steps go out in their order and time, and those that are left end with the acknowledgement', async () => {
  await keep([always([topic, 0], [webhook, 2], ['email', 4])])
  const before = { ntfy: ntfy.published.length, hook: hook.received.length, mail: paging.mailsTo(bo).length }
  const page = await ring()
  await paging.drain()
  const loud = ntfy.published.at(-1)!
  assert.equal(ntfy.published.length, before.ntfy + 1)
  assert.equal(loud.priority, 5)
  assert.equal(loud.click, `http://fortnight.test/pages/${page.id}`)
  assert.equal(hook.received.length, before.hook)
  await wait(2 * MINUTE - 1)
  assert.equal(hook.received.length, before.hook, 'not before its time')
  await wait(1)
  assert.equal(hook.received.length, before.hook + 1)
  await acknowledgePage(paging.server.as(bo.actor), { pageId: page.id })
  await wait(30 * MINUTE)
  assert.equal(paging.mailsTo(bo).length, before.mail, 'no send is claimed after the acknowledgement')
  assert.deepEqual(
    (await told(page.id)).toSorted(),
    ['email cancelled', 'ntfy sent', 'screen sent', 'webhook sent'].toSorted(),
  )
})

test('the link of a message opens a page with one button; opening it takes nothing', async () => {
  await keep([always([topic, 0])])
  const page = await ring()
  await paging.drain()
  const link = new URL(ntfy.published.at(-1)!.actions[0]!.url).pathname
  assert.match(link, /^\/acknowledge\//)
  const status = async () =>
    (await paging.pagesOf(paging.team.acmeProd)).find(({ id }) => id === page.id)?.status
  assert.equal((await paging.server.http.inject({ url: link })).statusCode, 200)
  assert.equal((await paging.server.http.inject({ method: 'HEAD', url: link })).statusCode, 200)
  assert.equal(await status(), 'open')
  const token = link.slice('/acknowledge/'.length)
  await paging.server.http.inject({ method: 'POST', url: '/acknowledge', payload: { token } })
  assert.equal(await status(), 'acknowledged')
})

test('quiet hours hold back what is not P1, and P1 goes through them', async () => {
  // The clock of the test stands at a little after 09:00 in Stockholm, bo's zone.
  await keep([always([topic, 0])], { from: '08:00', to: '12:00' })
  const before = ntfy.published.length
  const quiet = await ring('warning')
  await paging.drain()
  assert.equal(ntfy.published.length, before)
  const waiting = (await paging.intentsOf(quiet.id)).find(({ channel }) => channel === 'ntfy')!
  assert.equal(waiting.status, 'intended')
  assert.equal(waiting.due_at, Date.UTC(2026, 10, 10, 11))
  const shown = (await ask('GET', '/api/me/notification-rules')).json() as {
    now: { priority: string; steps: { afterMinutes: number }[] }[]
  }
  assert.ok((shown.now[1]?.steps[0]?.afterMinutes ?? 0) > 60)
  assert.equal(shown.now[0]?.steps[0]?.afterMinutes, 0)
  await ring('critical')
  await paging.drain()
  assert.equal(ntfy.published.length, before + 1)
})

test('a way that was taken back is not used, and a rule that names no other falls back to every way', async () => {
  const second = await proven({ kind: 'ntfy', topic: 'bo-second' }, () => ntfy.published.at(-1)?.message)
  await keep([always([second, 0], [second, 3])])
  const page = await ring()
  await paging.drain()
  await ask('DELETE', `/api/me/contact-methods/${second}`)
  await wait(3 * MINUTE)
  const late = (await paging.intentsOf(page.id)).find(({ due_at }) => due_at !== null)!
  assert.deepEqual([late.status, late.outcome], ['failed', 'this way was taken back before it was used'])
  const next = await ring()
  await paging.drain()
  assert.ok((await told(next.id)).includes('email sent'))
  assert.ok((await told(next.id)).includes('ntfy sent'))
})

test('a rule names ways that are proven, and of two changes at once the second is told', async () => {
  const unknown = await ask('PUT', '/api/me/notification-rules', {
    rules: [always(['01890000-0000-7000-8000-00000000beef', 0])],
    quiet: null,
  })
  assert.equal(unknown.statusCode, 422, unknown.body)
  assert.equal(unknown.json().errors[0].path, 'body.rules.0.steps.0.method')
  const { version } = (await ask('GET', '/api/me/notification-rules')).json()
  const change = { rules: [], quiet: null, expects: version }
  assert.equal((await ask('PUT', '/api/me/notification-rules', change)).statusCode, 200)
  assert.equal((await ask('PUT', '/api/me/notification-rules', change)).json().code, 'rules-changed')
})
