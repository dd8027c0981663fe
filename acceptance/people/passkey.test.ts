/** A passkey in a real Chromium with a virtual authenticator: added once, then it opens the door without name or password. */
import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from 'playwright-core'
import { seedTeam, type SeededTeam } from '../../src/server/testing/seed.ts'
import { testServer, type TestServer } from '../../src/server/testing/test-server.ts'

const executable = process.env['FORTNIGHT_CHROMIUM'] ?? '/usr/bin/chromium'

let server: TestServer
let team: SeededTeam
let browser: Browser
let context: BrowserContext
let page: Page
let authenticator: CDPSession
let authenticatorId: string
let baseUrl: string

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => found(port))
    })
  })

before(async () => {
  const port = await freePort()
  // Passkeys need a host name: browsers refuse them on 127.0.0.1.
  baseUrl = `http://localhost:${port}`
  server = await testServer({ env: { BASE_URL: baseUrl } })
  team = await seedTeam(server)
  await server.http.listen({ port, host: '127.0.0.1' })
  browser = await chromium.launch({
    executablePath: executable,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  context = await browser.newContext()
  page = await context.newPage()
  authenticator = await context.newCDPSession(page)
  await authenticator.send('WebAuthn.enable')
  const added = await authenticator.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  authenticatorId = added.authenticatorId
  await page.goto(`${baseUrl}/setup`)
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const signedInAs = async (cookie: string | undefined): Promise<void> => {
  await context.clearCookies()
  if (cookie === undefined) return
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: baseUrl }])
}

type Answer = { status: number; body: Record<string, unknown> }

/** Runs in the page, as a script of ours would; text, because these sources are typed for the server. */
const inPage = <T>(source: string, given: unknown): Promise<T> =>
  page.evaluate(`(${source})(${JSON.stringify(given)})`)

const call = (method: string, url: string, body?: object): Promise<Answer> =>
  inPage(
    `async ({ method, url, body }) => {
      const headers = body ? { 'content-type': 'application/json' } : {}
      const reply = await fetch(url, { method, headers, body })
      return { status: reply.status, body: await reply.json() }
    }`,
    { method, url, body: body && JSON.stringify(body) },
  )

/** What the browser's half does with our options; the functions are the platform's own. */
const create = (options: unknown): Promise<object> =>
  inPage(
    `async (given) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(given)
      return (await navigator.credentials.create({ publicKey })).toJSON()
    }`,
    options,
  )
const get = (options: unknown): Promise<object> =>
  inPage(
    `async (given) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(given)
      return (await navigator.credentials.get({ publicKey })).toJSON()
    }`,
    options,
  )

const addPasskey = async (name: string): Promise<Answer> => {
  const { body } = await call('POST', '/api/me/passkeys/options')
  return call('POST', '/api/me/passkeys', {
    name,
    challenge: body['challenge'],
    response: await create(body['options']),
  })
}
const answerChallenge = async (): Promise<object> => {
  const { body } = await call('POST', '/api/session/passkey/options')
  return { challenge: body['challenge'], response: await get(body['options']) }
}
const handle = async (): Promise<unknown> => {
  const { body } = await call('GET', '/api/me')
  return (body['account'] as { handle?: string } | undefined)?.handle
}

test('a passkey is added while signed in, and then signs in alone, as often as one likes', async () => {
  await signedInAs(team.engineers[0].cookie)
  const added = await addPasskey('Bo’s laptop')
  assert.equal(added.status, 201, JSON.stringify(added.body))
  for (let time = 0; time < 2; time++) {
    await signedInAs(undefined)
    assert.equal(await handle(), undefined)
    const reply = await call('POST', '/api/session/passkey', await answerChallenge())
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
    assert.equal(await handle(), 'bo')
  }
  const { body } = await call('GET', '/api/me/passkeys')
  const [passkey] = body['rows'] as { name: string; usedAt: number | null }[]
  assert.equal(passkey?.name, 'Bo’s laptop')
  assert.equal(passkey?.usedAt, server.clock.now())
})

test('an answer counts once, and only to its own fresh challenge', async () => {
  await signedInAs(undefined)
  const answer = await answerChallenge()
  assert.equal((await call('POST', '/api/session/passkey', answer)).status, 200)
  await signedInAs(undefined)
  assert.equal((await call('POST', '/api/session/passkey', answer)).status, 410, 'a second time')
  const { body } = await call('POST', '/api/session/passkey/options')
  const moved = await call('POST', '/api/session/passkey', { ...answer, challenge: body['challenge'] })
  assert.equal(moved.status, 401, 'an old answer to a new challenge')
  const late = await answerChallenge()
  server.clock.advance(5 * 60 * 1000)
  assert.equal((await call('POST', '/api/session/passkey', late)).status, 410, 'five minutes later')
})

test('an authenticator that did not verify its person is not enough', async () => {
  await signedInAs(undefined)
  const { body } = await call('POST', '/api/session/passkey/options')
  const asked = { ...(body['options'] as object), userVerification: 'discouraged' }
  await authenticator.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  const response = await get(asked)
  await authenticator.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  const reply = await call('POST', '/api/session/passkey', { challenge: body['challenge'], response })
  assert.equal(reply.body['code'], 'wrong-credentials')
})

test('a challenge made for one person adds no passkey to another', async () => {
  await signedInAs(team.engineers[1].cookie)
  const { body } = await call('POST', '/api/me/passkeys/options')
  const response = await create(body['options'])
  await signedInAs(team.engineers[2].cookie)
  const reply = await call('POST', '/api/me/passkeys', {
    name: 'Not mine',
    challenge: body['challenge'],
    response,
  })
  assert.equal(reply.status, 410)
})

test('a contact adds and uses a passkey under their own confinement', async () => {
  await signedInAs(team.acmeContact.cookie)
  assert.equal((await addPasskey('Gus’ key')).status, 201)
  const { body } = await call('GET', '/api/me/passkeys')
  assert.equal((body['rows'] as unknown[]).length, 1, 'only their own')
})

test('a removed passkey, or one of an archived account, opens nothing', async () => {
  await authenticator.send('WebAuthn.clearCredentials', { authenticatorId })
  await signedInAs(team.auditor.cookie)
  const added = await addPasskey('Lost')
  const answer = await answerChallenge()
  assert.equal((await call('DELETE', `/api/me/passkeys/${String(added.body['id'])}`)).status, 200)
  assert.equal((await call('POST', '/api/session/passkey', answer)).status, 401)
  await authenticator.send('WebAuthn.clearCredentials', { authenticatorId })
  assert.equal((await addPasskey('Another')).status, 201)
  const archived = await server.http.inject({
    method: 'POST',
    url: `/api/accounts/${team.auditor.id}/archive`,
    headers: { authorization: `Bearer ${team.administrator.token}` },
  })
  assert.equal(archived.statusCode, 200)
  await signedInAs(undefined)
  assert.equal((await call('POST', '/api/session/passkey', await answerChallenge())).status, 401)
})
