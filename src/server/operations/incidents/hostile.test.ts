/** Shaking hands and harmful ones in an incident: twice is once, and nothing of another customer comes in. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { IncidentDetailReply } from '../../../contract/operations/incidents.ts'
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

const post = async (url: string, payload: object, token = team.engineers[0].token) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const reply = await server.http.inject({ method: 'POST', url, headers, payload: JSON.stringify(payload) })
  return { status: reply.statusCode, body: reply.json<IncidentDetailReply & { code: string; id: string }>() }
}
const step = (id: string, command: object) => post(`/api/incidents/${id}/commands`, command)
const opened = async (title: string) =>
  (await post('/api/incidents', { environment: 'acme-prod', title })).body.id
const alertOf = async (key: string, name: string): Promise<string> => {
  assert.equal((await post('/integrations/alertmanager', webhookBody({ name }), key)).status, 200)
  const query = server.platform.database.db.selectFrom('alerts').select('id').where('name', '=', name)
  return (await query.executeTakeFirstOrThrow()).id
}

describe('a button of an incident pressed twice at once', () => {
  it('opens one incident', async () => {
    const both = await Promise.all([opened('Slow'), opened('Slow')])
    assert.equal(new Set(both).size, 1)
    assert.notEqual(await opened('Something else'), both[0])
    server.clock.advance(11_000)
    assert.notEqual(await opened('Slow'), both[0], 'the same may happen again')
  })

  it('pins one fact, states one hypothesis and pages for help once', async () => {
    const id = await opened('Twice')
    for (const command of [
      { kind: 'pin', about: 'note', text: 'latency 400 ms' },
      { kind: 'propose-hypothesis', statement: 'the disk dies' },
      { kind: 'ask-help', role: 'engineer', reason: 'two hands more' },
    ]) {
      const both = await Promise.all([step(id, command), step(id, command)])
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409], command.kind)
      assert.equal(both.find(({ status }) => status === 409)?.body.code, 'nothing-changed')
    }
    const query = server.platform.database.db.selectFrom('pages').select('id').where('incident_id', '=', id)
    assert.equal((await query.execute()).length, 1)
    server.clock.advance(61_000)
    assert.equal(
      (await step(id, { kind: 'ask-help', role: 'engineer', reason: 'two hands more' })).status,
      200,
    )
  })
})

describe('a pin', () => {
  it('points at a record of the same environment only', async () => {
    const id = await opened('Pinned')
    const [own, foreign] = [
      await alertOf(team.acmeProd.key, 'Own'),
      await alertOf(team.globexProd.key, 'Foreign'),
    ]
    const pin = (recordId: string) => step(id, { kind: 'pin', about: 'alert', text: 'see', recordId })
    assert.equal((await pin(foreign)).status, 404)
    assert.equal((await pin(crypto.randomUUID())).status, 404)
    assert.equal((await pin(own)).status, 200)
  })

  it('was seen by now at the latest', async () => {
    const id = await opened('Future')
    const observedAt = server.clock.now() + 3_600_000
    const { body } = await step(id, { kind: 'pin', about: 'note', text: 'tomorrow', observedAt })
    assert.equal(body.pins[0]?.observedAt, server.clock.now())
  })
})
