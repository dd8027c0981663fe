/** Signing in with a passkey: an answer counts once, and who only asks leaves nothing behind. */
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let team: SeededTeam
const CREDENTIAL = randomBytes(16).toString('base64url')
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** RFC 9053 section 7.1.1: an ES256 key as a COSE map. */
const coseKey = (): Buffer => {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const head = Buffer.from('a5010203262001215820', 'hex')
  return Buffer.concat([
    head,
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ])
}

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  await server.platform.database.db.transaction().execute(async (db) => {
    // Planted: no browser is here that could register it.
    await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(db)
    await db
      .insertInto('passkeys')
      .values({
        id: CREDENTIAL,
        account_id: team.engineers[0].id,
        name: 'test',
        public_key: coseKey(),
        counter: 0,
        transports: [],
        created_at: server.clock.now(),
        used_at: null,
      })
      .execute()
  })
})
after(() => server.stop())

const post = (url: string, payload?: object) =>
  server.http.inject({ method: 'POST', url, ...(payload ? { payload } : {}) })
const sha256 = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest()

const ask = async (): Promise<{ challenge: string; options: { challenge: string } }> => {
  const reply = await post('/api/session/passkey/options')
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.json()
}

/** What an authenticator answers: user present and verified, no counter. */
const answerTo = (challenge: string): object => {
  const client = Buffer.from(
    JSON.stringify({ type: 'webauthn.get', challenge, origin: 'http://fortnight.test', crossOrigin: false }),
  )
  const authenticator = Buffer.concat([sha256('fortnight.test'), Buffer.from('0500000000', 'hex')])
  const signature = sign('sha256', Buffer.concat([authenticator, sha256(client)]), privateKey)
  const response = {
    clientDataJSON: client.toString('base64url'),
    authenticatorData: authenticator.toString('base64url'),
    signature: signature.toString('base64url'),
  }
  return { id: CREDENTIAL, rawId: CREDENTIAL, type: 'public-key', clientExtensionResults: {}, response }
}
const tokens = async (): Promise<number> =>
  (await server.platform.database.db.selectFrom('one_time_tokens').select('purpose').execute()).length

test('an answer signs in once, however its challenge is spelled the second time, and of two at once one', async () => {
  const { challenge, options } = await ask()
  const response = answerTo(options.challenge)
  const replies = await Promise.all([1, 2].map(() => post('/api/session/passkey', { challenge, response })))
  assert.deepEqual(replies.map(({ statusCode }) => statusCode).sort(), [200, 410])
  for (const spelling of [challenge, `${challenge}=`, `${challenge}.`, challenge.replaceAll('-', '+')])
    assert.equal(
      (await post('/api/session/passkey', { challenge: spelling, response })).statusCode,
      410,
      spelling,
    )
})

test('the answer to one challenge is none to another, and a challenge ends after five minutes', async () => {
  const [first, second] = [await ask(), await ask()]
  const crossed = { challenge: first.challenge, response: answerTo(second.options.challenge) }
  assert.equal((await post('/api/session/passkey', crossed)).statusCode, 401)
  server.clock.advance(5 * 60_000)
  const late = { challenge: first.challenge, response: answerTo(first.options.challenge) }
  assert.equal((await post('/api/session/passkey', late)).json().code, 'link-expired')
  const made = { challenge: 'made-up', response: answerTo(first.options.challenge) }
  assert.equal((await post('/api/session/passkey', made)).json().code, 'link-expired')
})

test('asking for challenges stores nothing, however often anybody asks', async () => {
  const before = await tokens()
  for (let n = 0; n < 20; n++) await ask()
  assert.equal(await tokens(), before)
})
