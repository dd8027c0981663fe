/** Links in messages: whoever opens one, and however often, changes nothing; only its button does, once, in time, for its person. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inviteAccount } from '../../people/accounts/invite-account.ts'
import { archiveAccount } from '../../people/accounts/archive-account.ts'
import { acknowledgePage } from './acknowledge-page.ts'
import { linkIn, MINUTE, pagingTest, type PagingTest } from './paging.fixture.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

/** Every row of every table, so that nothing at all may change unseen. */
const everything = async (): Promise<Record<string, string>> => {
  const { pool } = paging.server.platform.database
  const { rows } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = current_schema() order by 1`,
  )
  const digests: Record<string, string> = {}
  for (const { name } of rows) {
    const { rows: found } = await pool.query(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as md5 from "${name}" t`,
    )
    digests[name] = found[0].md5
  }
  return digests
}

const lastMail = () => paging.mail.received.at(-1)
const ring = async (name: string) => {
  await paging.fire(paging.team.acmeProd, { name })
  await paging.drain()
  const page = (await paging.pagesOf(paging.team.acmeProd)).at(-1)!
  return {
    page,
    link: linkIn(lastMail()),
    end: () => paging.fire(paging.team.acmeProd, { name, status: 'resolved' }),
  }
}
const open = (method: 'GET' | 'HEAD', url: string, headers: Record<string, string> = {}) =>
  paging.server.http.inject({ method, url, headers: { accept: 'text/html,*/*', ...headers } })
const press = (link: string) =>
  paging.server.http.inject({
    method: 'POST',
    url: '/acknowledge',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    payload: `token=${link.split('/').at(-1)}`,
  })

test('a mail scanner may open every link of every kind of message, with GET and HEAD, and nothing changes', async () => {
  const { link, end } = await ring('Scanned')
  const text = lastMail()?.text ?? ''
  const inMail = [...text.matchAll(/https?:\/\/\S+/g)].map(([url]) => new URL(url))
  assert.equal(inMail.length, 2)
  const { administrator, engineers } = paging.team
  const invited = await inviteAccount(paging.server.as(administrator.actor), {
    accountId: engineers[2].id,
  })
  const invitation = new URL(invited.link)
  const links = [...inMail, invitation].map(({ pathname, search }) => pathname + search)
  const before = await everything()
  for (const url of links) {
    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      const reply = await open(method, url, { 'user-agent': 'scanner', 'sec-purpose': 'prefetch' })
      assert.ok(reply.statusCode < 400, `${method} ${url}: ${reply.statusCode}`)
    }
  }
  assert.deepEqual(await everything(), before)
  assert.equal((await press(link)).statusCode, 303, 'and the button still works')
  await end()
})

test('a link takes its page for its person, a second press changes nothing, and it takes no other page', async () => {
  const { page, link, end } = await ring('Pressed')
  await press(link)
  const taken = (await paging.pagesOf(paging.team.acmeProd)).at(-1)!
  assert.deepEqual([taken.id, taken.acknowledged_by], [page.id, paging.team.engineers[0].id])
  const before = await everything()
  const again = await press(link)
  assert.equal(again.statusCode, 303)
  assert.match((await open('GET', link)).body, /Bo Example has it/)
  assert.deepEqual(await everything(), before)
  await end()
})

test('after a day a link is only a link: it says so, and the page goes on ringing', async () => {
  const { page, link, end } = await ring('Expired')
  paging.server.clock.advance(24 * 60 * MINUTE)
  for (const reply of [await press(link), await open('GET', link)]) {
    assert.equal(reply.statusCode, 410)
    assert.match(reply.body, /expired/)
  }
  assert.equal((await paging.pagesOf(paging.team.acmeProd)).find(({ id }) => id === page.id)?.status, 'open')
  await end()
})

test('whoever presses late is led to the page, which says who has it; the link is not spent on it', async () => {
  const { page, link, end } = await ring('Late')
  await acknowledgePage(paging.server.as(paging.team.engineers[1].actor), { pageId: page.id })
  assert.equal((await press(link)).statusCode, 303)
  assert.match((await open('GET', link)).body, /Cleo Example has it/)
  await end()
  assert.equal((await press(link)).statusCode, 303)
  assert.match((await open('GET', link)).body, /Resolved/)
})

test('a link outlives no account: whoever has left takes nothing', async () => {
  const { page, link, end } = await ring('Left')
  await archiveAccount(paging.server.as(paging.team.administrator.actor), {
    accountId: paging.team.engineers[0].id,
  })
  assert.equal((await press(link)).statusCode, 410)
  assert.equal((await paging.pagesOf(paging.team.acmeProd)).find(({ id }) => id === page.id)?.status, 'open')
  await end()
})

test('tokens that never were, of another kind, or of odd shape are refused alike', async () => {
  for (const token of ['x', 'x'.repeat(100), '%00', '../setup', '\u202e'])
    assert.ok(
      [404, 410, 422].includes((await open('GET', `/acknowledge/${encodeURIComponent(token)}`)).statusCode),
      token,
    )
})
