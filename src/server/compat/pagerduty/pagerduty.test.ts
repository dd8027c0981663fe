/** PagerDuty's events over the ordinary alerts: a trigger pages, a resolve ends it, a dedup_key belongs to its routing key. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { IntakeFull, intakeOf, type Intake } from '../../operations/alerts/intake.ts'
import { findLastChangesOf } from '../../operations/operator-log/index.ts'
import { createKey } from '../../people/environments/change-keys.ts'
import { read } from '../../platform/record.ts'
import { pagingTest, type PagingTest } from '../../operations/paging/paging.fixture.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const send = async (body: unknown, url = '/v2/enqueue') => {
  const reply = await paging.server.http.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: reply.statusCode, body: reply.json() }
}
const event = (key: string, action: string, more: object = {}) => ({
  routing_key: key,
  event_action: action,
  payload: { summary: 'Disk full', source: 'n1', severity: 'critical' },
  ...more,
})
const alertsOf = async ({ id }: { id: string }) =>
  (
    await paging.server.platform.database.pool.query(
      'select * from alerts where environment_id = $1 order by opened_at, id',
      [id],
    )
  ).rows

test('a trigger pages the person on call, and its resolve ends the page', async () => {
  const { acmeProd, engineers } = paging.team
  const sent = await send(event(acmeProd.key, 'trigger', { dedup_key: 'd1' }))
  assert.deepEqual(sent, {
    status: 202,
    body: { status: 'success', message: 'Event processed', dedup_key: 'd1' },
  })
  await paging.drain()
  assert.equal(paging.mailsTo(engineers[0]).length, 1)
  assert.equal((await send(event(acmeProd.key, 'resolve', { dedup_key: 'd1' }))).status, 202)
  assert.equal((await paging.pagesOf(acmeProd))[0]?.status, 'resolved')
  assert.equal((await alertsOf(acmeProd))[0]?.status, 'closed')
})

test('a trigger without a dedup_key is given one that resolves it', async () => {
  const { globexProd } = paging.team
  const { body } = await send(event(globexProd.key, 'trigger'))
  assert.ok(body.dedup_key)
  await send(event(globexProd.key, 'resolve', { dedup_key: body.dedup_key }))
  assert.deepEqual(
    (await alertsOf(globexProd)).map(({ status }) => status),
    ['closed'],
  )
})

test('the same dedup_key of another routing key is another alert, and nobody else resolves it', async () => {
  const { acmeStaging, globexProd } = paging.team
  await send(event(acmeStaging.key, 'trigger', { dedup_key: 'shared' }))
  await send(event(acmeStaging.key, 'trigger', { dedup_key: 'shared' }))
  const stranger = await send(event(globexProd.key, 'resolve', { dedup_key: 'shared' }))
  assert.equal(stranger.status, 202, 'as if there were such an alert')
  const sameEnvironment = await createKey(paging.server.as(paging.team.administrator.actor), {
    environment: 'acme-staging',
    name: 'another',
  })
  await send(event(sameEnvironment.secret, 'resolve', { dedup_key: 'shared' }))
  assert.deepEqual(
    (await alertsOf(acmeStaging)).map(({ status }) => status),
    ['open'],
  )
  await send(event(sameEnvironment.secret, 'trigger', { dedup_key: 'shared' }))
  assert.equal((await alertsOf(acmeStaging)).length, 2)
})

test('an acknowledge of a machine is taken, written on the alert once, and paging goes on', async () => {
  const { acmeProd } = paging.team
  await send(event(acmeProd.key, 'trigger', { dedup_key: 'worked-on' }))
  const ack = event(acmeProd.key, 'acknowledge', { dedup_key: 'worked-on', client: 'self-healing' })
  for (let times = 0; times < 3; times += 1) assert.equal((await send(ack)).status, 202)
  const alert = (await alertsOf(acmeProd)).find(({ annotations }) => annotations.dedup_key === 'worked-on')
  assert.equal(alert.status, 'open')
  const pages = await paging.pagesOf(acmeProd)
  assert.ok(pages.some(({ status }) => status === 'open'))
  const noted = await paging.server.platform.database.pool.query(
    `select b.disclosures::text as words from events e join event_bodies b on b.event_id = e.id
     where e.stream_id = $1 and e.type = 'alert.noted'`,
    [alert.id],
  )
  assert.equal(noted.rows.length, 1)
  assert.match(noted.rows[0].words, /self-healing/)
  const unknown = event(acmeProd.key, 'acknowledge', { dedup_key: 'nobody knows' })
  assert.equal((await send(unknown)).status, 202, 'dropped, as by PagerDuty')
  const stranger = event(paging.team.globexProd.key, 'acknowledge', { dedup_key: 'worked-on' })
  assert.equal((await send(stranger)).status, 202)
  await send(event(acmeProd.key, 'resolve', { dedup_key: 'worked-on' }))
})

test('a change event pages nobody and stands among the last changes of its environment alone', async () => {
  const { acmeProd, acmeStaging } = paging.team
  const pagesBefore = (await paging.pagesOf(acmeProd)).length
  const change = {
    routing_key: acmeProd.key,
    payload: {
      summary: 'Deployed shop 1.2.3',
      source: 'pipeline',
      timestamp: '2020-01-01T00:00:00Z',
      custom_details: { commit: 'abc' },
    },
    links: [{ href: 'https://git.example/1' }, { href: 'ftp://files.example' }, 7],
  }
  assert.deepEqual(await send(change, '/v2/change/enqueue'), {
    status: 202,
    body: { status: 'success', message: 'Change event processed' },
  })
  assert.equal((await paging.pagesOf(acmeProd)).length, pagesBefore)
  const changesOf = ({ id }: { id: string }) =>
    read(paging.server.as(paging.team.administrator.actor), (db) =>
      findLastChangesOf(db, { locale: 'en', zone: 'UTC' }, id, 0),
    )
  const [last] = await changesOf(acmeProd)
  assert.deepEqual([last?.what, last?.by], ['Announced: Deployed shop 1.2.3', 'pipeline'])
  assert.deepEqual(await changesOf(acmeStaging), [])
  for (const wrong of [
    { ...change, routing_key: 'nobodys' },
    { ...change, payload: { source: 'x' } },
    { ...change, payload: 'x' },
    '{',
  ]) {
    const answer = await send(wrong, '/v2/change/enqueue')
    assert.equal(answer.status, 400)
    assert.deepEqual(Object.keys(answer.body).sort(), ['errors', 'message', 'status'])
  }
})

test('version 1 of the events: a trigger without a severity wakes somebody, and version 2 resolves it', async () => {
  const { globexProd } = paging.team
  const url = '/generic/2010-04-15/create_event.json'
  const trigger = {
    service_key: globexProd.key,
    event_type: 'trigger',
    incident_key: 'v1',
    description: 'Disk full',
    details: { alertname: 'DiskFull' },
  }
  assert.deepEqual(await send(trigger, url), {
    status: 200,
    body: { status: 'success', message: 'Event processed', incident_key: 'v1' },
  })
  const named = async (key: string) =>
    (await alertsOf(globexProd)).find(({ annotations }) => annotations.dedup_key === key)
  const opened = await named('v1')
  assert.deepEqual(
    [opened.status, opened.priority, opened.name, opened.summary, opened.leniencies],
    ['open', 2, 'DiskFull', 'Disk full', []],
  )
  assert.equal((await send({ ...trigger, event_type: 'acknowledge' }, url)).status, 200)
  await send(event(globexProd.key, 'resolve', { dedup_key: 'v1' }))
  assert.equal((await named('v1')).status, 'closed')
  const quiet = { ...trigger, incident_key: 'v1-info', details: { severity: 'info' } }
  await send(quiet, url)
  assert.equal((await named('v1-info')).priority, 4)
  assert.ok((await send({ ...trigger, incident_key: undefined }, url)).body.incident_key)
  assert.equal((await send({ ...trigger, details: 'only words' }, url)).status, 200)
  for (const wrong of [{}, { ...trigger, service_key: 'x' }, { ...trigger, event_type: 'explode' }, '[]'])
    assert.equal((await send(wrong, url)).status, 400)
})

test('any severity is taken; what nobody knows counts as error and is noted', async () => {
  const { acmeProd } = paging.team
  const priorityOf = async (severity: unknown) => {
    const payload = { summary: 's', source: 'n', severity }
    const { body } = await send(
      event(acmeProd.key, 'trigger', { payload, dedup_key: `s-${String(severity)}` }),
    )
    const rows = await alertsOf(acmeProd)
    const row = rows.find(({ annotations }) => annotations.dedup_key === body.dedup_key)
    return [row.priority, row.leniencies.length]
  }
  assert.deepEqual(await priorityOf('critical'), [1, 0])
  assert.deepEqual(await priorityOf('Error'), [2, 0])
  assert.deepEqual(await priorityOf('warning'), [2, 0])
  assert.deepEqual(await priorityOf('info'), [4, 0])
  assert.deepEqual(await priorityOf('page'), [2, 1])
  assert.deepEqual(await priorityOf(undefined), [2, 1])
})

test('what is no event is 400 in the shape of the dialect, and nothing breaks', async () => {
  const { acmeProd } = paging.team
  const key = acmeProd.key
  for (const body of [
    '{',
    '',
    '[]',
    'null',
    {},
    event('', 'trigger'),
    event(`${key}x`, 'trigger'),
    event('\u0000', 'trigger'),
    event(key, 'explode'),
    event(key, 'acknowledge'),
    event(key, 'resolve'),
    { ...event(key, 'trigger'), payload: null },
    { ...event(key, 'trigger'), routing_key: [key] },
    `{"routing_key":"${key}","event_action":"trigger","payload":{"summary":${'['.repeat(300)}${']'.repeat(300)}}}`,
  ]) {
    const answer = await send(body)
    assert.equal(answer.status, 400, JSON.stringify(body).slice(0, 80))
    assert.deepEqual(Object.keys(answer.body).sort(), ['errors', 'message', 'status'])
  }
  const odd = ['\u0000', '\ud800', '', 0, -1, true, [], {}, [[1]], '__proto__', 'x'.repeat(50_000)]
  for (const value of odd) {
    const payload = {
      summary: value,
      source: value,
      severity: value,
      component: value,
      group: value,
      custom_details: value,
    }
    const more = {
      payload,
      dedup_key: value,
      client: value,
      client_url: value,
      links: [value],
      images: value,
    }
    const answer = await send(event(key, 'trigger', more))
    assert.equal(answer.status, 202, `${JSON.stringify(value).slice(0, 40)} ${JSON.stringify(answer.body)}`)
  }
  const huge = event(key, 'trigger', { payload: { summary: 'x'.repeat(2 * 1024 * 1024) } })
  assert.equal((await send(huge)).status, 413)
})

test('while nothing can be stored the answer is 429, the one status that every client of PagerDuty sends again after', async () => {
  const intake = intakeOf(paging.server.platform) as { submit: Intake['submit'] }
  const { submit } = intake
  try {
    for (const error of [new IntakeFull(), Object.assign(new Error('gone'), { code: '57P01' })]) {
      intake.submit = () => Promise.reject(error)
      const { key } = paging.team.acmeProd
      assert.equal((await send(event(key, 'trigger'))).status, 429)
      const first = { service_key: key, event_type: 'trigger', description: 'x' }
      const { status } = await send(first, '/generic/2010-04-15/create_event.json')
      assert.equal(status, 403, 'of version 1 Alertmanager sends again after 403')
    }
  } finally {
    intake.submit = submit
  }
})

const capture = join(import.meta.dirname, '../../../../../shared/data/captures/alertmanager-pagerduty.jsonl')
const skip = existsSync(capture) ? false : `${capture} is not here: nothing to play back`
test('what Alertmanager sends to its pagerduty receiver opens and resolves one alert', { skip }, async () => {
  const { globexProd } = paging.team
  const before = (await alertsOf(globexProd)).length
  const statuses: string[] = []
  for (const line of readFileSync(capture, 'utf8').trim().split('\n')) {
    const { body } = JSON.parse(line) as { body: object }
    const answer = await send({ ...body, routing_key: globexProd.key })
    assert.equal(answer.status, 202, JSON.stringify(answer.body))
    const rows = await alertsOf(globexProd)
    assert.equal(rows.length, before + 1)
    assert.deepEqual([rows.at(-1).priority, rows.at(-1).leniencies], [1, []])
    statuses.push(rows.at(-1).status)
  }
  assert.deepEqual(statuses, ['open', 'closed'])
})
