/** The traps that senders lay without knowing, each by its name. Route edits and back-pressure have files of their own. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createKey } from '../people/environments/change-keys.ts'
import { openOpsGenieTest, type OpsGenieTest } from './opsgenie/opsgenie.fixture.ts'

let og: OpsGenieTest
let key: string
before(async () => {
  og = await openOpsGenieTest()
  key = og.team.acmeProd.key
})
after(() => og?.stop())

/** As two clusters that are set up alike send it. */
const ALIAS = '9d6280a1fd4dae7f0b3d63e0589009da4d7ae55466e92115ae7ed82877247924'
const at = (rest = '', alias = ALIAS) => `/v2/alerts/${alias}${rest}?identifierType=alias`
const open = async (name: string) =>
  (await og.query(`select id from alerts where summary = $1 and status <> 'closed'`, name)).length

test('same alias from two keys: two alerts, and one cluster closes its own alone', async () => {
  const { secret: other } = await createKey(og.server.as(og.team.administrator.actor), {
    environment: og.team.acmeProd.slug,
    name: 'another cluster',
  })
  for (const each of [key, other]) await og.post(each, { alias: ALIAS, message: 'twins' })
  assert.equal(await open('twins'), 2)
  await og.call(key, 'POST', at('/close'), {})
  assert.equal(await open('twins'), 1)
  assert.equal((await og.call(other, 'GET', at())).body.data.status, 'open')
})

test('same alias from one key: one alert, counted', async () => {
  for (let times = 0; times < 3; times += 1) await og.post(key, { alias: 'one', message: 'counted' })
  assert.equal(await open('counted'), 1)
})

test('{} description: taken, and the notification of which it is a part goes on', async () => {
  await og.post(key, { alias: 'empty', message: 'described', description: 'words' })
  const answer = await og.call(key, 'PUT', at('/description', 'empty'), {})
  assert.equal(answer.status, 202)
  assert.equal((await og.outcome(key, answer)).isSuccess, true)
  assert.equal((await og.call(key, 'GET', at('', 'empty'))).body.data.description, '')
})

test('" tag": the space that Alertmanager leaves goes, and the tag is found and taken away by its name', async () => {
  await og.post(key, { alias: 'tagged', message: 'tagged', tags: ['sev-critical', ' cluster-acme'] })
  assert.deepEqual((await og.call(key, 'GET', at('', 'tagged'))).body.data.tags, [
    'sev-critical',
    'cluster-acme',
  ])
  const found = await og.call(key, 'GET', '/v2/alerts/count?query=tag%3Acluster-acme')
  assert.equal(found.body.data.count, 1)
  await og.call(key, 'DELETE', `${at('/tags', 'tagged')}&tags=cluster-acme`)
  assert.deepEqual((await og.call(key, 'GET', at('', 'tagged'))).body.data.tags, ['sev-critical'])
})

test('unknown close: 202 in every dialect, and nothing is opened or closed by it', async () => {
  const before = await og.query('select id, status from alerts order by id')
  const closed = await og.call(key, 'POST', at('/close', 'nobodys'), { source: 'am' })
  assert.equal(closed.status, 202)
  assert.equal((await og.outcome(key, closed)).isSuccess, false)
  const resolved = await og.call(key, 'POST', '/v2/enqueue', {
    routing_key: key,
    event_action: 'resolve',
    dedup_key: 'nobodys',
  })
  assert.equal(resolved.status, 202)
  assert.deepEqual(await og.query('select id, status from alerts order by id'), before)
})

test('a trailing slash and an empty pair in the query are nothing', async () => {
  await og.post(key, { alias: 'slash', message: 'slash' })
  for (const path of [
    '/v2/alerts/slash/?identifierType=alias&',
    '/v2/alerts/slash/notes/?identifierType=alias&',
    '/v2/alerts/?',
  ])
    assert.equal((await og.call(key, 'GET', path)).status, 200, path)
})
