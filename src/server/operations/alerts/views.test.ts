/** Views are kept, one's own and everybody's; a file says the same as the database; files beside an alert are downloads that can be erased. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { pagingTest, type PagingTest } from '../paging/paging.fixture.ts'
import { blobFolder } from '../../platform/blobs.ts'

let paging: PagingTest
let alertId: string
before(async () => {
  paging = await pagingTest()
  await paging.fire(paging.team.acmeProd, { name: 'Disk_full' })
  const { rows } = (await call('GET', '/api/alerts')).body
  alertId = rows[0].id
})
after(() => paging?.stop())

const call = async (
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  { body, token, bytes }: { body?: object; token?: string; bytes?: Buffer } = {},
) => {
  const reply = await paging.server.http.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${token ?? paging.team.engineers[0].token}`,
      'content-type': bytes ? 'application/octet-stream' : 'application/json',
    },
    ...(bytes ? { payload: bytes } : body ? { payload: JSON.stringify(body) } : {}),
  })
  return {
    status: reply.statusCode,
    text: reply.body,
    headers: reply.headers,
    body: reply.body.startsWith('{') ? reply.json() : undefined,
  }
}
const views = async (token?: string) => (await call('GET', '/api/alerts/views', token ? { token } : {})).body

test("one's own view is nobody else's, and saving the name again replaces it", async () => {
  const mine = { name: 'Night', query: 'priority <= P2', groupBy: 'cluster' }
  assert.equal((await call('POST', '/api/alerts/views', { body: mine })).status, 201)
  const again = await call('POST', '/api/alerts/views', { body: { name: 'Night', status: 'all' } })
  const { rows } = await views()
  assert.equal(rows.length, 1)
  assert.deepEqual([rows[0].query, rows[0].status, rows[0].groupBy], ['', 'all', null])
  const other = paging.team.engineers[1].token
  assert.deepEqual((await views(other)).rows, [])
  assert.equal((await call('DELETE', `/api/alerts/views/${again.body.id}`, { token: other })).status, 404)
  assert.equal((await call('DELETE', `/api/alerts/views/${again.body.id}`)).status, 200)
})

test("everybody's view is kept by who works alerts, and read by all", async () => {
  const shared = { slug: 'storage', name: 'Storage', query: 'label.group:Storage', groupBy: 'usual' }
  const auditor = paging.team.auditor.token
  assert.equal((await call('POST', '/api/alerts/views', { body: shared, token: auditor })).status, 403)
  const made = await call('POST', '/api/alerts/views', { body: shared })
  const seen = await views(auditor)
  assert.deepEqual([seen.rows[0].slug, seen.rows[0].can.change, seen.can.share], ['storage', false, false])
  const url = `/api/alerts/views/${made.body.id}`
  assert.equal((await call('DELETE', url, { token: auditor })).status, 403)
})

test('what is no question or no grouping is not saved', async () => {
  for (const wrong of [{ query: 'nothing:x' }, { groupBy: 'a,b,c,d' }, { status: 'x' }, { name: '' }])
    assert.equal((await call('POST', '/api/alerts/views', { body: { name: 'Wrong', ...wrong } })).status, 422)
})

test('the file of the configuration has the views of everybody and changes them', async () => {
  const token = paging.team.administrator.token
  const { document } = (await call('GET', '/api/configuration', { token })).body
  const { alertViews } = parse(document)
  assert.deepEqual(
    alertViews.map(({ slug }: { slug: string }) => slug),
    ['storage'],
  )
  const apply = async (text: string, prune = false) =>
    call('POST', '/api/configuration/apply', { token, body: { document: text, prune } })
  assert.deepEqual((await apply(document)).body.changes, [])
  const changed = await apply('version: 1\nalertViews: [{ slug: storage, name: Disks, priority: P1 }]\n')
  assert.equal(changed.body.changes.length, 1, changed.text)
  const { rows } = await views()
  assert.deepEqual([rows[0].name, rows[0].priority, rows[0].query], ['Disks', 'P1', 'label.group:Storage'])
  assert.equal((await apply('version: 1\nalertViews: [{ slug: x, name: X, query: "a:b" }]\n')).status, 422)
  await apply('version: 1\nalertViews: []\n', true)
  assert.deepEqual((await views()).rows, [])
})

test('a file beside an alert is a download for who may read it, and is erased for good', async () => {
  const bytes = Buffer.from('<script>alert(1)</script>')
  const url = `/api/alerts/${alertId}/attachments`
  const made = await call('POST', `${url}?fileName=${encodeURIComponent('../a "b".html')}`, { bytes })
  assert.equal(made.status, 201, made.text)
  const [file] = made.body.attachments
  assert.deepEqual(
    [file.fileName, file.size, file.mediaType],
    ['../a "b".html', bytes.length, 'application/octet-stream'],
  )
  const got = await call('GET', `${url}/${file.id}`)
  assert.equal(got.text, bytes.toString())
  assert.match(String(got.headers['content-disposition']), /^attachment; filename\*=UTF-8''/)
  assert.equal(got.headers['content-security-policy'], 'sandbox')
  assert.equal(
    (await call('GET', `${url}/${file.id}`, { token: paging.team.deliveryManager.token })).status,
    200,
  )
  const stored = join(blobFolder(paging.server.platform), `alert-attachments/${alertId}/${file.id}.enc`)
  assert.ok(existsSync(stored))
  const erased = await call('DELETE', `${url}/${file.id}`)
  assert.deepEqual(erased.body.attachments, [])
  await paging.drain()
  assert.ok(!existsSync(stored), 'the bytes are gone from the disk')
  assert.equal((await call('GET', `${url}/${file.id}`)).status, 404)
  assert.equal((await call('DELETE', `${url}/${file.id}`)).status, 404)
  const kinds = erased.body.activity.map(({ kind }: { kind: string }) => kind)
  assert.deepEqual(
    ['attached', 'attachment-read', 'attachment-erased'].filter((kind) => !kinds.includes(kind)),
    [],
  )
})

test('what is empty, too much or not there is refused; who only looks on attaches nothing', async () => {
  const url = `/api/alerts/${alertId}/attachments?fileName=x.txt`
  assert.equal((await call('POST', url, { bytes: Buffer.alloc(0) })).status, 400)
  assert.equal((await call('POST', url, { bytes: Buffer.alloc(17 * 1024 * 1024) })).status, 413)
  assert.equal(
    (await call('POST', url, { bytes: Buffer.from('x'), token: paging.team.auditor.token })).status,
    403,
  )
  const nobody = '/api/alerts/01934f5e-7a00-7000-8000-00000000ffff/attachments?fileName=x'
  assert.equal((await call('POST', nobody, { bytes: Buffer.from('x') })).status, 404)
  for (let n = 0; n < 20; n += 1) await call('POST', url, { bytes: Buffer.from(`${n}`) })
  assert.equal((await call('POST', url, { bytes: Buffer.from('one more') })).status, 409)
})

test('what was done is taken away as Markdown that somebody else cannot write into, and as CSV', async () => {
  await call('POST', `/api/alerts/${alertId}/notes`, {
    body: { note: '=1+1\n# Not a heading [x](http://y)' },
  })
  const markdown = (await call('GET', `/api/alerts/${alertId}/activity`)).text
  assert.match(markdown, /^# Disk\\_full\n/)
  assert.doesNotMatch(markdown, /\n# Not/)
  assert.match(markdown, /\\# Not a heading \\\[x\\\]\\\(http:\/\/y\\\)/)
  const csv = (await call('GET', `/api/alerts/${alertId}/activity?format=csv`)).text
  assert.match(csv, /^at,what,by,whom,until,detail\r\n/)
  assert.match(csv, /,noted,Bo Example,,,"'=1\+1/)
})
