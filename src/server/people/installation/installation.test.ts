/** The first start: whatever happens at once or half-way, there is one installation and one first administrator. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { ensureInstallation, setupLink } from '../index.ts'
import { sowRecurring } from '../../platform/tasks/recurring.ts'
import '../tasks.ts'

let server: TestServer
before(async () => {
  server = await testServer({ env: { ORGANISATION: 'First Name' } })
})
after(() => server.stop())

const tokenOf = (link: string | undefined): string => new URL(link ?? '').searchParams.get('token') ?? ''
const answers = (token: string, more: Record<string, string> = {}): Record<string, string> => ({
  token,
  organisation: 'Example Operations',
  name: 'Ada Example',
  handle: 'ada',
  email: 'ada@example.org',
  password: 'four plain words together',
  zone: 'europe/stockholm',
  ...more,
})
const post = (payload: object) => server.http.inject({ method: 'POST', url: '/api/setup', payload })
const count = async (table: 'installation' | 'ledger_logs' | 'accounts' | 'sessions' | 'one_time_tokens') =>
  Number(
    (
      await server.platform.database.db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )

test('twenty first starts at once make one installation, one ledger log and one event', async () => {
  await Promise.all(Array.from({ length: 20 }, () => ensureInstallation(server.platform)))
  assert.equal(await count('installation'), 1)
  assert.equal(await count('ledger_logs'), 1)
  const events = await server.platform.database.db.selectFrom('events').select('type').execute()
  assert.deepEqual(events, [{ type: 'installation.created' }])
  const log = await server.platform.database.db
    .selectFrom('ledger_logs')
    .select(['origin', 'id', 'pseudonym_key'])
    .executeTakeFirstOrThrow()
  assert.equal(log.origin, `fortnight.fortnight.test/l/${log.id}`)
  assert.equal(log.pseudonym_key.length, 32)
})

test('a first start that was killed after its log was made is finished by the next', async () => {
  const fresh = await testServer()
  try {
    const now = fresh.clock.now()
    await fresh.platform.database.db
      .insertInto('ledger_logs')
      .values({
        id: fresh.platform.ids.next(now),
        environment_id: null,
        customer_id: null,
        origin: 'fortnight.example.org/l/half-way',
        pseudonym_key: Buffer.alloc(32, 1),
        created_at: now,
        closed_at: null,
      })
      .execute()
    await ensureInstallation(fresh.platform)
    const logs = await fresh.platform.database.db.selectFrom('ledger_logs').select('origin').execute()
    assert.deepEqual(logs, [{ origin: 'fortnight.example.org/l/half-way' }])
  } finally {
    await fresh.stop()
  }
})

test('looking at the setup link changes nothing, however often', async () => {
  const link = new URL((await setupLink(server.platform)) ?? '')
  const before = await count('one_time_tokens')
  for (const method of ['HEAD', 'GET', 'GET'] as const) {
    const page = await server.http.inject({
      method,
      url: `${link.pathname}${link.search}`,
      headers: { accept: 'text/html' },
    })
    assert.equal(page.statusCode, 200)
    assert.ok(page.body.length < 20_000)
    assert.equal(page.headers['set-cookie'], undefined)
  }
  assert.equal(await count('accounts'), 0)
  assert.equal(await count('one_time_tokens'), before)
})

test('a link older than a day, or one that was made up, is refused', async () => {
  const token = tokenOf(await setupLink(server.platform))
  assert.equal((await post(answers('made-up'))).json().code, 'link-expired')
  server.clock.advance(24 * 3600 * 1000)
  assert.equal((await post(answers(token))).json().code, 'link-expired')
  assert.equal(await count('accounts'), 0)
})

test('faults are shown beside the fields of the form, and nothing is created', async () => {
  const token = tokenOf(await setupLink(server.platform))
  const form = async (fields: Record<string, string>) =>
    server.http.inject({
      method: 'POST',
      url: '/setup',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
      payload: new URLSearchParams(fields).toString(),
    })
  const shape = await form(answers(token, { handle: 'Not A Handle', name: '<b>x' }))
  assert.equal(shape.statusCode, 422)
  assert.match(shape.body, /handle-fault/)
  assert.ok(!shape.body.includes('<b>x'), 'what was typed is escaped')
  assert.ok(!shape.body.includes('four plain words'), 'a password is not sent back')
  const weak = await form(answers(token, { password: 'ada-example-12' }))
  assert.equal(weak.statusCode, 422)
  assert.match(weak.body, /password-fault/)
  const nowhere = await form(answers(token, { zone: 'Middle/Earth' }))
  assert.match(nowhere.body, /zone-fault/)
  assert.equal(await count('accounts'), 0)
})

test('two people with two valid links: one becomes the administrator and is signed in, the other is told', async () => {
  const [first, second] = [
    tokenOf(await setupLink(server.platform)),
    tokenOf(await setupLink(server.platform)),
  ]
  const replies = await Promise.all([
    post(answers(first)),
    post(answers(second, { handle: 'bo', name: 'Bo Example', email: 'bo@example.org' })),
  ])
  assert.deepEqual(replies.map((reply) => reply.statusCode).sort(), [200, 410])
  assert.equal(await count('accounts'), 1)
  const cookie = String(replies.find((reply) => reply.statusCode === 200)?.headers['set-cookie'])
  assert.match(cookie, /^fortnight_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
  const me = await server.http.inject({ url: '/api/me', headers: { cookie: cookie.split(';')[0] ?? '' } })
  assert.equal(me.statusCode, 200, me.body)
  assert.equal(me.json().organisation, 'Example Operations')
  assert.deepEqual(me.json().account.roles, ['administrator'])
  assert.equal(me.json().account.zone, 'Europe/Stockholm')
  assert.deepEqual(me.json().hints, [
    'no-customer',
    'no-environment',
    'no-integration-key',
    'no-colleague',
    'no-passkey',
  ])
})

test('once there is an administrator no link is made, and old ones are dead', async () => {
  assert.equal(await setupLink(server.platform), undefined)
  const page = await server.http.inject({ url: '/setup?token=x', headers: { accept: 'text/html' } })
  assert.equal(page.statusCode, 410)
})

test('housekeeping comes round again and leaves what still counts', async () => {
  const before = await count('sessions')
  const dueAt = async (): Promise<number[]> => {
    const rows = await server.platform.database.db
      .selectFrom('tasks')
      .select('due_at')
      .where('kind', '=', 'people.sweep')
      .execute()
    return rows.map((row) => row.due_at)
  }
  // As several processes do at their start.
  for (let start = 0; start < 2; start++) await sowRecurring(server.platform, ['ordinary'])
  assert.deepEqual(await dueAt(), [server.clock.now()])
  await server.tasks.drain()
  assert.deepEqual(await dueAt(), [server.clock.now() + 24 * 3600 * 1000])
  assert.equal(await count('sessions'), before)
  assert.equal((await count('one_time_tokens')) > 0, true, 'used links are still known as used')
})
