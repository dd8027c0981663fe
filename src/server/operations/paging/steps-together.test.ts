/** Steps of many pages that fall due at once begin together, each as it would alone, and none waits for another. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'
import { acknowledgePage } from './acknowledge-page.ts'

const PAGES = 12
let paging: PagingTest

before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

/** One alert a page, each sent to the policy that waits five minutes before its second step. */
const ringMany = async (round: string) => {
  const names = Array.from({ length: PAGES }, (_, n) => `${round}${n}`)
  await paging.fire(paging.team.acmeProd, ...names.map((name) => ({ name, severity: 'none' })))
  const { db } = paging.server.platform.database
  const alerts = await db.selectFrom('alerts').select('id').where('name', 'in', names).execute()
  assert.equal(alerts.length, PAGES)
  for (const { id } of alerts) {
    const reply = await paging.server.http.inject({
      method: 'POST',
      url: `/api/alerts/${id}/escalate`,
      headers: { authorization: `Bearer ${paging.team.administrator.token}` },
      payload: { policy: 'default' },
    })
    assert.ok(reply.statusCode < 300, reply.body)
  }
  const pages = await db
    .selectFrom('pages')
    .innerJoin('page_alerts', 'page_alerts.page_id', 'pages.id')
    .select(['pages.id', 'page_alerts.alert_id'])
    .where(
      'page_alerts.alert_id',
      'in',
      alerts.map(({ id }) => id),
    )
    .execute()
  await paging.drain()
  return pages.map(({ id }) => id)
}

const begun = async (pageIds: readonly string[]) => {
  const told = await Promise.all(pageIds.map((id) => paging.intentsOf(id)))
  return told.map((intents) => intents.filter(({ step, channel }) => step === 1 && channel === 'email'))
}

const eventsOf = async (pageIds: readonly string[]) => {
  const { rows } = await new Promise<pg.QueryResult<{ xid: string }>>((resolve, reject) => {
    paging.server.platform.database.pool.query(
      `select distinct xid::text from events where type = 'page.step-began' and stream_id = any($1)
       and version > 3`,
      [pageIds],
      (error, result) => (error ? reject(error) : resolve(result as never)),
    )
  })
  return rows.length
}

test('a dozen steps that fall due at once begin in a transaction or two, and each tells its person once', async () => {
  const pageIds = await ringMany('Many')
  assert.equal(pageIds.length, PAGES)
  const before = paging.mailsTo(paging.team.engineers[1]).length
  paging.server.clock.advance(5 * MINUTE)
  await paging.drain()
  const told = await begun(pageIds)
  assert.deepEqual(
    told.map((intents) => intents.map(({ account_id, status }) => [account_id, status])),
    pageIds.map(() => [[paging.team.engineers[1].id, 'sent']]),
  )
  assert.equal(paging.mailsTo(paging.team.engineers[1]).length - before, PAGES)
  assert.ok((await eventsOf(pageIds)) < PAGES / 4, 'a transaction each')
})

test('a page on which somebody is at work, or that somebody has, holds up none of the others', async () => {
  const pageIds = await ringMany('Locked')
  const [locked = '', taken = '', ...others] = pageIds
  await acknowledgePage(paging.server.as(paging.team.administrator.actor), { pageId: taken })
  const client = new pg.Client({ connectionString: paging.server.connectionString })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select from pages where id = $1 for update', [locked])
    paging.server.clock.advance(5 * MINUTE)
    await paging.drain()
    assert.ok((await begun(others)).every(({ length }) => length === 1))
    assert.deepEqual(await begun([locked, taken]), [[], []])
    await client.query('rollback')
  } finally {
    await client.end()
  }
  paging.server.clock.advance(1_000)
  await paging.drain()
  assert.deepEqual(
    (await begun([locked, taken])).map(({ length }) => length),
    [1, 0],
  )
})

test('a clock that goes back between the claim and the step delays the step and loses it not', async () => {
  const [pageId = ''] = await ringMany('Back')
  paging.server.clock.advance(5 * MINUTE)
  const { db } = paging.server.platform.database
  await db.updateTable('tasks').set({ due_at: 0 }).where('kind', '=', 'page.step').execute()
  paging.server.clock.advance(-2 * MINUTE)
  await paging.drain()
  assert.deepEqual((await begun([pageId]))[0], [])
  paging.server.clock.advance(2 * MINUTE)
  await paging.drain()
  assert.equal((await begun([pageId]))[0]?.length, 1)
})
