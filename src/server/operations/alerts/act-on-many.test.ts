/** Acts on many alerts: each alert has its own event, what does not allow it is passed over, and a large one goes on by itself. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { webhookBody } from '../../testing/alertmanager-body.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server?.stop())

const fire = async (prefix: string, count: number): Promise<string[]> => {
  const names = Array.from({ length: count }, (_, n) => `${prefix}${n}`)
  const reply = await server.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${team.acmeProd.key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(webhookBody(...names.map((name) => ({ name, severity: 'low' })))),
  })
  assert.equal(reply.statusCode, 200, reply.body)
  const { db } = server.platform.database
  const rows = await db.selectFrom('alerts').select('id').where('name', 'in', names).execute()
  return rows.map(({ id }) => id)
}
type Reply = { id: string; matched: number; changed: number; passedOver: number; finished: boolean }
const ask = async (payload: object, person = team.engineers[0], key?: string): Promise<Reply> => {
  const reply = await server.http.inject({
    method: 'POST',
    url: '/api/alerts/bulk',
    headers: {
      authorization: `Bearer ${person.token}`,
      'content-type': 'application/json',
      ...(key ? { 'idempotency-key': key } : {}),
    },
    payload: JSON.stringify(payload),
  })
  assert.equal(reply.statusCode, 200, reply.body)
  return JSON.parse(reply.body) as Reply
}
const eventsOf = async (type: string, ids: readonly string[]): Promise<number> => {
  const { db } = server.platform.database
  const rows = await db
    .selectFrom('events')
    .select('actor_id')
    .where('type', '=', type)
    .where('stream_id', 'in', [...ids])
    .execute()
  assert.ok(rows.every(({ actor_id }) => actor_id === team.engineers[0].id))
  return rows.length
}

test('those that were chosen are taken, each by its own act; what is closed is passed over', async () => {
  const ids = await fire('Chosen', 5)
  const closed = await ask({ which: { ids: ids.slice(0, 1) }, act: { kind: 'close', reason: 'noise' } })
  assert.deepEqual([closed.changed, closed.finished], [1, true])
  const { id: _, ...taken } = await ask(
    { which: { ids }, act: { kind: 'acknowledge' } },
    undefined,
    'one-key',
  )
  assert.deepEqual(taken, { matched: 5, changed: 4, passedOver: 1, finished: true })
  const again = await ask({ which: { ids }, act: { kind: 'acknowledge' } }, undefined, 'one-key')
  assert.equal(again.changed, 4, 'the same request is the same act')
  assert.equal(await eventsOf('alert.acknowledged', ids), 4)
  // What is in somebody else's hands stays there.
  assert.equal((await ask({ which: { ids }, act: { kind: 'acknowledge' } }, team.engineers[1])).passedOver, 5)
})

test('all that a question finds are worked piece by piece after the reply, and the progress can be asked for', async () => {
  const ids = await fire('Many', 230)
  const act = { kind: 'tag', add: ['swept'], remove: [] }
  const begun = await ask({ which: { query: 'name:Many' }, act })
  assert.deepEqual([begun.matched, begun.changed, begun.finished], [230, 0, false])
  await server.tasks.drain()
  const reply = await server.http.inject({
    url: `/api/alerts/bulk/${begun.id}`,
    headers: { authorization: `Bearer ${team.engineers[1].token}` },
  })
  const { id: _, ...progress } = JSON.parse(reply.body) as Reply
  assert.deepEqual(progress, { matched: 230, changed: 230, passedOver: 0, finished: true })
  assert.equal(await eventsOf('alert.tagged', ids), 230)
})

test('whoever may no longer do it does no more of it', async () => {
  const ids = await fire('Left', 210)
  const begun = await ask({ which: { query: 'name:Left' }, act: { kind: 'close', reason: 'over' } })
  const { db } = server.platform.database
  await db
    .transaction()
    .execute((tx) =>
      tx.updateTable('alert_bulks').set({ account_id: team.auditor.id }).where('id', '=', begun.id).execute(),
    )
  await server.tasks.drain()
  assert.equal(await eventsOf('alert.closed', ids), 0)
  const bulk = await db
    .selectFrom('alert_bulks')
    .selectAll()
    .where('id', '=', begun.id)
    .executeTakeFirstOrThrow()
  assert.deepEqual([bulk.changed, bulk.passed_over], [0, 210])
})
