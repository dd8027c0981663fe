/** Heartbeats as people keep them: defined, heard, silent, put away; and names that ping although nobody expects them. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MINUTE, pagingTest, type PagingTest } from '../paging/paging.fixture.ts'

let paging: PagingTest
before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

const ask = async (
  method: 'GET' | 'PUT' | 'DELETE',
  rest = '',
  body?: object,
  token = paging.team.engineers[0].token,
) => {
  const reply = await paging.server.http.inject({
    method,
    url: `/api/environments/acme-prod/heartbeats${rest}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { payload: JSON.stringify(body) } : {}),
  })
  return { status: reply.statusCode, body: reply.json() }
}
const ping = async (name: string): Promise<void> => {
  const reply = await paging.server.http.inject({
    url: `/v2/heartbeats/${encodeURIComponent(name)}/ping`,
    headers: { authorization: `GenieKey ${paging.team.acmeProd.key}` },
  })
  assert.equal(reply.statusCode, 202)
}
const stateOf = async (name: string) =>
  (await ask('GET')).body.rows.find((row: { name: string }) => row.name === name)?.state

test('it waits for its first ping, is heard, falls silent and pages, is heard again, and goes', async () => {
  const made = await ask('PUT', '/backup%20n1', { intervalMs: 5 * MINUTE })
  assert.deepEqual([made.status, made.body.state, made.body.priority], [200, 'waiting', 1])
  await ping('backup n1')
  assert.equal(await stateOf('backup n1'), 'heard')
  paging.server.clock.advance(6 * MINUTE)
  await paging.drain()
  assert.equal(await stateOf('backup n1'), 'silent')
  assert.equal((await paging.pagesOf(paging.team.acmeProd))[0]?.status, 'open')
  await ping('backup n1')
  assert.equal((await paging.pagesOf(paging.team.acmeProd))[0]?.status, 'resolved')
  const off = await ask('PUT', '/backup%20n1', { enabled: false })
  assert.deepEqual([off.body.state, off.body.intervalMs], ['off', 5 * MINUTE], 'what is not said stays')
  assert.equal((await ask('DELETE', '/backup%20n1')).status, 200)
  assert.equal((await ask('DELETE', '/backup%20n1')).status, 404)
  assert.equal(await stateOf('backup n1'), undefined)
})

test('a name that nobody defined is shown as an orphan until somebody defines it', async () => {
  await ping('forgotten')
  await ping('forgotten')
  const orphans = async () =>
    (await ask('GET')).body.orphans.filter(({ name }: { name: string }) => name === 'forgotten')
  assert.deepEqual(
    (await orphans()).map(({ pings }: { pings: number }) => pings),
    [2],
  )
  assert.equal((await ask('PUT', '/forgotten', { intervalMs: MINUTE })).body.state, 'heard')
  assert.deepEqual(await orphans(), [])
})

test('whoever only looks on changes nothing; what is no interval is refused', async () => {
  const { auditor } = paging.team
  assert.equal((await ask('GET', '', undefined, auditor.token)).body.can.change, false)
  assert.equal((await ask('PUT', '/x', { intervalMs: MINUTE }, auditor.token)).status, 403)
  for (const intervalMs of [0, MINUTE - 1, 1.5, -1, 'x'])
    assert.equal((await ask('PUT', '/x', { intervalMs })).status, 422, String(intervalMs))
  assert.equal(
    (await ask('GET', '')).body.rows.some(({ name }: { name: string }) => name === 'x'),
    false,
  )
})
