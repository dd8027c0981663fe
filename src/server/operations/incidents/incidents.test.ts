/** An incident worked as a person works it: opened by one key, facts collected, help asked, decided, resolved. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { IncidentDetailReply } from '../../../contract/operations/incidents.ts'
import { webhookBody } from '../../testing/alertmanager-body.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  // Mail can be sent, so whoever is asked can be told by more than their screen.
  server = await testServer({ env: { SMTP_URL: 'smtp://127.0.0.1:9' } })
  team = await seedTeam(server)
})
after(() => server?.stop())

const call = async <T = IncidentDetailReply>(
  method: 'GET' | 'POST',
  url: string,
  payload?: unknown,
  token = team.engineers[0].token,
) => {
  const reply = await server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, ...(payload ? { 'content-type': 'application/json' } : {}) },
    ...(payload ? { payload: JSON.stringify(payload) } : {}),
  })
  return { status: reply.statusCode, body: JSON.parse(reply.body) as T & { code: string } }
}

const fire = async (name: string): Promise<string> => {
  const reply = await server.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${team.acmeProd.key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(webhookBody({ name })),
  })
  assert.equal(reply.statusCode, 200, reply.body)
  const row = await server.platform.database.db
    .selectFrom('alerts')
    .select('id')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return row.id
}

const step = (incidentId: string, command: object) =>
  call('POST', `/api/incidents/${incidentId}/commands`, command)

describe('an incident', () => {
  it('is opened from an alert by one key press, and pressing twice, or two people at once, opens one', async () => {
    const alertId = await fire('OpenedOnce')
    const both = await Promise.all([
      call('POST', '/api/incidents', { alertId }),
      call('POST', '/api/incidents', { alertId }, team.engineers[1].token),
    ])
    assert.equal(new Set(both.map(({ body }) => body.id)).size, 1)
    const alert = await call<{ incidents: { id: string }[] }>('GET', `/api/alerts/${alertId}`)
    assert.deepEqual(
      alert.body.incidents.map(({ id }) => id),
      [both[0]?.body.id],
    )
    const next = await call('POST', '/api/incidents', { alertId: await fire('Next') })
    assert.equal(
      Number(next.body.number.slice(2)),
      Number(both[0]?.body.number.slice(2)) + 1,
      'numbers have no gaps',
    )
  })

  it('collects facts, weighs hypotheses with them, and writes its timeline by itself', async () => {
    const { body } = await call('POST', '/api/incidents', { alertId: await fire('Weighed') })
    const pinned = await step(body.id, { kind: 'pin', about: 'note', text: 'disk latency 400 ms' })
    const guessed = await step(body.id, { kind: 'propose-hypothesis', statement: 'the disk is dying' })
    const pinId = pinned.body.pins[0]?.id
    const hypothesisId = guessed.body.hypotheses[0]?.id
    await step(body.id, { kind: 'add-evidence', hypothesisId, pinId, side: 'for' })
    const judged = await step(body.id, { kind: 'judge-hypothesis', hypothesisId, status: 'supported' })
    assert.deepEqual(judged.body.hypotheses[0]?.for, [pinId])
    assert.equal(judged.body.phase, 'orient')
    assert.deepEqual(
      judged.body.timeline.map(({ what }) => what),
      ['incident-opened', 'fact-pinned', 'hypothesis-proposed', 'evidence-added', 'hypothesis-judged'],
    )
  })

  it('shows the decision and the shell that were made for it, and counts them as deciding and acting', async () => {
    const { body } = await call('POST', '/api/incidents', { alertId: await fire('Linked') })
    const decision = await call<{ id: string; number: string }>('POST', '/api/decisions', {
      environment: 'acme-prod',
      what: 'Replace the disk',
      why: 'it dies',
      options: [],
      risk: 'none known',
      rollback: 'keep the old one',
      validUntil: null,
      cooperation: { kind: 'internal' },
      incidentId: body.id,
    })
    const opened = await call('POST', '/api/recordings', {
      localId: crypto.randomUUID(),
      kind: 'decided',
      decision: decision.body.number,
      environment: 'acme-prod',
      incidentId: body.id,
      host: 'h',
      shell: 'bash',
      ruleset: '1',
      startedAt: server.clock.now(),
      cols: 80,
      rows: 24,
    })
    assert.equal(opened.status, 201, JSON.stringify(opened.body))
    const seen = await call('GET', `/api/incidents/${body.id}`)
    assert.deepEqual(
      seen.body.decisions.map(({ number }) => number),
      [decision.body.number],
    )
    assert.equal(seen.body.sessions.length, 1)
    assert.equal(seen.body.phase, 'act')
    assert.equal(seen.body.can.judgeAct, true)
    assert.match(seen.body.observe.lastChanges[0]?.what ?? '', /Replace the disk/)
  })

  it('does not take a decision of another customer', async () => {
    const { body } = await call('POST', '/api/incidents', { alertId: await fire('Foreign') })
    const foreign = await call('POST', '/api/decisions', {
      environment: 'globex-prod',
      what: 'x',
      why: 'y',
      options: [],
      risk: '',
      rollback: '',
      validUntil: null,
      incidentId: body.id,
    })
    assert.equal(foreign.status, 404)
  })

  it('pages a role when help is asked, and that call ends with the incident', async () => {
    const { body } = await call('POST', '/api/incidents', { alertId: await fire('Help') })
    await step(body.id, { kind: 'ask-help', role: 'delivery-manager', reason: 'the customer must be called' })
    const { db } = server.platform.database
    const page = await db
      .selectFrom('pages')
      .selectAll()
      .where('incident_id', '=', body.id)
      .executeTakeFirstOrThrow()
    const told = await db
      .selectFrom('page_intents')
      .select('account_id')
      .where('page_id', '=', page.id)
      .execute()
    assert.deepEqual([...new Set(told.map((row) => row.account_id))], [team.deliveryManager.id])
    await step(body.id, { kind: 'resolve', summary: 'it was the disk' })
    const after = await db
      .selectFrom('pages')
      .select('status')
      .where('id', '=', page.id)
      .executeTakeFirstOrThrow()
    assert.equal(after.status, 'resolved')
  })

  it('keeps mitigated and resolved apart, and can be reopened', async () => {
    const { body } = await call('POST', '/api/incidents', { environment: 'acme-prod', title: 'Slow reads' })
    assert.equal((await step(body.id, { kind: 'mitigate' })).body.status, 'mitigated')
    assert.equal((await step(body.id, { kind: 'resolve', summary: 'cache' })).body.status, 'resolved')
    assert.equal(
      (await step(body.id, { kind: 'pin', about: 'note', text: 'late' })).body.code,
      'incident-resolved',
    )
    assert.equal((await step(body.id, { kind: 'reopen', reason: 'again' })).body.status, 'open')
  })
})

describe('alerts are merged', () => {
  it('into an incident that goes on, each once, and taken out again', async () => {
    const [first, second, third] = [await fire('MergeA'), await fire('MergeB'), await fire('MergeC')]
    const { body: incident } = await call('POST', '/api/incidents', { alertId: first })
    const merged = await step(incident.id, { kind: 'add-alerts', alertIds: [first, second, third, third] })
    assert.equal(merged.status, 200, JSON.stringify(merged.body))
    assert.equal(merged.body.alerts.length, 3)
    assert.equal((await step(incident.id, { kind: 'add-alerts', alertIds: [second] })).status, 409)
    const detail = await call<{ incidents: { id: string }[]; activity: { kind: string }[] }>(
      'GET',
      `/api/alerts/${second}`,
    )
    assert.equal(detail.body.incidents[0]?.id, incident.id)
    assert.ok(detail.body.activity.some(({ kind }) => kind === 'merged'))
    const back = await step(incident.id, { kind: 'remove-alerts', alertIds: [second, third] })
    assert.deepEqual(
      back.body.alerts.map(({ id }) => id),
      [first],
    )
    const after = await call<{ incidents: unknown[]; activity: { kind: string }[] }>(
      'GET',
      `/api/alerts/${second}`,
    )
    assert.deepEqual(after.body.incidents, [])
    assert.ok(after.body.activity.some(({ kind }) => kind === 'taken-out'))
    assert.equal((await step(incident.id, { kind: 'remove-alerts', alertIds: [second] })).status, 409)
    assert.equal((await step(incident.id, { kind: 'add-alerts', alertIds: [second] })).body.alerts.length, 2)
  })

  it('into a new one, as severe as the worst of them, and not twice by two presses', async () => {
    const alertIds = [await fire('NewA'), await fire('NewB')]
    const open = () => call('POST', '/api/incidents', { alertIds })
    const [one, two] = await Promise.all([open(), open()])
    assert.equal(one.status, 201, JSON.stringify(one.body))
    assert.equal(one.body.id, two.body.id)
    assert.equal(one.body.severity, 1)
    assert.equal(one.body.alerts.length, 2)
    server.clock.advance(11_000)
    assert.notEqual((await open()).body.id, one.body.id, 'they may be put together anew')
  })

  it('only of one environment, and only those that are there', async () => {
    const here = await fire('Here')
    const reply = await server.http.inject({
      method: 'POST',
      url: '/integrations/alertmanager',
      headers: { authorization: `Bearer ${team.globexProd.key}`, 'content-type': 'application/json' },
      payload: JSON.stringify(webhookBody({ name: 'Elsewhere' })),
    })
    assert.equal(reply.statusCode, 200)
    const { id: elsewhere } = await server.platform.database.db
      .selectFrom('alerts')
      .select('id')
      .where('name', '=', 'Elsewhere')
      .executeTakeFirstOrThrow()
    assert.equal((await call('POST', '/api/incidents', { alertIds: [here, elsewhere] })).status, 422)
    assert.equal((await call('POST', '/api/incidents', { alertIds: [] })).status, 422)
    const { body: incident } = await call('POST', '/api/incidents', { alertId: here })
    assert.equal((await step(incident.id, { kind: 'add-alerts', alertIds: [elsewhere] })).status, 404)
    const nobody = '01934f5e-7a00-7000-8000-00000000ffff'
    assert.equal((await step(incident.id, { kind: 'add-alerts', alertIds: [nobody] })).status, 404)
  })
})
