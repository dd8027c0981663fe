/** Settings: safe without any, all faults at once, and no secret in what is said about them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigFault, readConfig, settings } from './config.ts'

const faultsOf = (env: Record<string, string>): string => {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof ConfigFault)
    return error.message
  }
  return assert.fail('no fault')
}

test('without any setting it serves this machine only, from the embedded database, and sends no mail', () => {
  const config = readConfig({})
  assert.equal(config.PORT, 4280)
  assert.equal(config.HOST, '127.0.0.1')
  assert.equal(config.baseUrl, 'http://localhost:4280')
  assert.equal(config.DATABASE_URL, undefined)
  assert.equal(config.SMTP_URL, undefined)
  assert.equal(config.TRUST_PROXY, 'false')
})

test('empty values count as unset, as compose files write them', () => {
  assert.deepEqual(
    readConfig(Object.fromEntries(Object.keys(settings).map((name) => [name, '']))),
    readConfig({}),
  )
})

test('links lead to the given port, and a base address has no slash at its end', () => {
  assert.equal(readConfig({ PORT: '8080' }).baseUrl, 'http://localhost:8080')
  assert.equal(
    readConfig({ BASE_URL: 'https://on-call.example.org//' }).baseUrl,
    'https://on-call.example.org',
  )
})

test('all faults are told at once, each with the setting’s own sentence', () => {
  const message = faultsOf({
    PORT: 'many',
    DATABASE_POOL: '1',
    LOG_LEVEL: 'loud',
    BASE_URL: 'here',
    FORTNIGHT_ROLES: 'web,cook',
    SEAL_SECONDS: '61',
    TRUST_PROXY: 'yes',
  })
  const [first, ...lines] = message.split('\n')
  assert.match(first ?? '', /7 fault/)
  assert.equal(lines.length, 7)
  for (const name of [
    'PORT',
    'DATABASE_POOL',
    'LOG_LEVEL',
    'BASE_URL',
    'FORTNIGHT_ROLES',
    'SEAL_SECONDS',
    'TRUST_PROXY',
  ] as const) {
    const line = lines.find((text) => text.startsWith(`${name}:`))
    assert.ok(line?.includes(settings[name].about), name)
  }
})

test('a secret that is not usable is not repeated', () => {
  const message = faultsOf({ DATABASE_URL: 'mysql://ada:hunter2@db', SMTP_URL: 'hunter2' })
  assert.doesNotMatch(message, /hunter2/)
  assert.match(message, /DATABASE_URL: its value/)
})

test('settings that need each other are held together', () => {
  assert.match(faultsOf({ OIDC_ISSUER: 'https://id.example.org' }), /OIDC_ISSUER needs OIDC_CLIENT_ID/)
  assert.match(faultsOf({ OIDC_CLIENT_ID: 'x' }), /OIDC_CLIENT_ID needs OIDC_ISSUER/)
})

test('every setting has a sentence, and what holds a password or a key is marked secret', () => {
  for (const [name, { about, ...rest }] of Object.entries(settings)) {
    assert.match(about, /^\S.*\.$/, name)
    if (/_URL$|SECRET|PASSWORD|TOKEN/.test(name) && name !== 'BASE_URL') assert.ok('secret' in rest, name)
  }
})

test('a gateway of text messages without a token is refused: its callbacks could be signed by anybody', () => {
  const without = { SMS_GATEWAY: 'twilio://AC00000000@api.twilio.com', SMS_FROM: '+15005550006' }
  assert.match(faultsOf(without), /account and token/)
  readConfig({ ...without, SMS_GATEWAY: 'twilio://AC00000000:token@api.twilio.com' })
})
