/** PagerDuty's events over the ordinary alerts: a trigger pages, a resolve ends it, a dedup_key belongs to its routing key. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { IntakeFull, intakeOf, type Intake } from '../../operations/alerts/intake.ts'
import { createKey } from '../../people/environments/change-keys.ts'
import { pagingTest, type PagingTest } from '../../operations/paging/paging.fixture.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const send = async (body: unknown) => {
  const reply = await paging.server.http.inject({
    method: 'POST',
    url: '/v2/enqueue',
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
    event(key, 'acknowledge', { dedup_key: 'd' }),
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
      assert.equal((await send(event(paging.team.acmeProd.key, 'trigger'))).status, 429)
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
