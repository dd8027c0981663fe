/** Requests that real clients sent to OpsGenie's addresses are played back as they were: each gets the answer its client wants. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openOpsGenieTest, type OpsGenieTest } from './opsgenie.fixture.ts'

type Captured = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const folder = join(import.meta.dirname, '../../../../../shared/data/captures')
const skip = existsSync(folder) ? false : `${folder} is not here: nothing to play back`

let og: OpsGenieTest
before(async () => {
  if (!skip) og = await openOpsGenieTest()
})
after(() => og?.stop())

const captured = (name: string): Captured[] =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Captured)

/** The key of the capture becomes ours, in the form in which that client sends it; a prefix of `api_url` goes. */
const play = async ({ method, path, headers, body }: Captured, key: string) => {
  const given = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? ''
  const authorization = given.startsWith('Basic')
    ? `Basic ${Buffer.from(`:${key}`).toString('base64')}`
    : given.replace(/ .*/, ` ${key}`)
  const reply = await og.server.http.inject({
    method,
    url: path.replace(/^\/full/, ''),
    headers: {
      'user-agent': headers['User-Agent'] ?? '',
      'content-type': 'application/json',
      ...(authorization ? { authorization } : {}),
    },
    ...(body === '' ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: reply.statusCode, body: reply.json(), authorization }
}

test(
  'what Alertmanager sends to its opsgenie receiver opens, changes and closes one alert a receiver',
  { skip },
  async () => {
    const { acmeProd, globexProd } = og.team
    const requests = captured('alertmanager-opsgenie.jsonl')
    assert.equal(requests.length, 6)
    for (const request of requests) {
      // Two receivers stand for two clusters: with the same alias, each with a key of its own.
      const { key } = request.path.startsWith('/full') ? acmeProd : globexProd
      const { status, body } = await play(request, key)
      assert.equal(status, 202, `${request.method} ${request.path} ${JSON.stringify(body)}`)
      assert.equal((await og.outcome(key, { status, body, headers: {} })).isSuccess, true, request.path)
    }
    const rows = await og.query(
      'select environment_id, status, priority, summary, annotations, leniencies from alerts order by opened_at, id',
    )
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['closed', 'closed'],
    )
    const full = rows.find(({ environment_id: id }) => id === acmeProd.id)
    assert.deepEqual(
      full.annotations.tags,
      'sev-critical, cluster-acme-prod',
      'the space of " cluster-…" went',
    )
    assert.equal(full.annotations.description, undefined, 'the empty description of update_alerts')
    const plain = rows.find(({ environment_id: id }) => id === globexProd.id)
    assert.deepEqual(
      [plain.priority, plain.leniencies],
      [1, []],
      'no priority was sent; its details are critical',
    )
  },
)

test(
  'what the SDK of OpsGenie sends is answered as it expects, or told whom it must name',
  { skip },
  async () => {
    const { key } = og.team.acmeStaging
    const naming = /\/(acknowledge|assign|snooze|escalate)\b/
    for (const request of captured('opsgenie-sdk.jsonl')) {
      const { status, body, authorization } = await play(request, key)
      const about = `${request.method} ${request.path}: ${status} ${JSON.stringify(body)}`
      // Its list with a colon in the query loses the key on the way: a fault of the client.
      if (authorization === '') assert.equal(status, 401, about)
      else if (naming.test(request.path) && !request.path.includes('/unacknowledge'))
        assert.equal(status, 422, `${about}: nobody called alice, no such policy`)
      else if (request.path.includes('/requests/'))
        assert.equal(status, 404, `${about}: a request of another server`)
      else if (request.path.endsWith('/ping')) assert.equal(status, 202, about)
      else if (request.path === '/v2/heartbeats/') assert.equal(status, 201, about)
      else assert.equal(status, request.method === 'GET' ? 200 : 202, about)
    }
    const [alert] = await og.query('select * from alerts where environment_id = $1', og.team.acmeStaging.id)
    assert.deepEqual(
      [alert.status, alert.annotations.tags, alert.labels],
      ['closed', 'a, b', { k: 'v', a: 'b' }],
    )
  },
)

test('what Alertmanager sends to a heartbeat is heard, with the key as password', { skip }, async () => {
  const { key, id } = og.team.acmeStaging
  for (const request of captured('alertmanager-heartbeat.jsonl'))
    assert.equal((await play(request, key)).status, 202, request.path)
  const [heard] = await og.query(
    'select * from heartbeat_pings where environment_id = $1 and name = $2',
    id,
    'acme-prod',
  )
  assert.equal(heard.count, 4, 'nobody defined it, and it is counted all the same')
})

test('the lists of the SDK are answered', { skip }, async () => {
  for (const request of captured('opsgenie-sdk-list.jsonl')) {
    const { status, authorization } = await play(request, og.team.acmeStaging.key)
    assert.equal(status, authorization === '' ? 401 : 200, request.path)
  }
})

test('what Alertmanager sends to a webhook opens and closes the alerts it names', { skip }, async () => {
  const { key, id } = og.team.globexProd
  const fired = new Set<string>()
  for (const { method, body } of captured('alertmanager-webhook.jsonl')) {
    const { alerts } = body as { alerts: { fingerprint: string }[] }
    for (const { fingerprint } of alerts) fired.add(fingerprint)
    const reply = await og.server.http.inject({
      method,
      url: '/integrations/alertmanager',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    })
    assert.deepEqual([reply.statusCode, reply.json().refused], [200, []])
  }
  const rows = await og.query('select fingerprint from alerts where environment_id = $1', id)
  const stored = new Set(rows.map(({ fingerprint }) => fingerprint))
  for (const fingerprint of fired) assert.ok(stored.has(fingerprint), fingerprint)
})

test('the statuses with which we ask to come back are those after which Alertmanager did', { skip }, () => {
  const lines = readFileSync(join(folder, 'alertmanager-retry.jsonl'), 'utf8').trim().split('\n')
  const attempts = Map.groupBy(
    lines.map((line) => (JSON.parse(line) as { path: string }).path.split('/')[1] ?? ''),
    (receiver) => receiver,
  )
  const times = (receiver: string): number => attempts.get(receiver)?.length ?? 0
  // One attempt a flush: given up until the next.
  const givenUp = times('wh400')
  assert.ok(givenUp > 0)
  for (const receiver of ['og500', 'og429', 'pd429', 'wh500']) assert.ok(times(receiver) > givenUp, receiver)
  for (const receiver of ['wh429', 'og422', 'og401', 'pd400'])
    assert.equal(times(receiver), givenUp, receiver)
})
