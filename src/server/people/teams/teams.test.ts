/** Teams through the API and a team's file: who may, who can be in one, and what a repeat leaves behind. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parse, stringify } from 'yaml'
import { teamRoutes, type TeamReply } from '../../../contract/people/teams.ts'
import type { Problem } from '../../../contract/errors.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { teamMembersAsKnown } from './members-as-known.ts'

let server: TestServer
let people: SeededTeam
before(async () => {
  server = await testServer()
  people = await seedTeam(server)
})
after(() => server.stop())

const send = async (
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  payload?: object,
  token = people.deliveryManager.token,
) => {
  const answer = await server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, body: answer.json() as TeamReply & Problem }
}
const eventsOf = (id: string) =>
  server.platform.database.db
    .selectFrom('events')
    .select('type')
    .where('stream_id', '=', id)
    .orderBy('version')
    .execute()

test('a team is made, changed and put away by those who may, and its members keep their order', async () => {
  const [bo, cleo, dag] = people.engineers
  const members = [
    { accountId: cleo.id, role: 'admin' },
    { accountId: bo.id, role: 'member' },
  ]
  const wanted = { slug: 'first-line', name: 'First line', members }
  assert.equal((await send('POST', '/api/teams', wanted, bo.token)).status, 403)
  const made = await send('POST', '/api/teams', wanted)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  teamRoutes.getTeam.reply.parse(made.body)
  assert.deepEqual(
    made.body.members.map(({ person, role }) => [person.name, role]),
    [
      ['Cleo Example', 'admin'],
      ['Bo Example', 'member'],
    ],
  )
  assert.equal((await send('POST', '/api/teams', wanted)).body.code, 'already-exists')
  const more = [...members, { accountId: dag.id, role: 'member' }]
  const url = `/api/teams/${made.body.id}`
  assert.equal((await send('PATCH', url, { members: more })).body.members.length, 3)
  await send('PATCH', url, { members: more, name: 'First line' })
  const read = await send('GET', '/api/teams/first-line', undefined, bo.token)
  assert.equal(read.body.can.change, false)
  assert.equal((await send('POST', `${url}/archive`)).status, 200)
  assert.equal((await send('PATCH', url, { name: 'Another' })).body.code, 'team-archived')
  assert.equal((await send('POST', `${url}/restore`)).body.archivedAt, null)
  assert.deepEqual(
    (await eventsOf(made.body.id)).map(({ type }) => type),
    ['team.created', 'team.changed', 'team.archived', 'team.restored'],
  )
})

test('contacts, strangers and repeats are refused by their place in the list', async () => {
  const [bo] = people.engineers
  const refusalOf = async (accountIds: readonly string[]) => {
    const members = accountIds.map((accountId) => ({ accountId, role: 'member' }))
    const { status, body } = await send('POST', '/api/teams', { slug: 'odd', name: 'Odd', members })
    assert.equal(status, 422, JSON.stringify(body))
    return body.detail
  }
  assert.match(await refusalOf([bo.id, people.acmeContact.id]), /members\.1: no member of staff has this id/)
  assert.match(await refusalOf([bo.id, bo.id]), /members\.1: Bo Example is in the list twice/)
})

test('who was in a team is known as it was known then', async () => {
  const [bo, cleo] = people.engineers
  const only = (accountId: string) => [{ accountId, role: 'member' }]
  const made = await send('POST', '/api/teams', { slug: 'then', name: 'Then', members: only(bo.id) })
  const before = server.platform.clock.now()
  server.clock.advance(60_000)
  await send('PATCH', '/api/teams/then', { members: only(cleo.id) })
  const known = async (at: number) =>
    (await teamMembersAsKnown(server.platform.database.db, at))[made.body.id]
  assert.deepEqual(await known(before), [bo.id])
  assert.deepEqual(await known(server.platform.clock.now()), [cleo.id])
})

test('a file makes teams, an export is the file, and a handle that nobody has is named', async () => {
  const apply = async (teams: readonly object[]) => {
    const payload = { document: stringify({ version: 1, teams }) }
    const answer = await server.http.inject({
      method: 'POST',
      url: '/api/configuration/apply',
      headers: { authorization: `Bearer ${people.administrator.token}` },
      payload,
    })
    return answer.json() as { changes?: { action: string; name: string }[]; detail?: string }
  }
  const night = {
    slug: 'night',
    name: 'Night',
    members: [
      { person: 'dag', role: 'admin' },
      { person: 'bo', role: 'member' },
    ],
  }
  const changesOf = async (teams: readonly object[]) =>
    (await apply(teams)).changes?.map(({ action, name }) => `${action} ${name}`)
  assert.deepEqual(await changesOf([night]), ['create night'])
  assert.deepEqual(await changesOf([night]), [])
  const answer = await server.http.inject({
    method: 'GET',
    url: '/api/configuration',
    headers: { authorization: `Bearer ${people.administrator.token}` },
  })
  const { document } = answer.json() as { document: string }
  const written = parse(document) as { teams: { slug: string }[] }
  assert.deepEqual(
    written.teams.find(({ slug }) => slug === 'night'),
    night,
  )
  assert.deepEqual(await changesOf([{ ...night, members: [{ person: 'bo' }] }]), ['update night'])
  assert.match((await apply([{ ...night, members: [{ person: 'zoe' }] }])).detail ?? '', /there is no zoe/)
})
