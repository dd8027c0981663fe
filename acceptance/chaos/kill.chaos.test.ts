/** The server is killed at named instants around the commits of the chain and at random ones; what it had promised is there. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startMailServer, type MailServer } from '../../src/server/testing/mail-server.ts'
import { randomFrom } from '../../src/simulator/random.ts'
import { eventually } from '../chain/eventually.ts'
import { brokenPromises } from './checker.ts'
import { openInstallation, type Installation } from './installation.ts'
import { openSenders, type Senders } from './senders.ts'

const PASSWORD = 'correct horse battery staple fortnight'
const seed = Number(process.env['FORTNIGHT_SEED']) || 42
/** At least fifty in every run; more on demand. */
const RANDOM_KILLS = Math.max(50, Number(process.env['FORTNIGHT_KILLS']) || 0)

const POINTS = [
  'observed',
  'alerts.changed',
  'page.requested',
  'page.step-began',
  'page.intended',
  'page.intent-ended',
  'page.acknowledged',
  'decision.proposed',
  'decision.decided',
  'session.opened',
].flatMap((name) => [`before-commit:${name}`, `after-commit:${name}`])

let mail: MailServer
let installation: Installation
let senders: Senders

const json = async (path: string, body: unknown, headers: Record<string, string>): Promise<Response> => {
  const reply = await fetch(`${installation.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  assert.ok(reply.ok, `${path} answered ${reply.status}: ${reply.ok ? '' : await reply.clone().text()}`)
  return reply
}

/** The first administrator, an environment, a key and a token, made once through the API. */
const setUp = async (): Promise<Senders> => {
  const token = await eventually('the setup link', () => /setup\?token=(\S+)/.exec(installation.said())?.[1])
  const made = await json(
    '/api/setup',
    {
      token,
      organisation: 'Example',
      name: 'Ada Example',
      handle: 'ada',
      email: 'ada@example.org',
      password: PASSWORD,
      zone: 'UTC',
    },
    {},
  )
  const cookie = made.headers
    .getSetCookie()
    .map((text) => text.split(';', 1)[0])
    .join('; ')
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  await json('/api/customers', { slug: 'acme', name: 'Acme' }, headers)
  await json('/api/environments', { slug: 'acme-prod', customer: 'acme', name: 'Acme production' }, headers)
  const key = (await (await json('/api/environments/acme-prod/keys', { name: 'chaos' }, headers)).json()) as {
    secret: string
  }
  const own = (await (await json('/api/me/tokens', { name: 'chaos', scopes: ['*'] }, headers)).json()) as {
    secret: string
  }
  return openSenders({ url: installation.url, token: own.secret, key: key.secret })
}

before(async () => {
  mail = await startMailServer()
  installation = await openInstallation({ SMTP_URL: mail.url })
  await installation.start()
  senders = await setUp()
})
after(async () => {
  await installation?.close()
  await mail?.close()
})

test(`killed before and after every commit of the chain (${POINTS.length} named points), nothing that was promised is missing`, async () => {
  const notReached: string[] = []
  for (const point of POINTS) {
    await installation.kill()
    await installation.start(point)
    let dead = false
    for (let round = 0; round < 12 && !dead; round++) {
      await senders.round()
      dead = await installation.died(50)
    }
    if (!dead) notReached.push(point)
  }
  assert.deepEqual(notReached, [], 'every point was reached, or this proves nothing')
  await installation.kill()
  await installation.start()
  assert.deepEqual(await brokenPromises(installation.connectionString, senders.promised), [])
})

test(`killed at ${RANDOM_KILLS} random instants (seed ${seed}), nothing that was promised is missing`, async (t) => {
  const random = randomFrom(seed)
  for (let kill = 0; kill < RANDOM_KILLS; kill++) {
    const rounds = Promise.all([senders.round(), senders.round()])
    // A process that has just started answers its first requests after some hundred milliseconds: die before, amid and after.
    await new Promise((next) => setTimeout(next, random.between(1, 400)))
    await installation.kill()
    await rounds
    await installation.start()
  }
  await senders.round()
  assert.deepEqual(await brokenPromises(installation.connectionString, senders.promised), [])
  const { alerts, decisions, acknowledged, chunks } = senders.promised
  t.diagnostic(
    `promised and kept: ${alerts.size} alerts, ${decisions.size} decisions, ${acknowledged.size} acknowledgements, ${[...chunks.values()].reduce((sum, n) => sum + n, 0)} chunks; ${mail.received.length} mails`,
  )
  assert.ok(alerts.size > 50 && decisions.size > 10 && acknowledged.size > 3)
})
