/** First link of the chain on real parts: an alert becomes a row, a mail, and is acknowledged by the link in the mail. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { alertBody, webhookBody } from '../../testing/alertmanager-body.ts'
import { startMailServer, type MailServer } from '../../testing/mail-server.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { createEscalationPolicy } from '../on-call/escalation/create-escalation-policy.ts'

const MINUTE = 60_000
let mail: MailServer
let server: TestServer
let team: SeededTeam

before(async () => {
  mail = await startMailServer()
  server = await testServer({ env: { SMTP_URL: mail.url } })
  team = await seedTeam(server)
  const [first, second] = team.engineers
  await createEscalationPolicy(server.as(team.administrator.actor), {
    slug: 'default',
    name: 'Default',
    repeat: 0,
    steps: [
      { afterMinutes: 0, targets: [{ kind: 'account', id: first.id }] },
      { afterMinutes: 5, targets: [{ kind: 'account', id: second.id }] },
    ],
    fallback: [{ kind: 'role', role: 'administrator' }],
  } as never)
})
after(async () => {
  await server?.stop()
  await mail?.close()
})

const send = (body: unknown, key = team.acmeProd.key) =>
  server.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })

const mailTo = (email: string) => mail.received.filter((each) => JSON.stringify(each.to).includes(email))
const linkIn = (text: string | undefined): string =>
  new URL(/https?:\/\/\S+\/acknowledge\/\S+/.exec(text ?? '')?.[0] ?? '').pathname

describe('an alert travels to a person', () => {
  it('stores the alert, pages the first step by mail, and takes the page by the link of that mail only when the button is pressed', async () => {
    const [first, second] = team.engineers
    const reply = await send(webhookBody({ name: 'KubeNodeNotReady' }))
    assert.equal(reply.statusCode, 200, reply.body)
    await server.tasks.drain()

    const [received, ...more] = mailTo(first.email)
    assert.ok(received, 'the engineer on the first step has a mail')
    assert.equal(more.length, 0)
    assert.match(received.subject ?? '', /^\[P1\]/)
    const link = linkIn(received.text)

    for (const method of ['HEAD', 'GET', 'GET'] as const) {
      const opened = await server.http.inject({ method, url: link, headers: { accept: 'text/html' } })
      assert.equal(opened.statusCode, 200)
      if (method === 'GET') assert.match(opened.body, /Acknowledge as/)
      assert.ok(opened.body.length < 20_000)
    }
    const still = await server.platform.database.db
      .selectFrom('pages')
      .select('status')
      .executeTakeFirstOrThrow()
    assert.equal(still.status, 'open', 'opening the link changed nothing')

    const pressed = await server.http.inject({
      method: 'POST',
      url: '/acknowledge',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
      payload: `token=${link.split('/').at(-1)}`,
    })
    assert.equal(pressed.statusCode, 303, pressed.body)
    const page = await server.platform.database.db.selectFrom('pages').selectAll().executeTakeFirstOrThrow()
    assert.equal(page.status, 'acknowledged')
    assert.equal(page.acknowledged_by, first.id)

    server.clock.advance(30 * MINUTE)
    await server.tasks.drain()
    assert.equal(mailTo(second.email).length, 0, 'nobody else is told after the acknowledgement')
    const again = await server.http.inject({ method: 'GET', url: link, headers: { accept: 'text/html' } })
    assert.doesNotMatch(again.body, /<button/)
    assert.match(again.body, /has it/)
  })

  it('tells the next step when nobody acknowledges, and every intent ends in an outcome', async () => {
    const [, second] = team.engineers
    const before = mailTo(second.email).length
    await send(
      webhookBody({ name: 'EtcdDown', severity: 'warning', labels: { cluster: 'other' } }),
      team.globexProd.key,
    )
    await server.tasks.drain()
    server.clock.advance(5 * MINUTE + 1)
    await server.tasks.drain()
    assert.equal(mailTo(second.email).length, before + 1)
    const open = await server.platform.database.db
      .selectFrom('page_intents')
      .select('id')
      .where('status', '=', 'intended')
      .execute()
    assert.deepEqual(open, [])
  })

  it('opens one alert per environment and fingerprint, however often and from whichever environment it is said', async () => {
    const alert = alertBody({ name: 'SameEverywhere', severity: 'low' })
    for (const key of [team.acmeProd.key, team.acmeProd.key, team.acmeStaging.key]) {
      assert.equal((await send({ ...webhookBody(), alerts: [alert] }, key)).statusCode, 200)
    }
    const rows = await server.platform.database.db
      .selectFrom('alerts')
      .select('environment_id')
      .where('name', '=', 'SameEverywhere')
      .execute()
    assert.equal(rows.length, 2)
  })

  it('closes the alert and resolves its page when the source says that it is over', async () => {
    const name = 'Flapping'
    const fired = await send(webhookBody({ name, labels: { cluster: 'flap' } }), team.acmeStaging.key)
    assert.equal(fired.statusCode, 200)
    await send(webhookBody({ name, labels: { cluster: 'flap' }, status: 'resolved' }), team.acmeStaging.key)
    const { db } = server.platform.database
    const alert = await db.selectFrom('alerts').selectAll().where('name', '=', name).executeTakeFirstOrThrow()
    assert.equal(alert.status, 'closed')
    const page = await db
      .selectFrom('pages')
      .innerJoin('page_alerts', 'page_alerts.page_id', 'pages.id')
      .select('pages.status')
      .where('page_alerts.alert_id', '=', alert.id)
      .executeTakeFirstOrThrow()
    assert.equal(page.status, 'resolved')
  })

  it('answers a wrong key with 401 and malformed bodies with 400, storing nothing', async () => {
    assert.equal((await send(webhookBody({}), 'fni_wrong')).statusCode, 401)
    for (const body of ['{"alerts":', '[]', '{"alerts":{}}', 'null', '"text"'])
      assert.equal((await send(body)).statusCode, 400, body)
    assert.equal((await send({ alerts: [{ labels: null }] })).statusCode, 400)
  })
})
