/** A heartbeat that falls silent pages, and the next ping ends it; whose key, which body, which method: a ping is a ping. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { heartbeatDue } from '../../operations/heartbeats/tasks.ts'
import { systemCtx } from '../../platform/context.ts'
import { openOpsGenieTest, type OpsGenieTest } from './opsgenie.fixture.ts'

const MINUTE = 60_000
let og: OpsGenieTest
let prod: string
before(async () => {
  og = await openOpsGenieTest()
  prod = og.team.acmeProd.key
})
after(() => og?.stop())

const define = (key: string, name: string, more: object = {}) =>
  og.call(key, 'POST', '/v2/heartbeats/', {
    name,
    interval: 5,
    intervalUnit: 'minutes',
    enabled: true,
    ...more,
  })
const ping = async (key: string, name: string) =>
  assert.equal((await og.call(key, 'GET', `/v2/heartbeats/${name}/ping`)).status, 202)
const pass = async (ms: number) => {
  og.server.clock.advance(ms)
  await og.drain()
}
const shown = async (key: string, name: string) =>
  (await og.call(key, 'GET', `/v2/heartbeats/${name}`)).body.data
const alertsOf = (name: string) =>
  og.query(`select * from alerts where labels ->> 'heartbeat' = $1 order by opened_at, id`, name)

test('from its first ping on it is expected; silent for its interval it pages once, and the next ping ends alert and page', async () => {
  const { acmeProd, engineers } = og.team
  const made = await define(prod, 'watchdog', { alertMessage: 'Prometheus is silent' })
  assert.deepEqual([made.status, made.body.data.name], [201, 'watchdog'])
  await pass(60 * MINUTE)
  assert.deepEqual(await alertsOf('watchdog'), [], 'never heard of, so not expected yet')
  await ping(prod, 'watchdog')
  for (let minute = 0; minute < 20; minute += 4) {
    await pass(4 * MINUTE)
    await ping(prod, 'watchdog')
  }
  await pass(5 * MINUTE - 1)
  assert.deepEqual(await alertsOf('watchdog'), [], 'heard every four minutes')
  await pass(1)
  const [alert, ...others] = await alertsOf('watchdog')
  assert.deepEqual(
    [alert.status, alert.summary, alert.priority, others],
    ['open', 'Prometheus is silent', 1, []],
  )
  assert.equal(og.mailsTo(engineers[0]).length, 1)
  assert.equal((await shown(prod, 'watchdog')).expired, true)
  await pass(60 * MINUTE)
  const [{ id: heartbeatId }] = await og.query(`select id from heartbeats where name = 'watchdog'`)
  await heartbeatDue.run(systemCtx(og.server.platform, 'heartbeat.due'), { heartbeatId }, {} as never)
  assert.equal(
    (await alertsOf('watchdog')).length,
    1,
    'silent once, however long, also when the task runs twice',
  )
  await ping(prod, 'watchdog')
  assert.equal((await alertsOf('watchdog'))[0].status, 'closed')
  assert.equal((await og.pagesOf(acmeProd)).at(-1)?.status, 'resolved')
  assert.equal((await shown(prod, 'watchdog')).expired, false)
  await pass(5 * MINUTE)
  assert.equal((await alertsOf('watchdog')).length, 2, 'and it is expected again')
  const types = (await og.query(`select type from events where type like 'heartbeat.%' order by at, id`)).map(
    ({ type }) => type,
  )
  assert.deepEqual(types, [
    'heartbeat.defined',
    'heartbeat.expired',
    'heartbeat.returned',
    'heartbeat.expired',
  ])
})

test('a task that runs late, twice, or after a ping does not page for what was heard', async () => {
  await define(prod, 'raced')
  await ping(prod, 'raced')
  const [task] = await og.query(
    `select * from tasks where kind = 'heartbeat.due' and key = (select id::text from heartbeats where name = 'raced')`,
  )
  og.server.clock.advance(5 * MINUTE)
  await og.query(
    `update heartbeat_pings set last_at = $1 where name = 'raced'`,
    og.server.clock.now() - MINUTE,
  )
  await og.drain()
  assert.deepEqual(await alertsOf('raced'), [])
  const [again] = await og.query('select due_at from tasks where key = $1', task.key)
  assert.equal(Number(again.due_at), og.server.clock.now() + 4 * MINUTE, 'it looks again when that is due')
})

test('whatever the body, the method or the form of the key: a ping is a ping', async () => {
  await define(prod, 'any way')
  const basic = `Basic ${Buffer.from(`:${prod}`).toString('base64')}`
  for (const method of ['GET', 'POST', 'PUT', 'PATCH'] as const) {
    for (const payload of method === 'GET'
      ? ['']
      : ['', '{', '{"alerts":[]}', '\u0000', 'x'.repeat(100_000)]) {
      const reply = await og.server.http.inject({
        method,
        url: '/v2/heartbeats/any%20way/ping/',
        headers: { authorization: basic, 'content-type': 'application/json' },
        ...(payload ? { payload } : {}),
      })
      assert.deepEqual([reply.statusCode, reply.json().result], [202, 'PONG - Heartbeat received'], method)
    }
  }
  assert.ok((await shown(prod, 'any way')).lastPingTime)
})

test('it is changed, switched off and on, and removed; a silence that nobody minds any more has no alert', async () => {
  await define(prod, 'kept', { alertPriority: 'P2' })
  await ping(prod, 'kept')
  await pass(5 * MINUTE)
  assert.equal((await alertsOf('kept')).at(-1).status, 'open')
  assert.equal((await og.call(prod, 'POST', '/v2/heartbeats/kept/disable')).status, 200)
  assert.equal((await alertsOf('kept')).at(-1).status, 'closed')
  await pass(60 * MINUTE)
  assert.equal((await alertsOf('kept')).length, 1)
  await og.call(prod, 'POST', '/v2/heartbeats/kept/enable')
  await ping(prod, 'kept')
  await og.call(prod, 'PATCH', '/v2/heartbeats/kept', { interval: 2, intervalUnit: 'hours' })
  await pass(119 * MINUTE)
  assert.equal((await alertsOf('kept')).length, 1, 'the new interval counts at once')
  assert.deepEqual((await shown(prod, 'kept')).interval, 2)
  await pass(MINUTE)
  assert.equal((await alertsOf('kept')).length, 2)
  assert.equal((await og.call(prod, 'DELETE', '/v2/heartbeats/kept')).status, 200)
  assert.equal((await alertsOf('kept')).at(-1).status, 'closed')
  assert.equal((await og.call(prod, 'GET', '/v2/heartbeats/kept')).status, 404)
  await ping(prod, 'kept')
  await pass(300 * MINUTE)
  assert.equal((await alertsOf('kept')).length, 2)
  assert.equal((await define(prod, 'kept')).status, 201, 'the name is free again')
})

test('a heartbeat belongs to its environment: no other key pings it, sees it or changes it', async () => {
  const { acmeStaging, globexProd } = og.team
  await define(prod, 'ours')
  await ping(prod, 'ours')
  for (const { key } of [acmeStaging, globexProd]) {
    assert.equal((await og.call(key, 'GET', '/v2/heartbeats/ours')).status, 404)
    assert.deepEqual((await og.call(key, 'GET', '/v2/heartbeats')).body.data.heartbeats, [])
    for (const [method, path] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/disable'],
    ] as const)
      assert.equal((await og.call(key, method, `/v2/heartbeats/ours${path}`, {})).status, 404)
  }
  await pass(4 * MINUTE)
  for (const { key } of [acmeStaging, globexProd]) await ping(key, 'ours')
  await pass(MINUTE)
  const [alert] = await alertsOf('ours')
  assert.deepEqual([alert.status, alert.environment_id], ['open', og.team.acmeProd.id])
  for (const { key } of [acmeStaging, globexProd]) await ping(key, 'ours')
  assert.equal((await alertsOf('ours'))[0].status, 'open')
  await ping(prod, 'ours')
})

test('what makes no heartbeat is refused in the shape of the dialect', async () => {
  await define(prod, 'taken')
  assert.equal((await define(prod, 'taken')).status, 409)
  for (const more of [
    { name: '' },
    { name: [] },
    { interval: 0 },
    { interval: 1.5 },
    { interval: '5' },
    { interval: 1e9 },
    { intervalUnit: 'weeks' },
    { intervalUnit: 'constructor' },
    { alertPriority: 'P9' },
  ]) {
    const answer = await define(prod, 'odd', more)
    assert.equal(answer.status, 422, JSON.stringify(more))
    assert.equal(Object.keys(answer.body.errors).length, 1)
  }
  const bent = await define(prod, '\u0000\ud800', { description: '\u0000', alertMessage: 'x'.repeat(500) })
  assert.equal(bent.status, 201)
  assert.equal((await og.call(prod, 'PATCH', '/v2/heartbeats/nobody', {})).status, 404)
})

test('made up names do not fill the disk', async () => {
  const { id, key } = og.team.globexProd
  await og.query(
    `insert into heartbeat_pings (environment_id, name, customer_id, last_at, count)
     select $1, 'made-up-' || n, (select customer_id from environments where id = $1), 0, 1 from generate_series(1, 1000) n`,
    id,
  )
  await ping(key, 'one-too-many')
  await ping(key, 'made-up-1')
  await define(key, 'wanted')
  await ping(key, 'wanted')
  const rows = await og.query(
    'select name, count from heartbeat_pings where environment_id = $1 and last_at > 0 order by name',
    id,
  )
  assert.deepEqual(
    rows.map(({ name, count }) => [name, Number(count)]).filter(([name]) => name !== 'ours'),
    [
      ['made-up-1', 2],
      ['wanted', 1],
    ],
  )
})
