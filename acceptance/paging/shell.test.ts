/** The night from a shell, against a real server: a drill is rung and followed, somebody is paged by hand, and what is dealt with is closed. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { acknowledgePage } from '../../src/server/operations/paging/acknowledge-page.ts'
import { pagingTest, type PagingTest } from '../../src/server/operations/paging/paging.fixture.ts'
import { eventually } from '../chain/eventually.ts'
import { projectRoot } from '../chain/running-server.ts'

let paging: PagingTest
let url = ''
before(async () => {
  paging = await pagingTest()
  await paging.server.http.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(paging.server.http.server.address() as AddressInfo).port}`
})
after(() => paging?.stop())

const fortnight = (...argv: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((done) => {
    const env = {
      ...process.env,
      FORTNIGHT_URL: url,
      FORTNIGHT_TOKEN: paging.team.administrator.token,
      COLUMNS: '200',
    }
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(projectRoot, 'src/cli/main.ts'), ...argv],
      { env },
      (error, out, err) => done({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    )
  })
const lastPage = async () => (await paging.pagesOf(paging.team.acmeProd)).at(-1)

test('a drill is followed to the hand that takes it, and leaves with 0', async () => {
  const rung = fortnight('drill', 'acme-prod', '--wait')
  const page = await eventually('the page of the drill', async () => {
    await paging.drain()
    return lastPage()
  })
  await acknowledgePage(paging.server.as(paging.team.engineers[0].actor), { pageId: page.id })
  const { code, out, err } = await rung
  assert.equal(code, 0, err)
  assert.match(out, /Proved: Bo Example took it/)
  assert.match(out, /received/)
  const list = await fortnight('drill', 'list')
  assert.match(list.out, /acme-prod.*proved/)
})

test('a person is paged by handle, and the page is closed with a reason', async () => {
  const paged = await fortnight('page', 'cleo', 'The storage is filling up', '-e', 'acme-prod')
  assert.equal(paged.code, 0, paged.err)
  assert.match(paged.out, /Paged Cleo Example: P1/)
  const page = await lastPage()
  const closed = await fortnight('close', page!.id, '--reason', 'grown')
  assert.deepEqual([closed.code, closed.out.trim()], [0, 'Closed one alert.'], closed.err)
  assert.equal((await lastPage())?.status, 'resolved')
})

test('whom nobody is, and a page without words, pages nobody', async () => {
  const before = (await paging.pagesOf(paging.team.acmeProd)).length
  assert.notEqual((await fortnight('page', 'nobody-here', 'x', '-e', 'acme-prod')).code, 0)
  assert.notEqual((await fortnight('page', 'cleo')).code, 0)
  assert.equal((await paging.pagesOf(paging.team.acmeProd)).length, before)
})
