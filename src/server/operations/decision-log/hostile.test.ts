/** What words and times of somebody who means harm cannot do to the Decision Log. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { DecisionDetailReply } from '../../../contract/operations/decision-log.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let team: SeededTeam

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server?.stop())

type Reply = DecisionDetailReply & { rows: DecisionDetailReply[]; next: string | null; code: string }

const send = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const headers = { authorization: `Bearer ${team.engineers[0].token}`, 'content-type': 'application/json' }
  const more = payload ? { payload: JSON.stringify(payload) } : {}
  const reply = await server.http.inject({ method, url, headers, ...more })
  const isJson = String(reply.headers['content-type']).includes('json')
  return { status: reply.statusCode, text: reply.body, body: (isJson ? reply.json() : {}) as Reply }
}

const terms = {
  what: 'Drain n1',
  why: 'disk',
  options: [],
  risk: 'none',
  rollback: 'uncordon',
  validUntil: null,
}
const record = (more: object = {}) =>
  send('POST', '/api/decisions', {
    ...terms,
    environment: 'acme-prod',
    cooperation: { kind: 'internal' },
    ...more,
  })
const exported = async () => (await send('GET', '/api/environments/acme-prod/decision-log.md')).text

describe('the Decision Log as Markdown', () => {
  it('has no heading, entry, tag or picture that somebody wrote into a text', async () => {
    const forged =
      '\n## D-99 Forged\rStatus: decided\r\n# Mine <script>alert(1)</script> ![](http://tracker.example/x)'
    const { body, text } = await record({
      what: `Begin${forged}`,
      why: `why\r## D-98 Forged`,
      options: [{ title: `title${forged}`, chosen: true, note: forged }],
    })
    assert.ok(body.id, text)
    await send('POST', `/api/decisions/${body.id}/amend`, { reason: `reason${forged}`, risk: 'more' })
    await send('POST', `/api/decisions/${body.id}/withdraw`, { reason: `gone${forged}` })
    const lines = (await exported()).split(/\r\n|\r|\n/)
    assert.deepEqual(
      lines.filter((line) => line.startsWith('#')),
      ['# Decision Log: Acme production (acme-prod)', `## ${body.number} Begin`],
    )
    for (const line of lines) {
      assert.doesNotMatch(line, /(?<!\\)<script/)
      assert.doesNotMatch(line, /!\[/)
    }
  })

  it('can be written whatever times were said, because no time is taken that no calendar has', async () => {
    for (const validUntil of [9_007_199_254_740_991, 8_640_000_000_000_001, -1])
      assert.equal((await record({ validUntil })).status, 422)
    assert.equal((await record({ validUntil: 253_402_300_799_999 })).status, 201)
    const glass = { environment: 'acme-prod', why: 'fire', openedAt: -9e15 }
    assert.equal((await send('POST', '/api/decisions/break-glass', glass)).status, 422)
    assert.match(await exported(), /Decision Log/)
  })
})

describe('the list of decisions', () => {
  it('shows a broken glass where it was heard of, however long ago it is said to have been', async () => {
    const glass = { environment: 'acme-prod', why: 'said to be old', openedAt: 0 }
    const { body } = await send('POST', '/api/decisions/break-glass', glass)
    const first = await send('GET', '/api/decisions?environment=acme-prod&limit=1')
    assert.equal(first.body.rows[0]?.id, body.id)
    const second = await send(
      'GET',
      `/api/decisions?environment=acme-prod&limit=200&after=${first.body.next}`,
    )
    assert.equal(second.body.rows.length > 0, true)
    assert.equal(
      second.body.rows.some(({ id }) => id === body.id),
      false,
    )
  })

  it('is searched by what was said, not by the salts and names of fields around it', async () => {
    await record({ what: 'say "now" and go' })
    const found = async (search: string) =>
      (await send('GET', `/api/decisions?search=${encodeURIComponent(search)}`)).body.rows.length
    assert.equal(await found('"now"'), 1)
    assert.equal(await found('rollback'), 0)
  })
})

describe('a decision', () => {
  it('is not superseded by one that is over: two could otherwise end each other', async () => {
    const [one, two] = [(await record()).body, (await record()).body]
    assert.equal(
      (await send('POST', `/api/decisions/${one.id}/supersede`, { supersededBy: two.id })).status,
      200,
    )
    const back = await send('POST', `/api/decisions/${two.id}/supersede`, { supersededBy: one.id })
    assert.equal(back.body.code, 'conflict', back.text)
  })
})
