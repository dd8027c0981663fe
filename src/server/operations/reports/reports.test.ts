/** The report says what happened in a period and nothing else: drills do not count, other customers' figures stay apart, who knew first is not guessed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MINUTE, pagingTest, type PagingTest } from '../paging/paging.fixture.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
  await aNight()
})
after(() => paging?.stop())

const call = async (method: 'GET' | 'POST', url: string, body?: object) => {
  const reply = await paging.server.http.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${paging.team.engineers[0].token}`,
      'content-type': 'application/json',
    },
    ...(body ? { payload: JSON.stringify(body) } : {}),
  })
  return {
    status: reply.statusCode,
    text: reply.body,
    body: reply.body.startsWith('{') ? reply.json() : undefined,
  }
}
const alertNamed = async (name: string): Promise<string> =>
  (
    await paging.server.platform.database.db
      .selectFrom('alerts')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirstOrThrow()
  ).id

/** Two pages, one taken after four minutes and ended after ten; one that nobody takes; quiet alerts beside them. */
const aNight = async (): Promise<void> => {
  const { acmeProd, globexProd } = paging.team
  await paging.fire(acmeProd, { name: 'Taken' })
  await paging.drain()
  paging.server.clock.advance(4 * MINUTE)
  await call('POST', `/api/alerts/${await alertNamed('Taken')}/acknowledge`)
  await call('POST', '/api/incidents', { alertId: await alertNamed('Taken') })
  await call('POST', '/api/incidents', { environment: 'globex-prod', title: 'Somebody rang' })
  paging.server.clock.advance(6 * MINUTE)
  await paging.fire(acmeProd, { name: 'Taken', status: 'resolved' })
  await paging.fire(globexProd, { name: 'Untaken' })
  await paging.drain()
  paging.server.clock.advance(MINUTE)
  await paging.fire(globexProd, { name: 'Untaken', status: 'resolved' })
  await paging.fire(
    acmeProd,
    ...[1, 2, 3].map((n) => ({ name: 'Noise', severity: 'low', labels: { pod: `p${n}` } })),
  )
  await paging.drain()
  paging.server.clock.advance(MINUTE)
}

const report = async (query = '') => {
  const { status, body, text } = await call('GET', `/api/reports/on-call${query}`)
  assert.equal(status, 200, text)
  return body
}

test('times are those between page and acknowledgement, and between opening and end', async () => {
  const { total } = await report()
  assert.deepEqual([total.alerts, total.urgent, total.pages, total.untaken], [5, 2, 2, 1])
  assert.deepEqual(total.timeToAcknowledge, { mean: 4 * MINUTE, median: 4 * MINUTE, of: 1 })
  assert.deepEqual(total.timeToResolve, { mean: 5.5 * MINUTE, median: 5.5 * MINUTE, of: 2 })
})

test('customers stand apart, and narrowing to one leaves nothing of another', async () => {
  const { customers } = await report()
  assert.deepEqual(
    customers.map((row: { customer: { slug: string }; alerts: number; pages: number; incidents: number }) => [
      row.customer.slug,
      row.alerts,
      row.pages,
      row.incidents,
    ]),
    [
      ['acme', 4, 1, 1],
      ['globex', 1, 1, 1],
    ],
  )
  const globex = await report('?customer=globex')
  assert.deepEqual([globex.total.alerts, globex.total.pages, globex.customers.length], [1, 1, 1])
  assert.equal((await report('?environment=acme-staging')).total.alerts, 0)
})

test('load counts a page once for each person it told, by the hours of that person', async () => {
  const { people, hours, zone } = await report()
  const [first] = people
  assert.equal(first.person.id, paging.team.engineers[0].id)
  assert.equal(first.pages, 2)
  assert.ok(first.offHours <= first.pages && first.nights <= first.offHours)
  assert.equal(
    hours.reduce((sum: number, { pages }: { pages: number }) => sum + pages, 0),
    2,
  )
  assert.equal(zone, 'Europe/Stockholm')
})

test('noisy rules are the most frequent, with how many nobody touched', async () => {
  const { noisy } = await report()
  assert.deepEqual(
    noisy.map((row: { name: string; alerts: number; untouched: number }) => [
      row.name,
      row.alerts,
      row.untouched,
    ]),
    [
      ['Noise', 3, 3],
      ['Taken', 1, 0],
      ['Untaken', 1, 1],
    ],
  )
})

test('who knew first is an alert, or unknown: it is not guessed', async () => {
  assert.deepEqual((await report()).incidents, { opened: 2, byAlert: 1, byTicket: 0, unknown: 1 })
  const { rows } = (await call('GET', '/api/incidents?environment=globex-prod')).body
  await call('POST', `/api/incidents/${rows[0].id}/commands`, { kind: 'link-ticket', ticket: 'ACME-12' })
  assert.deepEqual((await report()).incidents, { opened: 2, byAlert: 1, byTicket: 1, unknown: 0 })
})

test('a drill is in no figure', async () => {
  const before = await report()
  const { db } = paging.server.platform.database
  await db.transaction().execute(async (tx) => {
    // As a drill leaves it behind.
    const { sql } = await import('kysely')
    await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(tx)
    await tx.updateTable('pages').set({ is_drill: true }).execute()
  })
  const after = await report()
  assert.equal(before.total.pages, 2)
  assert.deepEqual([after.total.pages, after.people, after.hours], [0, [], []])
})

test('a period that ends before it begins, or of more than a year, is refused; what is outside does not count', async () => {
  const now = paging.server.clock.now()
  for (const query of [`?from=${now}&to=${now}`, `?from=0&to=${now}`, '?from=x'])
    assert.equal((await call('GET', `/api/reports/on-call${query}`)).status, 422, query)
  assert.equal((await call('GET', '/api/reports/on-call?customer=nobody')).status, 404)
  assert.equal((await report(`?from=${now - MINUTE / 2}&to=${now}`)).total.alerts, 0)
})

test('as CSV a figure is a line', async () => {
  const { text } = await call('GET', '/api/reports/on-call.csv')
  assert.match(text, /^section,of,figure,value\r\ntotal,,alerts,5\r\n/)
  assert.match(text, /customer,globex,incidents,1\r\n/)
})
