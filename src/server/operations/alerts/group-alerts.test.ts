/** Groups count what the list shows: their sums are the whole, each group's question finds its alerts, and one act works a group. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { webhookBody } from '../../testing/alertmanager-body.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { findGroups } from './group-store.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  const alerts = Array.from({ length: 60 }, (_, n) => ({
    name: `Alert${n}`,
    severity: n % 5 === 0 ? 'critical' : 'low',
    labels: {
      cluster: `c${n % 3}`,
      ...(n % 2 === 0 ? { group: n % 4 === 0 ? 'NOT a "plain" word*' : 'Storage' } : {}),
    },
  }))
  await fire(team.acmeProd.key, alerts)
  await fire(team.globexProd.key, [{ name: 'Other', severity: 'low', labels: { cluster: 'c0' } }])
})
after(() => server?.stop())

const fire = async (key: string, alerts: Parameters<typeof webhookBody>): Promise<void> => {
  const reply = await server.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(webhookBody(...alerts)),
  })
  assert.equal(reply.statusCode, 200, reply.body)
}
type Group = {
  values: (string | null)[]
  query: string
  count: number
  acknowledged: number
  priority: string
  newestAt: number
}
const get = async (path: string, query: Record<string, string>) => {
  const reply = await server.http.inject({
    url: `${path}?${new URLSearchParams(query)}`,
    headers: { authorization: `Bearer ${team.engineers[0].token}` },
  })
  return { status: reply.statusCode, body: reply.json() }
}
const groups = async (query: Record<string, string> = {}): Promise<Group[]> => {
  const { status, body } = await get('/api/alerts/groups', { status: 'not-closed', ...query })
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal(body.next, null)
  return body.rows
}
const total = (of: readonly Group[]): number => of.reduce((sum, { count }) => sum + count, 0)

test('groups are those of the installation where nobody says by what, the worst and largest first', async () => {
  const found = await groups()
  assert.equal(total(found), 61)
  const { body } = await get('/api/alerts/groups', {})
  assert.deepEqual(body.by, ['group', 'severity', 'cluster'])
  const ranks = found.map(({ priority, count }) => `${priority} ${String(1000 - count).padStart(4)}`)
  assert.deepEqual(ranks, ranks.toSorted())
  assert.ok(
    found.some(({ values }) => values[0] === null),
    'alerts without the label are a group, too',
  )
})

test("each group's question finds exactly its alerts, and narrows with what was asked", async () => {
  for (const query of ['', 'cluster:c0 OR cluster:c1']) {
    const found = await groups({ query, environment: 'acme-prod' })
    assert.equal(total(found), query === '' ? 60 : 40)
    for (const group of found) {
      const { body } = await get('/api/alerts', {
        query: group.query,
        status: 'not-closed',
        environment: 'acme-prod',
        limit: '200',
      })
      assert.equal(body.rows.length, group.count, group.query)
      for (const row of body.rows) assert.deepEqual([row.group, row.severity, row.cluster], group.values)
    }
  }
})

test('by environment and by priority, in every order; what is no grouping is refused', async () => {
  assert.deepEqual(
    (await groups({ by: 'environment' })).map(({ values, count }) => [values[0], count]),
    [
      ['acme-prod', 60],
      ['globex-prod', 1],
    ],
  )
  const byPriority = await groups({ by: 'priority,environment' })
  assert.deepEqual(byPriority[0]?.values, ['P1', 'acme-prod'])
  for (const by of ['a,b,c,d', 'a,a', "x'y", ''])
    assert.equal((await get('/api/alerts/groups', { by })).status, 422, by)
})

test('part after part counts every alert once, however few a part looks at', async () => {
  const { db } = server.platform.database
  const sums = new Map<string, number>()
  let looked = 0
  let before: readonly [number, string] | undefined
  for (;;) {
    const part = await findGroups(db, {
      query: { kind: 'words', field: 'text', wanted: { text: 'Alert', wild: false } },
      asking: { now: server.platform.clock.now(), me: undefined },
      status: 'not-closed',
      keys: [{ kind: 'label', name: 'cluster' }],
      mostLookedAt: 7,
      ...(before ? { before } : {}),
    })
    looked += part.looked
    for (const { values, count } of part.groups)
      sums.set(String(values[0]), (sums.get(String(values[0])) ?? 0) + count)
    if (!part.lookedTo) break
    before = part.lookedTo
  }
  assert.equal(looked, 61)
  assert.deepEqual([...sums].toSorted(), [
    ['c0', 20],
    ['c1', 20],
    ['c2', 20],
  ])
})

test('a count says how many a question finds and whether that is all', async () => {
  const counted = async (query: string) =>
    (await get('/api/alerts/count', { query, status: 'not-closed' })).body
  assert.deepEqual(await counted(''), { count: 61, isAll: true })
  assert.deepEqual(await counted('label.group:Storage'), { count: 15, isAll: true })
  assert.equal((await get('/api/alerts/count', { query: 'nothing:x' })).status, 422)
})

test('one act works a whole group, and nothing beside it', async () => {
  // P1 has a page, and taking one alert of it takes all that ring with it: here only those without.
  const calm = { by: 'group', query: 'severity:low' }
  const group = (await groups(calm)).find(({ values }) => values[0] === 'Storage')
  const reply = await server.http.inject({
    method: 'POST',
    url: '/api/alerts/bulk',
    headers: { authorization: `Bearer ${team.engineers[0].token}`, 'content-type': 'application/json' },
    payload: JSON.stringify({
      which: { query: group?.query, status: 'not-closed' },
      act: { kind: 'acknowledge' },
    }),
  })
  assert.equal(reply.json().changed, 12)
  const after = await groups(calm)
  assert.deepEqual(
    after.map(({ values, acknowledged }) => [values[0], acknowledged]).toSorted(),
    [
      ['NOT a "plain" word*', 0],
      ['Storage', 12],
      [null, 0],
    ].toSorted(),
  )
})
