/** Signing in by password, sessions, and what people may change about themselves. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server.stop())
beforeEach(() => server.clock.advance(16 * 60 * 1000))

type Options = { body?: object; cookie?: string; token?: string; address?: string }
const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, options: Options = {}) =>
  server.http.inject({
    method,
    url,
    remoteAddress: options.address ?? '192.0.2.7',
    headers: {
      ...(options.cookie ? { cookie: options.cookie } : {}),
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
    },
    ...(options.body ? { payload: options.body } : {}),
  })
const signIn = (account: string, password: string, address?: string) =>
  call('POST', '/api/session', { body: { account, password }, ...(address ? { address } : {}) })
const cookieOf = (reply: Awaited<ReturnType<typeof call>>): string =>
  String(reply.headers['set-cookie']).split(';')[0] ?? ''
const wrongPassword = 'certainly not the password'

test('a handle or an address in any letter case, with the password, opens a session', async () => {
  for (const account of ['ada', 'ADA', 'Ada@Example.org']) {
    const reply = await signIn(account, team.administrator.password)
    assert.equal(reply.statusCode, 200, reply.body)
    const me = await call('GET', '/api/me', { cookie: cookieOf(reply) })
    assert.equal(me.json().account.handle, 'ada')
    assert.equal(me.json().session.method, 'session')
  }
})

test('an unknown account, one without a password and a wrong password get the same answer', async () => {
  const replies = [
    await signIn('ada', wrongPassword),
    await signIn('bo', wrongPassword),
    await signIn('nobody-here', wrongPassword),
  ]
  for (const reply of replies) {
    assert.equal(reply.statusCode, 401)
    const { requestId: _, ...problem } = reply.json()
    const { requestId: __, ...first } = (replies[0] as (typeof replies)[number]).json()
    assert.deepEqual(problem, first)
  }
})

test('by https the cookie is one that only this very host can plant, and the plain one opens nothing', async () => {
  const secure = await testServer({ env: { BASE_URL: 'https://fortnight.test', TRUST_PROXY: 'true' } })
  try {
    const { administrator } = await seedTeam(secure)
    const ask = (cookie: string) => secure.http.inject({ url: '/api/me', headers: { cookie } })
    const payload = { account: 'ada', password: administrator.password }
    const reply = await secure.http.inject({ method: 'POST', url: '/api/session', payload })
    const cookie = String(reply.headers['set-cookie'])
    assert.match(
      cookie,
      /^__Host-fortnight_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
    )
    assert.equal((await ask(cookie.split(';')[0] ?? '')).statusCode, 200)
    // As a sibling domain could set it: somebody else's session, sent before the visitor's own.
    assert.equal((await ask(administrator.cookie)).statusCode, 401)
    assert.equal((await ask(`${administrator.cookie}; ${cookie.split(';')[0]}`)).statusCode, 200)
  } finally {
    await secure.stop()
  }
})

test('an unknown account takes as long as a known one', async () => {
  const spent = async (account: string): Promise<number> => {
    const start = process.cpuUsage()
    await signIn(account, wrongPassword, `198.51.100.${account.length}`)
    return process.cpuUsage(start).user
  }
  const known = await spent('ada')
  const unknown = await spent('unknown')
  // Processor time, not wall time: both must have paid for one argon2id (some 35 ms), whoever else is running.
  assert.ok(known > 10_000 && unknown > 10_000, `${known} µs and ${unknown} µs`)
})

test('after five wrong tries even the right password waits, from that address only, until the window ends', async () => {
  const wrong = await Promise.all(Array.from({ length: 8 }, () => signIn('ada', wrongPassword)))
  const statuses = wrong.map((reply) => reply.statusCode)
  assert.equal(
    statuses.filter((status) => status === 401).length,
    5,
    'a burst gets no more tries than a sequence',
  )
  assert.equal(statuses.filter((status) => status === 429).length, 3)
  const refused = await signIn('ada', team.administrator.password)
  assert.equal(refused.json().code, 'too-many-tries')
  assert.match(refused.json().detail, /Wait 15 minute/)
  assert.equal(refused.headers['retry-after'], '900')
  server.clock.advance(14 * 60 * 1000)
  const later = await signIn('ada', team.administrator.password)
  assert.deepEqual([later.statusCode, later.headers['retry-after']], [429, '60'])
  assert.equal(
    (await signIn('ada', team.administrator.password, '203.0.113.5')).statusCode,
    200,
    'nobody is locked out elsewhere',
  )
  server.clock.advance(60 * 1000)
  assert.equal((await signIn('ada', team.administrator.password)).statusCode, 200)
  assert.equal((await signIn('ada', wrongPassword)).statusCode, 401, 'the right password cleared the count')
})

test('one address may not try one password on everybody', async () => {
  const statuses = new Set<number>()
  for (let account = 0; account < 52; account++)
    statuses.add(
      (
        await call('POST', '/api/session', {
          body: { account: `a${account}`, password: 'x' },
          address: '192.0.2.99',
        })
      ).statusCode,
    )
  assert.deepEqual([...statuses], [401, 429])
})

test('right passwords use up no tries of an address', async () => {
  for (let time = 0; time < 4; time++) await signIn('ada', team.administrator.password, '192.0.2.44')
  await signIn('ada', wrongPassword, '192.0.2.44')
  const { rows } = await server.platform.database.pool.query(
    'select tries from sign_in_tries where since_at = $1',
    [server.clock.now()],
  )
  assert.deepEqual(
    rows.map(({ tries }) => tries),
    [1, 1],
    'the wrong one alone counts, for account and address',
  )
})

test('neither passwords nor the names that were tried are kept anywhere', async () => {
  await signIn('a-password-typed-as-handle', wrongPassword)
  const { rows } = await server.platform.database.pool.query('select t::text as row from sign_in_tries t')
  assert.ok(rows.length > 0)
  assert.ok(rows.every(({ row }) => !row.includes('typed') && !row.includes('certainly')))
})

test('sessions are listed, revoked one by one, and signing out ends the current one', async () => {
  const first = cookieOf(await signIn('ada', team.administrator.password))
  const second = cookieOf(await signIn('ada', team.administrator.password))
  const { rows } = (await call('GET', '/api/me/sessions', { cookie: first })).json()
  assert.equal(rows.filter((row: { current: boolean }) => row.current).length, 1)
  assert.ok(rows.every((row: object) => !('token_hash' in row)))
  const other = rows.find((row: { current: boolean }) => !row.current)
  assert.equal((await call('DELETE', `/api/me/sessions/${other.id}`, { cookie: first })).statusCode, 200)
  assert.equal((await call('DELETE', `/api/me/sessions/${other.id}`, { cookie: first })).statusCode, 404)
  assert.equal((await call('GET', '/api/me', { cookie: second })).statusCode, 401)
  const out = await call('DELETE', '/api/session', { cookie: first })
  assert.match(String(out.headers['set-cookie']), /^fortnight_session=; .*Max-Age=0/)
  assert.equal((await call('GET', '/api/me', { cookie: first })).statusCode, 401)
})

test('nobody revokes the session of somebody else', async () => {
  const [bo] = team.engineers
  const { rows } = (
    await call('GET', `/api/accounts/${bo.id}/sessions`, { token: team.administrator.token })
  ).json()
  assert.equal(
    (await call('DELETE', `/api/me/sessions/${rows[0].id}`, { token: team.auditor.token })).statusCode,
    404,
  )
  assert.equal(
    (await call('GET', `/api/accounts/${bo.id}/sessions`, { token: team.auditor.token })).statusCode,
    403,
  )
  const revoked = await call('DELETE', `/api/accounts/${bo.id}/sessions/${rows[0].id}`, {
    token: team.administrator.token,
  })
  assert.equal(revoked.statusCode, 200)
})

test('signing in and out are acts in the ledger, without address or browser', async () => {
  const cookie = cookieOf(await signIn('ada', team.administrator.password))
  await call('DELETE', '/api/session', { cookie })
  const { rows } = await server.platform.database.pool.query(
    `select e.type, e.actor_id, b.disclosures, p.id is not null as leaf from events e
     join event_bodies b on b.event_id = e.id left join ledger_pending p on p.id = e.id
     where e.stream_kind = 'sign-in' order by e.id desc limit 2`,
  )
  assert.deepEqual(
    rows.map((row) => [row.type, row.actor_id, row.leaf]),
    [
      ['sign-in.ended', team.administrator.id, true],
      ['sign-in.succeeded', team.administrator.id, true],
    ],
  )
  assert.ok(!JSON.stringify(rows).includes('192.0.2.7'))
})

test('a new password needs the old one, ends other sessions, and never works with a token', async () => {
  const [here, elsewhere] = [
    cookieOf(await signIn('ada', team.administrator.password)),
    cookieOf(await signIn('ada', team.administrator.password)),
  ]
  const change = (body: object, by: Options) => call('POST', '/api/me/password', { body, ...by })
  const next = 'a longer and better one'
  const current = team.administrator.password
  assert.equal(
    (await change({ current: wrongPassword, next }, { cookie: here })).json().code,
    'wrong-credentials',
  )
  assert.equal((await change({ current, next: 'short' }, { cookie: here })).json().code, 'invalid-input')
  assert.equal((await change({ current, next }, { token: team.administrator.token })).statusCode, 403)
  assert.equal((await change({ current, next }, { cookie: here })).statusCode, 200)
  assert.equal((await call('GET', '/api/me', { cookie: here })).statusCode, 200)
  assert.equal((await call('GET', '/api/me', { cookie: elsewhere })).statusCode, 401)
  assert.equal((await signIn('ada', current)).statusCode, 401)
  const again = cookieOf(await signIn('ada', next))
  assert.equal((await change({ current: next, next: current }, { cookie: again })).statusCode, 200)
})

test('a contact changes their own profile and password under their own confinement', async () => {
  const { cookie } = team.acmeContact
  const profile = await call('PATCH', '/api/me', {
    body: { name: 'Gus Sample', zone: 'europe/oslo', locale: 'nb-NO' },
    cookie,
  })
  assert.equal(profile.statusCode, 200, profile.body)
  assert.equal(profile.json().zone, 'Europe/Oslo')
  assert.equal(
    (await call('PATCH', '/api/me', { body: { name: 'Gus Sample' }, cookie })).statusCode,
    200,
    'a repeat changes nothing',
  )
  assert.equal(
    (await call('PATCH', '/api/me', { body: { roles: ['administrator'] }, cookie })).statusCode,
    422,
  )
  const invitation = await call('POST', `/api/accounts/${team.acmeContact.id}/invitation`, {
    cookie: cookieOf(await signIn('ada', team.administrator.password)),
  })
  const token = new URL(invitation.json().link).searchParams.get('token')
  const password = 'three words and one'
  const accepted = await call('POST', '/api/invitation', { body: { token, password } })
  assert.equal(accepted.statusCode, 200, accepted.body)
  const own = cookieOf(accepted)
  assert.deepEqual(
    (await call('GET', '/api/me', { cookie: own })).json().permissions.includes('accounts.read'),
    false,
  )
  const next = 'another three words'
  assert.equal(
    (await call('POST', '/api/me/password', { body: { current: password, next }, cookie: own })).statusCode,
    200,
  )
  const sessions = (await call('GET', '/api/me/sessions', { cookie: own })).json().rows
  assert.equal(sessions.length, 1, 'the new password ended the others')
  assert.equal((await call('DELETE', '/api/session', { cookie: own })).statusCode, 200)
})

// Last, because every cookie of the seed is dead afterwards.
test('a session slides while it is used, and ends after thirty idle days or ninety in all', async () => {
  const DAY = 24 * 3600 * 1000
  const cookie = cookieOf(await signIn('ada', team.administrator.password))
  const alive = async () => (await call('GET', '/api/me', { cookie })).statusCode === 200
  for (let day = 0; day < 80; day += 20) {
    server.clock.advance(20 * DAY)
    assert.ok(await alive(), `used every 20 days, day ${day + 20}`)
  }
  server.clock.advance(11 * DAY)
  assert.ok(!(await alive()), 'after ninety days')
  const idle = cookieOf(await signIn('ada', team.administrator.password))
  server.clock.advance(30 * DAY)
  assert.equal((await call('GET', '/api/me', { cookie: idle })).statusCode, 401)
})
