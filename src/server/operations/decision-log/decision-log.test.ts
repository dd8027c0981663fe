/** The Decision Log through its verbs: nothing is overwritten, numbers have no gaps, and nobody sees another customer's. */
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

const terms = {
  what: 'Replace node n1',
  why: 'Its disk fails',
  options: [{ title: 'Replace', chosen: true, note: '' }],
  risk: 'none known',
  rollback: 'Keep the old node cordoned for a day',
  validUntil: null,
}

const call = async (token: string, method: 'GET' | 'POST', url: string, payload?: unknown) => {
  const reply = await server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, ...(payload ? { 'content-type': 'application/json' } : {}) },
    ...(payload ? { payload: JSON.stringify(payload) } : {}),
  })
  return {
    status: reply.statusCode,
    body: reply.body
      ? (JSON.parse(reply.body) as DecisionDetailReply & {
          rows: DecisionDetailReply[]
          code: string
          detail: string
        })
      : undefined,
  }
}

const recorded = async (environment: string, more: object = {}): Promise<DecisionDetailReply> => {
  const { status, body } = await call(team.engineers[0].token, 'POST', '/api/decisions', {
    ...terms,
    environment,
    cooperation: { kind: 'internal' },
    ...more,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body as DecisionDetailReply
}

describe('the Decision Log', () => {
  it('numbers the decisions of each environment by themselves, without gaps, also when many are recorded at once', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, () => recorded('acme-prod')))
    assert.deepEqual(
      many.map(({ number }) => Number(number.slice(2))).sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
    assert.equal((await recorded('globex-prod')).number, 'D-1')
  })

  it('keeps every entry as it was said when a decision is amended', async () => {
    const decision = await recorded('acme-prod')
    const { body } = await call(team.engineers[1].token, 'POST', `/api/decisions/${decision.id}/amend`, {
      risk: 'two minutes of slow reads',
      reason: 'measured it',
    })
    assert.equal(body?.terms?.risk, 'two minutes of slow reads')
    assert.deepEqual(
      body?.entries.map((entry) => entry.terms.risk),
      ['none known', 'two minutes of slow reads'],
    )
  })

  it('tells a decision that covers a change now from one that does not, and why', async () => {
    const proposal = await call(team.engineers[0].token, 'POST', '/api/decisions', {
      ...terms,
      environment: 'acme-prod',
    })
    assert.equal(proposal.body?.covers.covered, false)
    assert.match(proposal.body?.covers.why ?? '', /not decided/)
    const short = await recorded('acme-prod', { validUntil: server.clock.now() + 1_000 })
    assert.equal(short.covers.covered, true)
    server.clock.advance(2_000)
    const later = await call(team.engineers[0].token, 'GET', `/api/decisions/${short.id}`)
    assert.equal(later.body?.covers.covered, false)
  })

  it('lists a broken glass as owed until it is written up and reviewed by somebody else', async () => {
    const [first, second] = team.engineers
    const glass = await call(first.token, 'POST', '/api/decisions/break-glass', {
      environment: 'acme-staging',
      why: 'etcd is full',
    })
    assert.equal(glass.body?.status, 'break-glass-owed')
    const url = `/api/decisions/${glass.body?.id}`
    await call(first.token, 'POST', `${url}/write-up`, {
      ...terms,
      result: 'compacted',
      cooperation: { kind: 'internal' },
    })
    const own = await call(first.token, 'POST', `${url}/review`, { verdict: 'accepted', note: '' })
    assert.equal(own.status, 409)
    assert.equal(own.body?.code, 'review-by-another')
    const other = await call(second.token, 'POST', `${url}/review`, { verdict: 'accepted', note: '' })
    assert.equal(other.body?.owed, null)
  })

  it('shows a contact what was decided about their own environments and nothing of anybody else, not even that it exists', async () => {
    const proposal = await call(team.engineers[0].token, 'POST', '/api/decisions', {
      ...terms,
      environment: 'acme-prod',
    })
    const foreign = await recorded('globex-prod')
    const asContact = (url: string) =>
      server.http.inject({ method: 'GET', url, headers: { cookie: team.acmeContact.cookie } })
    const list = JSON.parse((await asContact('/api/decisions?limit=200')).body) as {
      rows: DecisionDetailReply[]
      owedCount: number
    }
    assert.ok(list.rows.length > 0)
    assert.ok(list.rows.every((row) => row.environment.slug.startsWith('acme-') && row.decidedAt !== null))
    assert.equal(list.owedCount, 0)
    for (const id of [foreign.id, proposal.body?.id])
      assert.equal((await asContact(`/api/decisions/${id}`)).statusCode, 404)
    assert.equal((await asContact('/api/environments/globex-prod/decision-log.md')).statusCode, 404)
    const own = await server.http.inject({
      method: 'POST',
      url: '/api/decisions',
      headers: { cookie: team.acmeContact.cookie, 'content-type': 'application/json' },
      payload: JSON.stringify({ ...terms, environment: 'acme-prod' }),
    })
    assert.equal(own.statusCode, 403)
  })

  it('does not let contacts of another customer be named as having decided', async () => {
    const wrong = await call(team.engineers[0].token, 'POST', '/api/decisions', {
      ...terms,
      environment: 'acme-prod',
      cooperation: { kind: 'with-customer', contactIds: [team.globexContact.id] },
    })
    assert.equal(wrong.status, 422)
  })
})
