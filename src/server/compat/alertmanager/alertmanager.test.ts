/** Prometheus posts to us as to an Alertmanager: what fires pages, what has ended is closed, and it is the alert the webhook knows. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pagingTest, type PagingTest } from '../../operations/paging/paging.fixture.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const post = (key: string, body: unknown) =>
  paging.server.http.inject({
    method: 'POST',
    url: '/api/v2/alerts',
    headers: { authorization: `GenieKey ${key}`, 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
const rowsOf = async ({ id }: { id: string }) =>
  (
    await paging.server.platform.database.pool.query(
      'select * from alerts where environment_id = $1 order by opened_at, id',
      [id],
    )
  ).rows
const at = (offsetMs: number) => new Date(paging.server.clock.now() + offsetMs).toISOString()
const firing = (more: object = {}) => ({
  labels: { alertname: 'Direct', severity: 'critical', cluster: 'workload-1' },
  annotations: { summary: 'Posted by Prometheus' },
  startsAt: at(-60_000),
  endsAt: at(240_000),
  generatorURL: 'http://prometheus.example/graph',
  ...more,
})

test('it fires and pages; said again it is the same alert; when its end has passed it is closed', async () => {
  const { acmeProd, engineers } = paging.team
  for (const _ of [1, 2]) assert.equal((await post(acmeProd.key, [firing()])).statusCode, 200)
  await paging.drain()
  assert.equal(paging.mailsTo(engineers[0]).length, 1)
  const [alert, ...more] = await rowsOf(acmeProd)
  assert.deepEqual([alert.status, alert.leniencies, more], ['open', [], []])
  await post(acmeProd.key, [firing({ endsAt: at(-1_000) })])
  assert.equal((await rowsOf(acmeProd))[0].status, 'closed')
  assert.equal((await paging.pagesOf(acmeProd))[0]?.status, 'resolved')
})

test('an alert that comes from Prometheus and through an Alertmanager is one', async () => {
  const { globexProd } = paging.team
  const labels = { alertname: 'Both', severity: 'low', cluster: 'workload-1' }
  await post(globexProd.key, [firing({ labels })])
  const [alert] = await rowsOf(globexProd)
  await paging.fire(globexProd, { name: 'Both', severity: 'low', fingerprint: alert.fingerprint })
  assert.equal((await rowsOf(globexProd)).length, 1)
})

test('a key reaches its own environment alone', async () => {
  const { acmeStaging, globexProd } = paging.team
  await post(acmeStaging.key, [firing()])
  await post(globexProd.key, [firing({ endsAt: at(-1_000) })])
  assert.deepEqual(
    (await rowsOf(acmeStaging)).map(({ status }) => status),
    ['open'],
  )
})

test('one bad alert does not cost the others; what is no list is refused, and nothing breaks', async () => {
  const { acmeStaging } = paging.team
  const before = (await rowsOf(acmeStaging)).length
  const mixed = await post(acmeStaging.key, [{}, firing({ labels: { alertname: 'Good' } }), null, 5, 'x'])
  assert.equal(mixed.statusCode, 400)
  assert.equal(typeof mixed.json(), 'string')
  assert.equal((await rowsOf(acmeStaging)).length, before + 1)
  for (const body of ['{', '{}', 'null', '5', `${'['.repeat(100)}${']'.repeat(100)}`])
    assert.equal((await post(acmeStaging.key, body)).statusCode, 400, body.slice(0, 20))
  for (const odd of ['\u0000', '\ud800', '', 0, null, [], {}, 'x'.repeat(100_000)]) {
    const body = [
      firing({
        labels: { alertname: 'Odd', odd },
        annotations: odd,
        startsAt: odd,
        endsAt: odd,
        generatorURL: odd,
      }),
    ]
    assert.equal((await post(acmeStaging.key, body)).statusCode, 200, JSON.stringify(odd).slice(0, 40))
  }
  assert.equal((await post(acmeStaging.key, [])).statusCode, 200)
  assert.equal((await post('fni_wrong', [firing()])).statusCode, 401)
})
