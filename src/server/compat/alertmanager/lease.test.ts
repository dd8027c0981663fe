/** What becomes of an alert that Prometheus says no more: over while that Prometheus is heard of, open while it is silent. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sowRecurring } from '../../platform/tasks/recurring.ts'
import { pagingTest, type PagingTest } from '../../operations/paging/paging.fixture.ts'

const MINUTE = 60_000

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
  await sowRecurring(paging.server.platform, ['page'])
  await paging.drain()
})
after(() => paging?.stop())

const post = async (key: string, ...labels: Record<string, string>[]): Promise<void> => {
  const now = paging.server.clock.now()
  const reply = await paging.server.http.inject({
    method: 'POST',
    url: '/api/v2/alerts',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(
      labels.map((each) => ({
        labels: each,
        startsAt: new Date(now - MINUTE).toISOString(),
        endsAt: new Date(now + 4 * MINUTE).toISOString(),
      })),
    ),
  })
  assert.equal(reply.statusCode, 200)
}
const rule = (alertname: string, prometheus: string) => ({ alertname, severity: 'critical', prometheus })
const watchdog = (prometheus: string) => ({ alertname: 'Watchdog', severity: 'none', prometheus })

/** Minutes pass; in each of them what is said is said, and everything due is done. */
const pass = async (minutes: number, say: () => Promise<void> = async () => undefined): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    paging.server.clock.advance(MINUTE)
    await say()
    await paging.server.tasks.drain()
  }
}
const alertNamed = async (name: string) => {
  const { rows } = await paging.server.platform.database.pool.query(
    `select a.status, a.closed_by, (select array_agg(b.disclosures::text) from events e join event_bodies b on b.event_id = e.id
       where e.stream_id = a.id and e.type = 'alert.noted') as notes,
       (select p.status from pages p join page_alerts pa on pa.page_id = p.id where pa.alert_id = a.id) as page
     from alerts a where a.name = $1`,
    [name],
  )
  assert.equal(rows.length, 1)
  return rows[0]
}

test('a rule that is deleted while it fires: its Prometheus lives and says it no more, so it is over', async () => {
  const { key } = paging.team.acmeProd
  await post(key, rule('Deleted', 'a'), watchdog('a'))
  await pass(18, () => post(key, watchdog('a')))
  assert.equal((await alertNamed('Deleted')).status, 'open', 'a Prometheus that starts anew has as much time')
  await pass(4, () => post(key, watchdog('a')))
  const over = await alertNamed('Deleted')
  assert.deepEqual([over.status, over.closed_by, over.page], ['closed', 'source', 'resolved'])
  assert.match(over.notes[0], /has not said it for/)
  assert.equal((await alertNamed('Watchdog')).status, 'open')
})

test('silence is not health: of a Prometheus that is gone every alert stays open, marked once', async () => {
  const { key } = paging.team.globexProd
  await post(key, rule('Gone', 'b'))
  // Another Prometheus with the same key lives on.
  await pass(40, () => post(key, { ...watchdog('c'), alertname: 'OtherWatchdog' }))
  const gone = await alertNamed('Gone')
  assert.deepEqual([gone.status, gone.page, gone.notes.length], ['open', 'open', 1])
  assert.match(gone.notes[0], /Silence is not health/)
})

test('a Prometheus that comes back has time to say again what it holds back', async () => {
  const { key } = paging.team.globexProd
  await pass(14, () => post(key, { ...watchdog('b'), alertname: 'BackWatchdog' }))
  await post(key, rule('Gone', 'b'))
  await pass(10, () => post(key, rule('Gone', 'b')))
  assert.deepEqual([(await alertNamed('Gone')).status, (await alertNamed('Gone')).notes.length], ['open', 1])
})

test('what is said again every minute is held, however long', async () => {
  const { key } = paging.team.acmeStaging
  await pass(60, () => post(key, rule('Held', 'd')))
  const held = await alertNamed('Held')
  assert.deepEqual([held.status, held.notes], ['open', null])
})
