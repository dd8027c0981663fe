/** The seeded team is what other tests stand on: everybody can be used at once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seedTeam, type SeededTeam } from './seed.ts'
import { testServer, type TestServer } from './test-server.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server.stop())

test('everybody in the seed is let in by their token or cookie', async () => {
  for (const person of [team.administrator, ...team.engineers, team.deliveryManager, team.auditor]) {
    const byToken = await server.http.inject({
      url: '/api/environments',
      headers: { authorization: `Bearer ${person.token}` },
    })
    assert.equal(byToken.statusCode, 200, byToken.body)
    const byCookie = await server.http.inject({
      url: '/api/environments',
      headers: { cookie: person.cookie },
    })
    assert.deepEqual(
      byCookie.json().rows.map((row: { slug: string }) => row.slug),
      ['acme-prod', 'acme-staging', 'globex-prod'],
    )
  }
})

test('a contact of the seed sees their own environments and no others', async () => {
  const seen = async (cookie: string): Promise<string[]> => {
    const answer = await server.http.inject({ url: '/api/environments', headers: { cookie } })
    assert.equal(answer.statusCode, 200, answer.body)
    return answer.json().rows.map((row: { slug: string }) => row.slug)
  }
  assert.deepEqual(await seen(team.acmeContact.cookie), ['acme-prod', 'acme-staging'])
  assert.deepEqual(await seen(team.globexContact.cookie), ['globex-prod'])
})
