/** Whatever a request carries, and however it fails, no secret of it is found in any line of the log. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import { defineRoutes } from '../../contract/route.ts'
import { Fault } from './faults.ts'
import { asAnybody } from './http/as-anybody.fixture.ts'
import { bind, declareRoute } from './http/bind.ts'
import { openHttp } from './http/server.ts'
import { hideSecrets, openLog } from './log.ts'
import { platformAlone, type PlatformAlone } from './platform-alone.fixture.ts'
import { systemCtx } from './context.ts'
import { record } from './record.ts'
import { openTaskRunner } from './tasks/runner.ts'
import { defineTask } from './tasks/task.ts'

const lines: string[] = []
const fresh = (prefix = ''): string => `${prefix}${randomBytes(18).toString('hex')}`
let alone: PlatformAlone
let http: FastifyInstance

const open = { permission: 'public', summary: '', reply: z.unknown() } as const
const way = z.enum(['works', 'refuses', 'breaks', 'fails in the database'])
const routes = defineRoutes({
  send: {
    ...open,
    method: 'POST',
    path: '/api/tried/:way',
    params: z.object({ way }),
    query: z.object({ token: z.string().optional() }),
    body: z.object({ password: z.string(), list: z.array(z.string()) }),
  },
})

before(async () => {
  alone = await platformAlone({ log: openLog('debug', 'test', { write: (line) => void lines.push(line) }) })
  http = openHttp(alone.platform, asAnybody)
  bind(http, routes, {
    send: async ({ platform }, { way, password }) => {
      if (way === 'refuses') throw new Fault('wrong-credentials', 'No.')
      if (way === 'breaks') throw new Error('something broke')
      if (way === 'fails in the database')
        await sql`select 1 from no_such_table where password = ${password}`.execute(platform.database.db)
      return {}
    },
  })
  // As the intake of Alertmanager does: the key is a segment of the path.
  const byPath = { ...open, method: 'POST', path: '/integrations/alertmanager/:key' } as const
  declareRoute(http, 'byPath', byPath)
  http.post(byPath.path, async () => {
    throw new Error('the intake broke')
  })
  await http.ready()
})
after(async () => {
  await http.close()
  await alone.stop()
})

test('secrets in headers, body, query and path leave no trace, whether a request works, is refused or breaks', async () => {
  const secrets: string[] = []
  const secret = (prefix = ''): string => {
    const made = fresh(prefix)
    secrets.push(made)
    return made
  }
  for (const name of way.options) {
    const response = await http.inject({
      method: 'POST',
      url: `/api/tried/${encodeURIComponent(name)}?token=${secret()}`,
      headers: {
        authorization: `Bearer ${secret('fnp_')}`,
        cookie: `fortnight_session=${secret()}`,
        'x-api-key': secret(),
        'idempotency-key': secret(),
        'user-agent': secret(),
      },
      payload: { password: secret(), list: [secret('fni_')] },
    })
    assert.ok(response.statusCode >= 200)
  }
  await http.inject({
    method: 'POST',
    url: `/integrations/alertmanager/${secret('fni_')}`,
    payload: { labels: secret() },
  })
  await http.inject({
    method: 'POST',
    url: '/api/tried/works',
    headers: { 'content-type': 'application/json' },
    payload: `{"password": "${secret()}`,
  })
  await http.inject(`/nothing/${secret()}?key=${secret()}`)
  await http.inject(`/%zz${secret()}`)
  assert.ok(lines.length >= 8, `${lines.length} lines`)
  for (const line of lines) {
    JSON.parse(line)
    for (const hidden of secrets) assert.ok(!line.includes(hidden), line)
  }
})

test('a request that fails on our side is found in the log by the id that its reply quotes', async () => {
  const response = await http.inject({
    method: 'POST',
    url: '/api/tried/breaks',
    payload: { password: 'x', list: [] },
  })
  const { requestId } = response.json<{ requestId: string }>()
  const found = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['requestId'] === requestId)
  const failure = found.find((line) => line['level'] === 50)
  assert.equal(failure?.['route'], '/api/tried/:way')
  assert.match(String(failure?.['err']), /something broke/)
})

const leak = defineTask<{ secret: string }>('test.leak', {
  lane: 'ordinary',
  run: async (_ctx, { secret }) => {
    throw new Error(`cannot reach smtp://ada:${secret}@mail.example with Bearer ${secret} and fnp_${secret}`)
  },
})

test('an error that quotes a token or an address with a password is logged without it', async () => {
  const secret = fresh()
  await record(systemCtx(alone.platform, 'test'), async (tx) => tx.later(leak, { payload: { secret } }))
  await openTaskRunner(alone.platform, ['ordinary']).drain()
  const line = lines.find((text) => text.includes('test.leak'))
  assert.ok(line)
  assert.ok(!line.includes(secret), line)
  assert.match(line, /smtp:\/\/ada:‹hidden›@mail\.example/)
})

test('fields that are named like secrets are hidden wherever they hang', () => {
  const written: string[] = []
  const log = openLog('info', 'test', { write: (line) => void written.push(line) })
  const secret = fresh()
  log.info(
    { password: secret, config: { token: secret }, headers: { authorization: secret, cookie: secret } },
    'said',
  )
  assert.ok(!written.join('').includes(secret))
  assert.equal(written.length, 1)
})

test('what is no secret is left as it is', () => {
  for (const text of [
    '{"msg":"fn_x and https://example.org/path @home"}',
    'postgres://db/fortnight',
    'Bearers of news',
  ])
    assert.equal(hideSecrets(text), text)
})

test('a long word of a stranger in an error costs its length, not its square', () => {
  for (const unit of ['a', 'a.', 'x://', 'a://b', 'fnp_', 'Basic ']) {
    const startedAt = performance.now()
    hideSecrets(unit.repeat(200_000 / unit.length))
    assert.ok(performance.now() - startedAt < 5_000, unit)
  }
  const address = `postgres://ada:${'s3cret'.repeat(100)}@db/fortnight`
  assert.equal(hideSecrets(address), 'postgres://ada:‹hidden›@db/fortnight')
})
