/** A way to reach somebody counts once a code that went out on that very way came back, and never before. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startMailServer, type MailServer } from '../../testing/mail-server.ts'
import { startNtfyServer, type NtfyServer } from '../../testing/ntfy-server.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts'
import { findMethod } from './store.ts'

let server: TestServer
let team: SeededTeam
let mail: MailServer
let ntfy: NtfyServer
let hook: WebhookReceiver
before(async () => {
  mail = await startMailServer()
  ntfy = await startNtfyServer(`tk_${randomBytes(12).toString('hex')}`)
  server = await testServer({
    env: { SMTP_URL: mail.url, NTFY_SERVER: ntfy.url, NTFY_TOKEN: ntfy.token, WEBHOOK_ALLOW_HTTP: 'true' },
  })
  hook = await startWebhookReceiver(server.clock.now)
  team = await seedTeam(server)
})
after(async () => {
  await server?.stop()
  await Promise.all([mail, ntfy, hook].map((each) => each?.close()))
})

const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, who = team.engineers[0]) =>
  server.http.inject({
    method,
    url: `/api/me/contact-methods${path}`,
    headers: { authorization: `Bearer ${who.token}` },
    ...(payload ? { payload } : {}),
  })
const add = async (payload: object) => {
  server.clock.advance(60_000)
  const reply = await ask('POST', '', payload)
  assert.equal(reply.statusCode, 201, reply.body)
  return reply.json() as { method: { id: string }; secret: string | null; code: { kind: string } }
}
const digitsIn = (text: string | undefined): string => /\b\d{6}\b/.exec(text ?? '')?.[0] ?? 'none'
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

test('an address of mail counts from the moment its code is entered, and its proof is renewed by another', async () => {
  const { method } = await add({ kind: 'email' })
  const sent = mail.received.at(-1)
  assert.match(JSON.stringify(sent?.to), new RegExp(team.engineers[0].email))
  const code = digitsIn(sent?.text)
  const wrong = await ask('POST', `/${method.id}/verify`, { code: other(code) })
  assert.deepEqual([wrong.statusCode, wrong.json().code], [409, 'code-wrong'])
  const right = await ask('POST', `/${method.id}/verify`, { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` })
  assert.equal(right.statusCode, 200, right.body)
  assert.equal(right.json().verifiedAt, server.clock.now())
  const twice = await ask('POST', `/${method.id}/verify`, { code })
  assert.equal(twice.json().code, 'code-expired', 'a code works once')
  server.clock.advance(3_600_000)
  assert.equal((await ask('POST', `/${method.id}/code`)).json().code.kind, 'accepted')
  const again = await ask('POST', `/${method.id}/verify`, { code: digitsIn(mail.received.at(-1)?.text) })
  assert.equal(again.json().verifiedAt, right.json().verifiedAt)
  assert.equal(again.json().provenAt, server.clock.now())
})

test('five wrong codes end a code, even for whoever then enters the right one', async () => {
  const { method } = await add({ kind: 'ntfy', topic: 'oncall-bo-1' })
  const code = digitsIn(ntfy.published.at(-1)?.message)
  for (let n = 0; n < 5; n++) await ask('POST', `/${method.id}/verify`, { code: other(code) })
  const late = await ask('POST', `/${method.id}/verify`, { code })
  assert.equal(late.json().code, 'code-expired')
  server.clock.advance(60_000)
  await ask('POST', `/${method.id}/code`)
  const renewed = await ask('POST', `/${method.id}/verify`, {
    code: digitsIn(ntfy.published.at(-1)?.message),
  })
  assert.equal(renewed.statusCode, 200)
})

test('an old code, and the code of another way, prove nothing', async () => {
  const first = await add({ kind: 'ntfy', topic: 'oncall-bo-2' })
  const code = digitsIn(ntfy.published.at(-1)?.message)
  const second = await add({ kind: 'ntfy', topic: 'oncall-bo-3' })
  assert.equal((await ask('POST', `/${second.method.id}/verify`, { code })).json().code, 'code-wrong')
  server.clock.advance(15 * 60_000)
  assert.equal((await ask('POST', `/${first.method.id}/verify`, { code })).json().code, 'code-expired')
})

test('a webhook is signed with the secret that was shown once, and its address is not told again', async () => {
  const { method, secret } = await add({ kind: 'webhook', url: `${hook.url}/token-in-path` })
  assert.match(secret ?? '', /^whsec_/)
  hook.secret = secret ?? ''
  server.clock.advance(60_000)
  assert.equal((await ask('POST', `/${method.id}/code`)).json().code.kind, 'accepted')
  assert.deepEqual(hook.refusals, [])
  const code = String(hook.received.at(-1)?.payload['code'])
  assert.equal((await ask('POST', `/${method.id}/verify`, { code })).statusCode, 200)
  assert.doesNotMatch((await ask('GET', '')).body, /token-in-path|whsec_/)
})

test('what a carrier refuses is said, and is no proof', async () => {
  ntfy.nextAnswers.push({ status: 429, headers: { 'retry-after': '7' } })
  const { method, code } = await add({ kind: 'ntfy', topic: 'oncall-bo-4' })
  assert.equal(code.kind, 'later')
  const { rows } = (await ask('GET', '')).json() as { rows: { id: string; verifiedAt: number | null }[] }
  assert.equal(rows.find(({ id }) => id === method.id)?.verifiedAt, null)
})

test('neither addresses nor secrets stand in the database or the record in the clear', async () => {
  const { method } = await add({ kind: 'ntfy', topic: 'very-secret-topic-name' })
  const row = await findMethod(server.platform.database.db, method.id)
  assert.doesNotMatch(row?.sealed_target.toString('latin1') ?? '', /very-secret/)
  const bodies = await server.platform.database.db.selectFrom('event_bodies').selectAll().execute()
  assert.doesNotMatch(JSON.stringify(bodies), /very-secret/)
})

test('codes are neither hurried nor sent without end, also by whoever removes and adds', async () => {
  const [, , dag] = team.engineers
  const tries: number[] = []
  for (let n = 0; n < 25; n++) {
    const made = await ask('POST', '', { kind: 'ntfy', topic: `flood-${n}` }, dag)
    tries.push(made.statusCode)
    if (made.statusCode === 201) await ask('DELETE', `/${made.json().method.id}`, undefined, dag)
  }
  assert.equal(tries.filter((status) => status === 201).length, 20)
  const own = await add({ kind: 'ntfy', topic: 'oncall-bo-5' })
  assert.equal((await ask('POST', `/${own.method.id}/code`)).json().code, 'code-too-soon')
})

test('an address inside our network is refused, and so is a topic that no server would take', async () => {
  const closed = await testServer({ env: { NTFY_SERVER: ntfy.url } })
  try {
    const people = await seedTeam(closed)
    for (const payload of [
      { kind: 'webhook', url: 'http://hooks.example.org/x' },
      { kind: 'webhook', url: 'https://10.0.0.1/x' },
      { kind: 'webhook', url: 'https://metadata.internal/x' },
      { kind: 'webhook', url: 'https://localhost./x' },
      { kind: 'webhook', url: 'https://vault.:8200/x' },
      { kind: 'webhook', url: 'https://user:pass@hooks.example.org/x' },
      { kind: 'ntfy', topic: '../admin' },
      { kind: 'email' },
    ]) {
      const reply = await closed.http.inject({
        method: 'POST',
        url: '/api/me/contact-methods',
        headers: { authorization: `Bearer ${people.engineers[0].token}` },
        payload,
      })
      assert.equal(reply.statusCode, 422, `${JSON.stringify(payload)} ${reply.body}`)
    }
  } finally {
    await closed.stop()
  }
})

test("nobody sees, proves or removes another's", async () => {
  const { method } = await add({ kind: 'ntfy', topic: 'oncall-bo-6' })
  const cleo = team.engineers[1]
  assert.equal((await ask('DELETE', `/${method.id}`, undefined, cleo)).statusCode, 404)
  assert.equal((await ask('POST', `/${method.id}/verify`, { code: '000000' }, cleo)).statusCode, 404)
  assert.deepEqual((await ask('GET', '', undefined, cleo)).json().rows, [])
  assert.equal((await ask('DELETE', `/${method.id}`)).statusCode, 200)
  assert.equal((await ask('POST', `/${method.id}/code`)).statusCode, 404, 'revoked is gone')
})
