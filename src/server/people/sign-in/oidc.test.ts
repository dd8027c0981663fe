/** Signing in through a real OpenID Connect provider: only verified addresses of existing accounts, only the browser that began. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import Provider, { type Configuration } from 'oidc-provider'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

type Claims = { email?: string; email_verified?: boolean }
/** People of the provider by the login typed there; changed by tests. */
const people = new Map<string, Claims>()

let issuer: Server
let issuerUrl: string
let server: TestServer
let team: SeededTeam

const BASE_URL = 'http://fortnight.test'
const configuration: Configuration = {
  clients: [
    {
      client_id: 'fortnight',
      client_secret: 'only-for-this-test-run',
      redirect_uris: [`${BASE_URL}/sign-in/oidc/callback`],
      application_type: 'web',
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  pkce: { required: () => true },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
}

before(async () => {
  issuer = createServer()
  await new Promise<void>((listening) => issuer.listen(0, '127.0.0.1', listening))
  issuerUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`
  const provider = new Provider(issuerUrl, configuration)
  issuer.on('request', provider.callback())
  server = await testServer({
    env: {
      OIDC_ISSUER: issuerUrl,
      OIDC_CLIENT_ID: 'fortnight',
      OIDC_CLIENT_SECRET: 'only-for-this-test-run',
      BASE_URL,
    },
  })
  team = await seedTeam(server)
})
after(async () => {
  await server.stop()
  issuer.closeAllConnections()
  await new Promise((closed) => issuer.close(closed))
})

const setCookies = (reply: { headers: Record<string, unknown> }): string[] =>
  [reply.headers['set-cookie'] ?? []].flat().map(String)
const pairs = (cookies: readonly string[]): string => cookies.map((cookie) => cookie.split(';')[0]).join('; ')

const start = async (to = '/'): Promise<{ location: string; cookie: string }> => {
  const reply = await server.http.inject({ url: `/sign-in/oidc?to=${encodeURIComponent(to)}` })
  assert.equal(reply.statusCode, 302, reply.body)
  return { location: String(reply.headers.location), cookie: pairs(setCookies(reply)) }
}

/** Walks through the provider's login and consent pages as `login`; returns where it sends the browser back to. */
const throughIssuer = async (location: string, login: string): Promise<URL> => {
  const jar = new Map<string, string>()
  let url = location
  let form: URLSearchParams | undefined
  for (let hop = 0; hop < 12; hop++) {
    const reply = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: form } : {}),
    })
    for (const cookie of reply.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=')
      jar.set(name, value)
    }
    const text = await reply.text()
    const next = reply.headers.get('location')
    if (next?.startsWith(BASE_URL)) return new URL(next)
    form = undefined
    if (next) url = new URL(next, url).href
    else {
      const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? 'consent'
      url = new URL(/action="([^"]+)"/.exec(text)?.[1] ?? '', url).href
      form = new URLSearchParams({ prompt, login, password: 'x' })
    }
  }
  throw new Error('the provider never sent the browser back')
}

const comeBack = (back: URL, cookie: string) =>
  server.http.inject({ url: back.pathname + back.search, headers: { cookie, accept: 'text/html' } })

const signInAs = async (login: string, to = '/') => {
  const { location, cookie } = await start(to)
  return comeBack(await throughIssuer(location, login), cookie)
}
const whoIs = async (reply: Awaited<ReturnType<typeof comeBack>>): Promise<string> =>
  (await server.http.inject({ url: '/api/me', headers: { cookie: pairs(setCookies(reply)) } })).json().account
    ?.handle
const identities = async () =>
  (await server.platform.database.db.selectFrom('oidc_identities').selectAll().execute()).length

test('a verified address links the identity to its account, once, and signs in', async () => {
  people.set('subject-bo', { email: 'BO@example.org', email_verified: true })
  const reply = await signInAs('subject-bo', '/incidents?open=1')
  assert.equal(reply.statusCode, 302, reply.body)
  assert.equal(reply.headers.location, '/incidents?open=1')
  assert.equal(await whoIs(reply), 'bo')
  people.set('subject-bo', { email: 'changed@example.net', email_verified: true })
  assert.equal(
    await whoIs(await signInAs('subject-bo')),
    'bo',
    'from then on the identity counts, not the address',
  )
  assert.equal(await identities(), 1)
  const { rows } = await server.platform.database.pool.query(
    `select actor_id from events where type = 'account.identity-linked'`,
  )
  assert.deepEqual(rows, [{ actor_id: team.engineers[0].id }])
})

test('a mailbox that another person of the issuer was given opens no account until its owner is invited anew', async () => {
  people.set('subject-emil', { email: team.deliveryManager.email, email_verified: true })
  people.set('successor', { email: team.deliveryManager.email, email_verified: true })
  assert.equal(await whoIs(await signInAs('subject-emil')), 'emil')
  const reply = await signInAs('successor')
  assert.equal(reply.statusCode, 401, reply.body)
  assert.match(reply.body, /another identity of your sign-in provider/)
  const invited = await server.http.inject({
    method: 'POST',
    url: `/api/accounts/${team.deliveryManager.id}/invitation`,
    headers: { cookie: team.administrator.cookie },
  })
  assert.equal(invited.statusCode, 201, invited.body)
  assert.equal(await whoIs(await signInAs('successor')), 'emil')
  assert.equal((await signInAs('subject-emil')).statusCode, 401, 'the old identity is linked no more')
  await server.platform.database.pool
    .query(`select 1 from events where type = 'account.identity-forgotten' and stream_id = $1`, [
      team.deliveryManager.id,
    ])
    .then(({ rowCount }) => assert.equal(rowCount, 1))
})

test('a contact signs in through the issuer under their own confinement', async () => {
  people.set('subject-gus', { email: team.acmeContact.email, email_verified: true })
  assert.equal(await whoIs(await signInAs('subject-gus')), 'gus')
})

test('an address that is not verified, unknown, or of an archived account lets nobody in', async () => {
  const before = await identities()
  people.set('unverified', { email: 'cleo@example.org', email_verified: false })
  people.set('silent', {})
  people.set('stranger', { email: 'stranger@example.org', email_verified: true })
  for (const login of ['unverified', 'silent', 'stranger']) {
    const reply = await signInAs(login)
    assert.equal(reply.statusCode, 401, login)
    assert.equal(reply.headers['set-cookie'], undefined)
  }
  await server.http.inject({
    method: 'POST',
    url: `/api/accounts/${team.engineers[0].id}/archive`,
    headers: { authorization: `Bearer ${team.administrator.token}` },
  })
  assert.equal((await signInAs('subject-bo')).statusCode, 401)
  assert.equal(await identities(), before)
})

test('the answer counts only in the browser that began, once, and for ten minutes', async () => {
  people.set('subject-dag', { email: 'dag@example.org', email_verified: true })
  const { location, cookie } = await start()
  const back = await throughIssuer(location, 'subject-dag')
  assert.equal((await comeBack(back, '')).statusCode, 410, 'no cookie')
  assert.equal((await comeBack(back, (await start()).cookie)).statusCode, 410, 'the cookie of another flow')
  const good = await comeBack(back, cookie)
  assert.equal(good.statusCode, 302, good.body)
  assert.equal((await comeBack(back, cookie)).statusCode, 410, 'twice')
  const [name = '', sealed = ''] = cookie.split('=')
  const changed = `${name}=${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
  assert.equal((await comeBack(back, changed)).statusCode, 410, 'a cookie that somebody changed')
  const late = await start()
  const lateBack = await throughIssuer(late.location, 'subject-dag')
  server.clock.advance(10 * 60 * 1000)
  assert.equal((await comeBack(lateBack, late.cookie)).statusCode, 410, 'late')
})

test('a stolen code is worthless without its verifier, and a refusal of the issuer is said plainly', async () => {
  const mine = await start()
  const theirs = await start()
  const stolen = await throughIssuer(theirs.location, 'subject-dag')
  const mixed = await throughIssuer(mine.location, 'subject-dag')
  mixed.searchParams.set('code', stolen.searchParams.get('code') ?? '')
  const reply = await comeBack(mixed, mine.cookie)
  assert.equal(reply.statusCode, 401)
  const refused = await start()
  const state = new URL(refused.location).searchParams.get('state') ?? ''
  const denied = await comeBack(
    new URL(`${BASE_URL}/sign-in/oidc/callback?error=access_denied&state=${state}`),
    refused.cookie,
  )
  assert.equal(denied.statusCode, 401)
  assert.match(denied.body, /did not sign you in/)
})

test('an answer with a code that the issuer never gave leaves nothing behind', async () => {
  const spent = async (): Promise<number> =>
    (
      await server.platform.database.db
        .selectFrom('one_time_tokens')
        .select('purpose')
        .where('purpose', '=', 'oidc')
        .execute()
    ).length
  const before = await spent()
  for (let n = 0; n < 3; n++) {
    const { location, cookie } = await start()
    const state = new URL(location).searchParams.get('state') ?? ''
    const back = new URL(
      `${BASE_URL}/sign-in/oidc/callback?code=made-up-${n}&state=${state}&iss=${issuerUrl}`,
    )
    assert.equal((await comeBack(back, cookie)).statusCode, 401)
  }
  assert.equal(await spent(), before)
})

test('nobody is sent to another site afterwards', async () => {
  for (const to of [
    'https://example.net/',
    '//example.net',
    '/\\example.net',
    'data:text/html,x',
    '/ok\u0001',
  ])
    assert.equal((await signInAs('subject-dag', to)).headers.location, '/', to)
})

test('the sign-in page is told where the issuer is, and a silent issuer is a clear 503', async () => {
  const ways = (await server.http.inject({ url: '/api/sign-in' })).json()
  assert.deepEqual(ways.oidc, { start: '/sign-in/oidc', issuer: new URL(issuerUrl).host })
  assert.equal(ways.setupNeeded, false)
  const lost = await testServer({ env: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'x' } })
  try {
    const reply = await lost.http.inject({ url: '/sign-in/oidc' })
    assert.equal(reply.statusCode, 503)
    assert.equal(reply.json().code, 'unavailable')
  } finally {
    await lost.stop()
  }
})

test('without an issuer there is nothing to start', async () => {
  const plain = await testServer()
  try {
    assert.equal((await plain.http.inject({ url: '/sign-in/oidc' })).statusCode, 404)
    assert.equal((await plain.http.inject({ url: '/api/sign-in' })).json().oidc, null)
  } finally {
    await plain.stop()
  }
})
