/** Intake under bad luck: what was answered 2xx is stored once, what was not can be sent again, and a storm rings once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { alertBody, webhookBody } from '../../testing/alertmanager-body.ts'
import { archiveEnvironment } from '../../people/environments/archive-environment.ts'
import { createKey, revokeKey } from '../../people/environments/change-keys.ts'
import {
  alertFromAlertmanager,
  type AlertFromSource,
} from '../../../domain/operations/alerts/alert-from-alertmanager.ts'
import { storeBatch } from './store-batch.ts'
import { MINUTE, pagingTest, type PagingTest } from '../paging/paging.fixture.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const send = (payload: string | object, key: string) =>
  paging.server.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })
const admin = () => paging.server.as(paging.team.administrator.actor)
const query = (text: string, ...values: unknown[]) => paging.server.platform.database.pool.query(text, values)
const alertsNamed = async (name: string) =>
  (await query('select * from alerts where name = $1 order by opened_at', name)).rows
const storm = (from: number, count: number) => ({
  ...webhookBody(),
  alerts: Array.from({ length: count }, (_, index) =>
    alertBody({ name: `Storm ${(from + index) % 40}`, labels: { pod: `pod-${from + index}` } }),
  ),
})

test('a storm of 2,000 never-seen alerts in one environment is one ringing page, and one mail to one person', async (t) => {
  const { globexProd, engineers } = paging.team
  const startedAt = performance.now()
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, index) => send(storm(index * 10, 10), globexProd.key)),
  )
  t.diagnostic(
    `200 requests with 10 alerts each, all never seen: ${Math.round(performance.now() - startedAt)} ms`,
  )
  assert.ok(replies.every(({ statusCode }) => statusCode === 200))
  await paging.drain()
  const [page, ...more] = await paging.pagesOf(globexProd)
  assert.deepEqual(more, [])
  assert.equal((await query('select 1 from page_alerts where page_id = $1', page!.id)).rowCount, 2_000)
  assert.equal(paging.mailsTo(engineers[0]).length, 1)
  const whole = await send(storm(10_000, 5_000), globexProd.key)
  assert.equal(whole.statusCode, 200)
  assert.equal((await paging.pagesOf(globexProd)).length, 1, 'also when they come in one body of 5,000')
  assert.equal((await query('select 1 from page_alerts where page_id = $1', page!.id)).rowCount, 7_000)
})

test('two processes that take alerts of one environment at the same moment ring once', async () => {
  const { acmeStaging } = paging.team
  const { platform } = paging.server
  const key = {
    kind: 'integration',
    keyId: acmeStaging.keyId,
    environmentId: acmeStaging.id,
    customerId: acmeStaging.customerId,
    via: 'integration',
  } as const
  for (let round = 0; round < 5; round++) {
    const process = (index: number) => ({
      ...platform,
      processId: platform.ids.next(platform.clock.now() + index),
    })
    const names = [0, 1, 2, 3].map((index) => `Process ${round} ${index}`)
    const notification = (name: string, status: 'firing' | 'resolved') => ({
      alerts: [alertFromAlertmanager(alertBody({ name, status }), platform.clock.now()) as AlertFromSource],
      digest: Buffer.alloc(32),
      receivedAt: platform.clock.now(),
    })
    await Promise.all(
      names.map((name, index) => storeBatch(process(index), key, [notification(name, 'firing')], 1)),
    )
    const open = (await paging.pagesOf(acmeStaging)).filter(({ status }) => status === 'open')
    assert.equal(open.length, 1, `round ${round}`)
    await storeBatch(
      process(9),
      key,
      names.map((name) => notification(name, 'resolved')),
      1,
    )
  }
  assert.ok((await paging.pagesOf(acmeStaging)).every(({ status }) => status === 'resolved'))
})

test('the same alert fifty times at once is one alert, seen fifty times, one page', async () => {
  const { acmeStaging } = paging.team
  const body = webhookBody({ name: 'Same' })
  const replies = await Promise.all(Array.from({ length: 50 }, () => send(body, acmeStaging.key)))
  assert.ok(replies.every(({ statusCode }) => statusCode === 200))
  assert.equal((await alertsNamed('Same')).length, 1)
  const open = (await paging.pagesOf(acmeStaging)).filter(({ status }) => status === 'open')
  assert.equal(open.length, 1)
  const receipts = await query(
    'select 1 from alert_receipts where environment_id = $1 and process_id = $2',
    acmeStaging.id,
    paging.server.platform.processId,
  )
  assert.equal(receipts.rowCount, 50)
})

test('a revoked key and the key of an archived environment are refused, and nothing is stored', async () => {
  const { acmeStaging } = paging.team
  const revoked = await createKey(admin(), { environment: acmeStaging.id, name: 'revoked' })
  assert.equal((await send(webhookBody({ name: 'Before' }), revoked.secret)).statusCode, 200)
  await revokeKey(admin(), { keyId: revoked.key.id })
  const refused = await send(webhookBody({ name: 'After' }), revoked.secret)
  assert.equal(refused.statusCode, 401)
  assert.match(refused.json().detail, /may have been revoked/)
  assert.deepEqual(await alertsNamed('After'), [])
  const { id } = paging.team.globexProd
  const fresh = await createKey(admin(), { environment: id, name: 'never used' })
  await archiveEnvironment(admin(), { environment: id })
  assert.equal((await send(webhookBody({ name: 'Archived' }), fresh.secret)).statusCode, 401)
  assert.deepEqual(await alertsNamed('Archived'), [])
})

test('half a character where a title is cut, and a NUL, cost no alert its page', async () => {
  const { acmeProd } = paging.team
  for (let length = 290; length < 302; length++) {
    const body = webhookBody({ name: `Cut ${length}`, labels: { pod: String(length) } })
    body.alerts[0]!.annotations.summary = `${'x'.repeat(length)}😀😀😀\u0000`
    assert.equal((await send(body, acmeProd.key)).statusCode, 200)
    assert.equal((await alertsNamed(`Cut ${length}`)).length, 1)
    await send(
      { ...body, alerts: [{ ...body.alerts[0]!, status: 'resolved', endsAt: '2026-11-10T08:05:00Z' }] },
      acmeProd.key,
    )
  }
  const titles = (await paging.pagesOf(acmeProd)).map(({ title }) => title)
  assert.ok(titles.length >= 12 && titles.every((title) => title.isWellFormed() && title.length <= 300))
})

test('clocks that are wrong open and close what they mean: a source ahead, behind, or without a time', async () => {
  const { acmeProd } = paging.team
  const now = paging.server.clock.now()
  const iso = (at: number) => new Date(at).toISOString()
  const cases: [string, string, string][] = [
    ['ahead by an hour', iso(now + 60 * MINUTE), iso(now + 70 * MINUTE)],
    ['behind by a day', iso(now - 1_440 * MINUTE), iso(now - 1_430 * MINUTE)],
    ['without a time', '', '0001-01-01T00:00:00Z'],
    ['unreadable', 'yesterday', 'today'],
  ]
  for (const [name, startsAt, endsAt] of cases) {
    const [alert] = webhookBody({ name }).alerts
    assert.equal((await send({ alerts: [{ ...alert, startsAt }] }, acmeProd.key)).statusCode, 200)
    const [open] = await alertsNamed(name)
    assert.equal(open.status, 'open', name)
    assert.ok(open.starts_at <= now + 5 * MINUTE, name)
    await send({ alerts: [{ ...alert, status: 'resolved', startsAt, endsAt }] }, acmeProd.key)
    assert.equal((await alertsNamed(name))[0].status, 'closed', name)
  }
})

test('a late "resolved" about an earlier occurrence leaves the fire of now alone', async () => {
  const { acmeProd } = paging.team
  const [alert] = webhookBody({ name: 'Refired', startsAt: '2026-11-10T07:30:00Z' }).alerts
  await send({ alerts: [alert] }, acmeProd.key)
  const late = {
    ...alert,
    status: 'resolved',
    startsAt: '2026-11-10T06:00:00Z',
    endsAt: '2026-11-10T06:10:00Z',
  }
  await send({ alerts: [late] }, acmeProd.key)
  assert.equal((await alertsNamed('Refired'))[0].status, 'open')
  await send({ alerts: [{ ...late, endsAt: '2026-11-10T07:40:00Z' }] }, acmeProd.key)
  assert.equal((await alertsNamed('Refired'))[0].status, 'closed')
})

test('bodies that are huge, deep, or of the wrong shape are refused clearly; too large is 503 and never 413', async () => {
  const { key } = paging.team.acmeProd
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  for (const body of [
    deep,
    `{"alerts":${deep}}`,
    '{"alerts":[[]]}',
    '{"alerts":[{"labels":[]}]}',
    '\u0000',
    '',
  ]) {
    const reply = await send(body, key)
    assert.equal(reply.statusCode, 400, `${body.slice(0, 30)}: ${reply.body}`)
    assert.match(reply.json().detail, /\S/)
  }
  assert.equal((await send('[]'.padEnd(33 * 1024 * 1024), key)).statusCode, 503)
})

test('with the database away senders are told to come back, nothing is half stored, and what they send again is taken', async () => {
  const { acmeProd } = paging.team
  const name = new URL(paging.server.connectionString).pathname.slice(1)
  const elsewhere = new URL(paging.server.connectionString)
  elsewhere.pathname = '/postgres'
  const client = new pg.Client({ connectionString: elsewhere.toString() })
  await client.connect()
  await client.query(`alter database ${name} with allow_connections false`)
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  const body = webhookBody({ name: 'While away' })
  const replies = await Promise.all([1, 2, 3].map(() => send(body, acmeProd.key)))
  await client.query(`alter database ${name} with allow_connections true`)
  await client.end()
  for (const reply of replies) {
    assert.equal(reply.statusCode, 503, reply.body)
    assert.ok(reply.headers['retry-after'])
  }
  assert.deepEqual(await alertsNamed('While away'), [])
  assert.equal((await send(body, acmeProd.key)).statusCode, 200)
  assert.equal((await alertsNamed('While away')).length, 1)
})
