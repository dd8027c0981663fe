/** Accounts: created by administrators, usable by invitation, never without an administrator left. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { hashPassword, passwordMatches } from './password-hash.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server.stop())

const call = (
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH',
  url: string,
  payload?: object,
  token = team.administrator.token,
) =>
  server.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
    ...(payload ? { payload } : {}),
  })
/** Who may become anybody signs in for it: a token is not enough. */
const invite = (accountId: string, headers: Record<string, string> = {}) =>
  server.http.inject({
    method: 'POST',
    url: `/api/accounts/${accountId}/invitation`,
    headers: { cookie: team.administrator.cookie, ...headers },
  })
const open = (method: 'GET' | 'HEAD' | 'POST', url: string, payload?: object) =>
  server.http.inject({ method, url, headers: { accept: 'text/html' }, ...(payload ? { payload } : {}) })
const ivy = {
  kind: 'staff',
  handle: 'ivy',
  name: 'Ivy Example',
  email: 'ivy@example.org',
  roles: ['engineer'],
}
const tokenOf = (link: string): string => new URL(link).searchParams.get('token') ?? ''

test('an account is created, shown, changed and listed by handle, page by page', async () => {
  const created = await call('POST', '/api/accounts', ivy)
  assert.equal(created.statusCode, 201, created.body)
  assert.equal(created.json().canSignIn, false)
  const { id } = created.json()
  const changed = await call('PATCH', `/api/accounts/${id}`, {
    roles: ['engineer', 'architect'],
    zone: 'asia/tokyo',
  })
  assert.deepEqual(changed.json().roles, ['architect', 'engineer'])
  assert.equal(changed.json().zone, 'Asia/Tokyo')
  const seen: string[] = []
  for (let after = ''; ;) {
    const page = (await call('GET', `/api/accounts?limit=3${after && `&after=${after}`}`)).json()
    seen.push(...page.rows.map((row: { handle: string }) => row.handle))
    if (page.next === null) break
    after = page.next
  }
  assert.deepEqual(seen, ['ada', 'bo', 'cleo', 'dag', 'emil', 'fay', 'gus', 'hal', 'ivy'])
})

test('a handle or an address that is taken is said to be, whoever was faster', async () => {
  const twins = await Promise.all(
    [1, 2, 3].map((n) =>
      call('POST', '/api/accounts', { ...ivy, handle: 'jan', email: `jan${n}@example.org` }),
    ),
  )
  assert.deepEqual(twins.map((reply) => reply.statusCode).sort(), [201, 409, 409])
  const address = await call('POST', '/api/accounts', { ...ivy, handle: 'other', email: 'IVY@example.org' })
  assert.equal(address.json().code, 'already-exists')
})

test('what cannot be an account is refused with the field named', async () => {
  const refused = async (change: object, path: string) => {
    const reply = await call('POST', '/api/accounts', {
      ...ivy,
      handle: 'kim',
      email: 'kim@example.org',
      ...change,
    })
    assert.equal(reply.statusCode, 422, reply.body)
    assert.ok(
      reply.json().errors.some((fault: { path: string }) => fault.path.startsWith(path)),
      reply.body,
    )
  }
  await refused({ handle: 'Kim Example' }, 'body.handle')
  await refused({ name: 'Kim\u0000' }, 'body.name')
  await refused({ email: 'kim' }, 'body.email')
  await refused({ roles: ['emperor'] }, 'body.roles')
  await refused({ zone: 'Middle/Earth' }, 'body.zone')
  await refused({ kind: 'robot' }, 'body.kind')
  const strange = await call('POST', '/api/accounts', {
    kind: 'contact',
    handle: 'kim',
    name: 'Kim',
    email: 'kim@example.org',
    customer: 'nobody',
  })
  assert.equal(strange.statusCode, 404)
})

test('events name the fields that changed and the roles, never a name or an address', async () => {
  const { rows } = await server.platform.database.pool.query(
    `select e.type, array_to_string(array(
       -- Without its salt, in which any three letters may stand by chance.
       select (d::jsonb - 0)::text from unnest(b.disclosures) as d), ' ') as words
     from events e join event_bodies b on b.event_id = e.id where e.stream_kind = 'account'`,
  )
  assert.ok(rows.some((row) => row.type === 'account.updated' && row.words.includes('zone')))
  assert.ok(rows.some((row) => row.type === 'account.roles-changed' && row.words.includes('architect')))
  assert.ok(!rows.some((row) => /example|@|Ivy/i.test(row.words)))
})

test('the last administrator stays: neither archived nor demoted, even when two demote each other at once', async () => {
  const { id } = team.administrator
  assert.equal((await call('POST', `/api/accounts/${id}/archive`)).json().code, 'last-administrator')
  assert.equal(
    (await call('PATCH', `/api/accounts/${id}`, { roles: ['auditor'] })).json().code,
    'last-administrator',
  )
  const second = (
    await call('POST', '/api/accounts', {
      ...ivy,
      handle: 'lea',
      email: 'lea@example.org',
      roles: ['administrator'],
    })
  ).json()
  const both = await Promise.all(
    [id, second.id].map((each) => call('PATCH', `/api/accounts/${each}`, { roles: ['auditor'] })),
  )
  assert.deepEqual(both.map((reply) => reply.statusCode).sort(), [200, 409])
  // The test goes on as whoever is left.
  const { rows } = await server.platform.database.pool.query(
    `select id from accounts where 'administrator' = any(roles) and archived_at is null`,
  )
  assert.equal(rows.length, 1)
  if (rows[0].id !== id)
    await server.platform.database.pool.query(
      `begin; set local fortnight.class_guard = 'off'; update accounts set roles = '{administrator}' where id = '${id}'; commit`,
    )
})

test('an archived account cannot be used, its sessions are over, and it can be taken back', async () => {
  const [, cleo] = team.engineers
  assert.equal((await call('POST', `/api/accounts/${cleo.id}/archive`)).statusCode, 200)
  assert.equal((await call('POST', `/api/accounts/${cleo.id}/archive`)).statusCode, 200, 'twice is once')
  assert.equal((await call('GET', '/api/me', undefined, cleo.token)).statusCode, 401)
  const byCookie = () => server.http.inject({ url: '/api/me', headers: { cookie: cleo.cookie } })
  assert.equal((await byCookie()).statusCode, 401)
  assert.equal((await invite(cleo.id)).statusCode, 409)
  assert.equal((await call('POST', `/api/accounts/${cleo.id}/restore`)).statusCode, 200)
  assert.equal((await byCookie()).statusCode, 401, 'a session that ended stays ended')
  assert.equal((await call('GET', '/api/me', undefined, cleo.token)).statusCode, 401, 'so does a token')
  const revoked = server.platform.database.db.selectFrom('events').where('type', '=', 'api-token.revoked')
  assert.equal((await revoked.select('id').execute()).length, 1, 'and the ledger says that it was revoked')
})

test('an invitation does not outlive the archiving of its account', async () => {
  const [, cleo] = team.engineers
  const token = tokenOf((await invite(cleo.id)).json().link)
  await call('POST', `/api/accounts/${cleo.id}/archive`)
  await call('POST', `/api/accounts/${cleo.id}/restore`)
  assert.equal((await open('GET', `/invitation?token=${token}`)).statusCode, 410)
})

test('a token makes no invitation, by which it would become somebody whole', async () => {
  const made = await call('POST', `/api/accounts/${team.administrator.id}/invitation`)
  assert.equal(made.statusCode, 403, made.body)
})

test('an invitation survives every mail scanner and is used once', async () => {
  const [, , dag] = team.engineers
  const made = await invite(dag.id)
  assert.equal(made.statusCode, 201)
  const { pathname, search } = new URL(made.json().link)
  for (const method of ['HEAD', 'GET', 'GET', 'HEAD'] as const) {
    const page = await open(method, pathname + search)
    assert.equal(page.statusCode, 200)
    assert.equal(page.headers['set-cookie'], undefined)
  }
  const token = tokenOf(made.json().link)
  const weak = await open('POST', '/invitation', { token, password: 'dag-example-1' })
  assert.equal(weak.statusCode, 422)
  assert.match(weak.body, /easy to guess/)
  const accepted = await open('POST', '/invitation', { token, password: 'six words are more than five' })
  assert.equal(accepted.statusCode, 303)
  assert.match(String(accepted.headers['set-cookie']), /HttpOnly/)
  assert.equal(
    (await open('POST', '/invitation', { token, password: 'another six words, much too late' })).statusCode,
    410,
  )
  assert.equal((await open('GET', pathname + search)).statusCode, 410)
})

test('two people who use one invitation at once: one password is set', async () => {
  const [bo] = team.engineers
  const token = tokenOf((await invite(bo.id)).json().link)
  const replies = await Promise.all(
    ['the first of passwords', 'the second of passwords'].map((password) =>
      open('POST', '/api/invitation', { token, password }),
    ),
  )
  assert.deepEqual(replies.map((reply) => reply.statusCode).sort(), [200, 410])
})

test('a newer invitation makes the older one worthless, and each ends after a week', async () => {
  const older = tokenOf((await invite(team.auditor.id)).json().link)
  const newer = tokenOf((await invite(team.auditor.id)).json().link)
  assert.equal((await open('GET', `/invitation?token=${older}`)).statusCode, 410)
  assert.equal((await open('GET', `/invitation?token=${newer}`)).statusCode, 200)
  server.clock.advance(7 * 24 * 3600 * 1000)
  assert.equal((await open('GET', `/invitation?token=${newer}`)).statusCode, 410)
})

test('an invitation link is never kept for an idempotent repeat', async () => {
  const made = await invite(team.auditor.id, { 'idempotency-key': 'once' })
  assert.equal(made.statusCode, 201)
  const { rows } = await server.platform.database.pool.query('select 1 from idempotency_keys')
  assert.equal(rows.length, 0)
})

test('a password hash is argon2id with the recommended cost, and worthless without the key folder', async () => {
  const hash = await hashPassword(server.platform, 'pass phrase of words')
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  assert.ok(await passwordMatches(server.platform, 'pass phrase of words', hash))
  assert.ok(!(await passwordMatches(server.platform, 'pass phrase of word', hash)))
  assert.ok(!(await passwordMatches(server.platform, '', null)))
  // e + combining acute and é are the same password.
  assert.ok(
    await passwordMatches(
      server.platform,
      'caf\u00e9 au lait 12',
      await hashPassword(server.platform, 'cafe\u0301 au lait 12'),
    ),
  )
  const elsewhere = {
    ...server.platform,
    secrets: { ...server.platform.secrets, derive: () => Buffer.alloc(32) },
  }
  assert.ok(!(await passwordMatches(elsewhere, 'pass phrase of words', hash)))
})
