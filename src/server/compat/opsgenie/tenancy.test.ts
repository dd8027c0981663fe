/** A key sees the alerts of its own environment and nothing of any other: not one word, not that it exists, not by any name. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { opsGenieRoutes } from '../../../contract/compat/opsgenie.ts'
import type { Route } from '../../../contract/route.ts'
import { openOpsGenieTest, type OpsGenieTest } from './opsgenie.fixture.ts'

let og: OpsGenieTest
let named: { id: string; tinyId: string; alias: string }
before(async () => {
  og = await openOpsGenieTest()
  const { key } = og.team.acmeProd
  await og.post(key, {
    alias: 'theirs',
    message: 'their words',
    priority: 'P1',
    tags: ['theirs'],
    details: { severity: 'critical' },
  })
  named = (await og.call(key, 'GET', '/v2/alerts/theirs?identifierType=alias')).body.data
})
after(() => og?.stop())

/** The alert, its page and everything that was written about either. */
const everything = () =>
  og.query(
    `select to_jsonb(a) as row from alerts a where id = $1
     union all select to_jsonb(p) from pages p join page_alerts pa on pa.page_id = p.id where pa.alert_id = $1
     union all select to_jsonb(e) from events e where stream_id = $1`,
    named.id,
  )

/** Without what differs in every answer. */
const comparable = ({ status, headers, body }: Awaited<ReturnType<OpsGenieTest['call']>>) => {
  const { took: _, requestId: __, ...rest } = body
  return { status, type: headers['content-type'], rest }
}

const bodyFor = (route: Route) =>
  route.method === 'GET' || route.method === 'DELETE'
    ? undefined
    : {
        message: 'changed',
        description: 'changed',
        priority: 'P5',
        note: 'changed',
        tags: ['changed'],
        details: { changed: 'yes' },
        user: og.team.engineers[0].handle,
        endTime: '2026-11-11T08:00:00Z',
        owner: { username: og.team.engineers[0].handle },
        escalation: { name: 'default' },
        responder: { type: 'user', username: og.team.engineers[0].handle },
      }

const byName = Object.values<Route>(opsGenieRoutes).filter(({ path }) => path.includes(':identifier'))

test('every operation on an alert of another environment answers as if there were none, and changes nothing', async () => {
  const before = await everything()
  assert.ok(before.length >= 2)
  const strangers = [
    ['another environment of the same customer', og.team.acmeStaging.key],
    ['another customer', og.team.globexProd.key],
  ] as const
  const names = [
    ['id', named.id, '01890000-0000-7000-8000-00000000beef'],
    ['tiny', named.tinyId, '123456789012345'],
    ['alias', named.alias, 'nobodys'],
    ['alias', named.id, '01890000-0000-7000-8000-00000000beef'],
  ] as const
  assert.ok(byName.length >= 12)
  for (const [who, key] of strangers) {
    for (const route of byName) {
      for (const [type, theirs, nobodys] of names) {
        const ask = async (identifier: string) => {
          const url = `${route.path.replace(':identifier', identifier).replace(':action', 'restart')}?identifierType=${type}&tags=theirs&keys=severity`
          const answer = await og.call(key, route.method, url, bodyFor(route))
          const outcome = answer.status === 202 ? await og.outcome(key, answer) : undefined
          return { ...comparable(answer), outcome: outcome && { ...outcome, processedAt: '' } }
        }
        assert.deepEqual(
          await ask(theirs),
          await ask(nobodys),
          `${who}: ${route.method} ${route.path} by ${type}`,
        )
      }
    }
  }
  assert.deepEqual(await everything(), before)
})

test('lists and counts know the alerts of the environment alone', async () => {
  for (const { key } of [og.team.acmeStaging, og.team.globexProd]) {
    for (const query of ['', 'tag:theirs', `alertId:${named.id}`, 'alias:theirs', 'NOT tag:other']) {
      const asked = `query=${encodeURIComponent(query)}`
      assert.deepEqual((await og.call(key, 'GET', `/v2/alerts?${asked}`)).body.data, [], query)
      assert.equal((await og.call(key, 'GET', `/v2/alerts/count?${asked}`)).body.data.count, 0, query)
    }
  }
  const own = await og.call(og.team.acmeProd.key, 'GET', '/v2/alerts/count?query=tag%3Atheirs')
  assert.equal(own.body.data.count, 1, 'and the own key does see it')
})

test('the same alias in another environment is another alert', async () => {
  await og.post(og.team.acmeStaging.key, { alias: 'theirs', message: 'mine' })
  await og.call(og.team.acmeStaging.key, 'POST', '/v2/alerts/theirs/close?identifierType=alias')
  const { data } = (await og.call(og.team.acmeProd.key, 'GET', '/v2/alerts/theirs?identifierType=alias')).body
  assert.deepEqual([data.id, data.status], [named.id, 'open'])
})

test('a key finds people by handle and spells out neither addresses nor names', async () => {
  const { key } = og.team.acmeProd
  const [bo] = og.team.engineers
  await og.post(key, { message: 'Disk', alias: 'whose' })
  await og.call(key, 'POST', '/v2/alerts/whose/assign?identifierType=alias', { owner: { id: bo.id } })
  const found = async (query: string): Promise<number> => {
    const asked = encodeURIComponent(`alias:whose AND ${query}`)
    return (await og.call(key, 'GET', `/v2/alerts/count?query=${asked}`)).body.data.count
  }
  assert.equal(await found(`owner:${bo.handle.slice(0, 1)}*`), 1)
  assert.equal(await found(`owner:"${bo.email}"`), 1, 'an address that is known already is no secret')
  for (const spelled of ['owner:*@*', `responders:*@*`, `owner:"${bo.name.slice(0, -1)}*"`])
    assert.equal(await found(spelled), 0, spelled)
})
