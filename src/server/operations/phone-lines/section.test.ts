/** Heartbeats and phone lines of a team's file and of the database say the same; a fault names its line and keeps nothing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server?.stop())

const apply = async (document: string, more: object = {}) => {
  const answer = await server.http.inject({
    method: 'POST',
    url: '/api/configuration/apply',
    headers: { authorization: `Bearer ${team.administrator.token}` },
    payload: { document, ...more },
  })
  return {
    status: answer.statusCode,
    body: answer.json() as { changes?: { kind: string; name: string; what: string }[]; detail?: string },
  }
}
const exported = async (): Promise<string> => {
  const answer = await server.http.inject({
    url: '/api/configuration',
    headers: { authorization: `Bearer ${team.administrator.token}` },
  })
  return (answer.json() as { document: string }).document
}

const file = `version: 1
heartbeats:
  - environment: acme-prod
    name: backup/nightly
    everyMinutes: 1440
    priority: 2
  - environment: acme-prod
    name: watchdog
    everyMinutes: 5
phoneLines:
  - number: "+46705550100"
    environment: acme-prod
    name: Acme hotline
    ringSeconds: 20
`

test('what is in a file is kept, said back whole, and applied again changes nothing', async () => {
  const first = await apply(file)
  assert.equal(first.status, 200, JSON.stringify(first.body))
  assert.deepEqual(
    first.body.changes?.map(({ kind, name }) => `${kind} ${name}`),
    ['heartbeat acme-prod/backup/nightly', 'heartbeat acme-prod/watchdog', 'phone line +46705550100'],
  )
  assert.deepEqual((await apply(file)).body.changes, [])
  const back = await exported()
  assert.match(back, /name: backup\/nightly/)
  assert.deepEqual((await apply(back)).body.changes, [])
})

test('a change is a change of that field; pruned, both are gone from where they were', async () => {
  const changed = await apply(file.replace('everyMinutes: 5', 'everyMinutes: 10'))
  assert.equal(changed.body.changes?.length, 1)
  const pruned = await apply('version: 1\nheartbeats: []\nphoneLines: []\n', { prune: true })
  assert.equal(pruned.status, 200, JSON.stringify(pruned.body))
  assert.equal(pruned.body.changes?.length, 3)
  assert.doesNotMatch(await exported(), /watchdog|46705550100/)
})

test('a fault names its line, and nothing of the file is kept', async () => {
  const faulty = await apply(file.replace('"+46705550100"', '"112"'))
  assert.equal(faulty.status, 422)
  assert.match(faulty.body.detail ?? '', /line 11/)
  assert.doesNotMatch(await exported(), /watchdog/)
})
