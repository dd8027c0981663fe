/** Somebody who would be told on a screen alone counts as nobody: the fallback is told beside them, and it is shown. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pagingTest, type PagingTest } from './paging.fixture.ts'

let paging: PagingTest
/** No mail server: a browser is the only way to reach anybody. */
before(async () => {
  paging = await pagingTest({ env: { SMTP_URL: '' } })
})
after(() => paging?.stop())

const lastStep = async (pageId: string) => {
  const { rows } = await paging.server.platform.database.pool.query<{ disclosures: string[] }>(
    `select b.disclosures from events e join event_bodies b on b.event_id = e.id
     where e.stream_id = $1 and e.type = 'page.step-began' order by e.version desc limit 1`,
    [pageId],
  )
  const fields = rows[0]!.disclosures.map((text) => JSON.parse(text) as [string, string, unknown])
  return Object.fromEntries(fields.map(([, name, value]) => [name, value]))
}

test('without mail and without a browser the fallback is told, too, and page and record say so', async () => {
  const { acmeProd, engineers, administrator } = paging.team
  const browser = await paging.browserOf(administrator)
  await paging.fire(acmeProd, { name: 'Unreachable' })
  await paging.drain()
  const [page] = await paging.pagesOf(acmeProd)
  assert.deepEqual([page!.nobody_on_call, page!.nobody_reached], [false, true])
  const told = (await paging.intentsOf(page!.id)).map(({ account_id, channel, status }) => [
    account_id,
    channel,
    status,
  ])
  assert.deepEqual(
    told.toSorted(),
    [
      [administrator.id, 'screen', 'sent'],
      [administrator.id, 'web-push', 'sent'],
      [engineers[0].id, 'screen', 'sent'],
    ].toSorted(),
  )
  const step = await lastStep(page!.id)
  assert.deepEqual([step['nobodyOnCall'], step['nobodyReached']], [false, true])
  assert.match(browser.inbox[0]!.text, /cannot be reached away from a screen/)
  const shown = await paging.server.http.inject({
    url: `/pages/${page!.id}`,
    headers: { cookie: engineers[0].cookie, accept: 'text/html' },
  })
  assert.match(shown.body, /cannot be reached/)
})

test('with a browser of their own they are told alone', async () => {
  const { globexProd, engineers } = paging.team
  await paging.browserOf(engineers[0])
  await paging.fire(globexProd, { name: 'Reachable' })
  const [page] = await paging.pagesOf(globexProd)
  assert.deepEqual([page!.nobody_on_call, page!.nobody_reached], [false, false])
  const accounts = new Set((await paging.intentsOf(page!.id)).map(({ account_id }) => account_id))
  assert.deepEqual([...accounts], [engineers[0].id])
})

test('a mail server that cannot be reached at all keeps the promise open and says why', async () => {
  const unreachable = await pagingTest({ env: { SMTP_URL: 'smtp://127.0.0.1:1' } })
  try {
    await unreachable.fire(unreachable.team.acmeProd, { name: 'No mail server' })
    await unreachable.drain()
    const [page] = await unreachable.pagesOf(unreachable.team.acmeProd)
    const mailed = (await unreachable.intentsOf(page!.id)).find(({ channel }) => channel === 'email')!
    assert.equal(mailed.status, 'intended')
    const { db } = unreachable.server.platform.database
    const send = await db.selectFrom('page_sends').selectAll().executeTakeFirstOrThrow()
    assert.match(send.last_answer ?? '', /ECONNREFUSED/)
    assert.equal(send.due_at, unreachable.server.clock.now() + 5_000)
  } finally {
    await unreachable.stop()
  }
})
