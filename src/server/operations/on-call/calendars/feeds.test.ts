/** Secret calendar links: what is in them, whose they are, and that they end. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { calendarFeedRoutes } from '../../../../contract/operations/calendar-feeds.ts'
import { archiveAccount } from '../../../people/accounts/archive-account.ts'
import type { SeededPerson } from '../../../testing/seed.ts'
import { expectStatus, openRota, weekly, type Rota } from '../rota-for-tests.test.ts'

let rota: Rota
before(async () => {
  rota = await openRota()
  const { deliveryManager, engineers } = rota.team
  const [bo, cleo] = engineers
  for (const [slug, people] of [
    ['primary', [bo.id, cleo.id]],
    ['second', [cleo.id, null]],
  ] as const) {
    const body = { slug, name: `Rota ${slug}`, layers: [weekly(people)] }
    expectStatus(await rota.call(deliveryManager, 'POST', '/api/schedules', body), 201)
  }
  const made = await rota.http.inject({
    method: 'POST',
    url: '/api/teams',
    headers: { cookie: deliveryManager.cookie, origin: 'http://fortnight.test' },
    payload: { slug: 'storage', name: 'Storage', members: [{ accountId: bo.id, role: 'member' }] },
  })
  assert.equal(made.statusCode, 201, made.body)
})
after(() => rota.stop())

const ask = async (as: SeededPerson, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  rota.http.inject({
    method,
    url,
    headers: { cookie: as.cookie, origin: 'http://fortnight.test' },
    ...(payload ? { payload } : {}),
  })
const linkTo = async (as: SeededPerson, body: object): Promise<{ path: string; id: string }> => {
  const reply = await ask(as, 'POST', '/api/calendar-feeds', body)
  assert.equal(reply.statusCode, 201, reply.body)
  const { url, feed } = calendarFeedRoutes.createCalendarFeed.reply.parse(reply.json())
  return { path: new URL(url).pathname, id: feed.id }
}
const summaries = async (path: string): Promise<Set<string>> => {
  const reply = await rota.http.inject({ url: path })
  assert.equal(reply.statusCode, 200, reply.body)
  assert.match(reply.headers['content-type'] as string, /^text\/calendar/)
  const lines = reply.body.replaceAll('\r\n ', '').split('\r\n')
  const uids = lines.filter((line) => line.startsWith('UID:'))
  assert.equal(new Set(uids).size, uids.length, 'each entry is itself')
  return new Set(lines.filter((line) => line.startsWith('SUMMARY:')).map((line) => line.slice(8)))
}

test('a person has their shifts of every rota, a team those of its members, a rota its gaps, too', async () => {
  const [bo, cleo] = rota.team.engineers
  assert.deepEqual(
    await summaries((await linkTo(cleo, { of: 'person' })).path),
    new Set(['On call: Cleo Example (Rota primary)', 'On call: Cleo Example (Rota second)']),
  )
  const team = await linkTo(cleo, { of: 'team', subject: 'storage' })
  assert.deepEqual(await summaries(team.path), new Set(['On call: Bo Example (Rota primary)']))
  const second = await linkTo(bo, { of: 'schedule', subject: 'second' })
  assert.deepEqual(
    await summaries(second.path),
    new Set(['On call: Cleo Example (Rota second)', 'Nobody is on call (Rota second)']),
  )
})

test('a link is its owner’s alone to see and to revoke, and revoked it opens nothing', async () => {
  const [bo, cleo] = rota.team.engineers
  const { path, id } = await linkTo(bo, { of: 'person' })
  const listed = calendarFeedRoutes.listCalendarFeeds.reply.parse(
    (await ask(bo, 'GET', '/api/calendar-feeds')).json(),
  )
  assert.ok(listed.rows.some((row) => row.id === id))
  assert.ok(!JSON.stringify(listed).includes(path.split('/').at(-1)?.replace('.ics', '') ?? ''))
  assert.equal((await ask(cleo, 'DELETE', `/api/calendar-feeds/${id}`)).statusCode, 404)
  assert.equal((await rota.http.inject({ url: path })).statusCode, 200)
  assert.equal((await ask(bo, 'DELETE', `/api/calendar-feeds/${id}`)).statusCode, 200)
  assert.equal((await rota.http.inject({ url: path })).statusCode, 410)
  assert.equal((await rota.http.inject({ url: '/calendars/guessed.ics' })).statusCode, 410)
})

test('no token makes a link, and the links of who leaves open nothing', async () => {
  const { auditor, administrator } = rota.team
  const { path } = await linkTo(auditor, { of: 'schedule', subject: 'primary' })
  const byToken = await rota.http.inject({
    method: 'POST',
    url: '/api/calendar-feeds',
    headers: { authorization: `Bearer ${auditor.token}` },
    payload: { of: 'person' },
  })
  assert.equal(byToken.statusCode, 403)
  assert.equal((await ask(auditor, 'POST', '/api/calendar-feeds', { of: 'team' })).statusCode, 422)
  assert.equal(
    (await ask(auditor, 'POST', '/api/calendar-feeds', { of: 'team', subject: 'none' })).statusCode,
    404,
  )
  await archiveAccount(rota.as(administrator.actor), { accountId: auditor.id })
  assert.equal((await rota.http.inject({ url: path })).statusCode, 410)
})
