/** Bad input, wrong addresses and our own breakdowns each get one clear answer, with the same headers on all of them. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import { defineRoutes } from '../../../contract/route.ts'
import { prose } from '../../../contract/shapes.ts'
import { Fault } from '../faults.ts'
import { person, platformAlone, type PlatformAlone } from '../platform-alone.fixture.ts'
import { asAnybody, being } from './as-anybody.fixture.ts'
import { bind } from './bind.ts'
import { openHttp } from './server.ts'
import { unstorableIn } from './storable.ts'

const ada = person('01890000-0000-7000-8000-00000000000a', 'engineer')
const SECRET = 'postgres://ada:hunter2@db/secret table "customers"'
const open = { permission: 'public', summary: '' } as const
const routes = defineRoutes({
  echo: {
    ...open,
    method: 'POST',
    path: '/api/echo',
    body: z.object({ text: prose(100), more: z.unknown().optional() }),
    reply: z.unknown(),
  },
  find: {
    ...open,
    method: 'GET',
    path: '/api/things/:name',
    params: z.object({ name: z.string() }),
    query: z.object({ limit: z.coerce.number().int().optional(), words: z.string().optional() }),
    reply: z.unknown(),
  },
  change: {
    ...open,
    method: 'PUT',
    path: '/api/things/:name',
    params: z.object({ name: z.string() }),
    reply: z.unknown(),
  },
  breakDown: { ...open, method: 'GET', path: '/api/broken', reply: z.unknown() },
  breakPage: { ...open, method: 'GET', path: '/broken', reply: z.unknown() },
  failQuery: { ...open, method: 'GET', path: '/api/failing-query', reply: z.unknown() },
  refuse: { ...open, method: 'GET', path: '/pages/refused', reply: z.unknown() },
  upload: {
    method: 'POST',
    path: '/api/uploads',
    permission: 'self.change',
    summary: '',
    reply: z.unknown(),
    bodyLimit: 8 * 1024 * 1024,
  },
  mine: { method: 'GET', path: '/api/mine', permission: 'self.read', summary: '', reply: z.unknown() },
  administer: {
    method: 'GET',
    path: '/api/administer',
    permission: 'accounts.change',
    summary: '',
    reply: z.unknown(),
  },
})

let alone: PlatformAlone
let http: FastifyInstance
let address: { port: number }

before(async () => {
  alone = await platformAlone()
  http = openHttp(alone.platform, asAnybody)
  bind(http, routes, {
    echo: async (_ctx, { text, more }) => ({ text, more }),
    find: async (_ctx, input) => input,
    change: async (_ctx, { name }) => ({ name }),
    breakDown: async () => {
      throw new Error(SECRET)
    },
    breakPage: async () => {
      throw new Error(SECRET)
    },
    failQuery: async ({ platform }) => {
      await sql`select * from ${sql.raw('no_such_table')} where secret = 'hunter2'`.execute(
        platform.database.db,
      )
      return {}
    },
    refuse: async () => {
      throw new Fault('not-allowed', 'This needs <b>more</b> than you have.')
    },
    upload: async (_ctx, _input, request) => ({ bytes: (request.body as Buffer).length }),
    mine: async () => ({}),
    administer: async () => ({}),
  })
  await http.listen({ port: 0, host: '127.0.0.1' })
  address = http.server.address() as { port: number }
})
after(async () => {
  await http.close()
  await alone.stop()
})

type Problem = {
  type: string
  code: string
  title: string
  status: number
  detail: string
  requestId: string
  errors?: { path: string; detail: string }[]
}
const isProblem = (response: LightMyRequestResponse, status: number, code: string): Problem => {
  assert.equal(response.statusCode, status, response.body)
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/)
  const problem = response.json<Problem>()
  assert.equal(problem.code, code)
  assert.equal(problem.status, status)
  assert.equal(problem.type, `urn:fortnight:error:${code}`)
  assert.equal(problem.requestId, response.headers['x-request-id'])
  assert.ok(problem.title.length > 0 && problem.detail.length > 0)
  assert.equal(response.headers['cache-control'], 'no-store')
  return problem
}
const post = (payload: string | Buffer, type = 'application/json') =>
  http.inject({ method: 'POST', url: '/api/echo', payload, headers: { 'content-type': type } })

test('malformed JSON: where it is broken, and none of it repeated', async () => {
  const problem = isProblem(await post('{\n "text": "hunter2" oops }'), 400, 'bad-request')
  assert.match(problem.detail, /line 2 column/)
  assert.doesNotMatch(problem.detail, /hunter2/)
  for (const body of ['{', '"', '{"a":1}}', 'undefined', "{'a': 1}", '\u0000'])
    isProblem(await post(body), 400, 'bad-request')
})

test('bytes that are not UTF-8 are refused instead of being replaced', async () => {
  isProblem(await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 400, 'bad-request')
})

test('a byte order mark and an empty body are taken as clients mean them', async () => {
  assert.equal((await post('\ufeff{"text":"x"}')).statusCode, 200)
  isProblem(await post(''), 422, 'invalid-input')
})

test('a body that is too large is refused, also when it does not say its length', async () => {
  const large = JSON.stringify({ text: 'x'.repeat(1024 * 1024) })
  isProblem(await post(large), 413, 'too-large')
  const reply = await fetch(`http://127.0.0.1:${address.port}/api/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit)
  assert.equal(reply.status, 413)
})

/** Sends the head of a request alone and waits for what is answered to it. */
const answerToHead = (lines: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(address.port, '127.0.0.1')
    socket.once('data', (bytes) => {
      resolve(bytes.toString())
      socket.destroy()
    })
    socket.once('error', reject)
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  })

test('of a large body not a byte is waited for before it is known that its sender may send it', async () => {
  const head = [
    'POST /api/uploads HTTP/1.1',
    'host: fortnight.test',
    'content-type: application/octet-stream',
  ]
  for (const size of ['content-length: 4000000', 'transfer-encoding: chunked'])
    assert.match(await answerToHead([...head, size]), /^HTTP\/1\.1 401 /, size)
  const auditor = person('01890000-0000-7000-8000-00000000000b')
  assert.match(
    await answerToHead([...head, 'content-length: 4000000', `x-test-actor: ${JSON.stringify(auditor)}`]),
    /^HTTP\/1\.1 403 /,
  )
  const sent = await http.inject({
    method: 'POST',
    url: '/api/uploads',
    headers: { ...being(ada), 'content-type': 'application/octet-stream' },
    payload: Buffer.alloc(4_000_000),
  })
  assert.deepEqual(sent.json(), { bytes: 4_000_000 })
})

test('millions of small values are looked through in the time it takes to read them, faults named all the same', () => {
  const text = `{"list":[${'0,'.repeat(2_000_000)}"\\u0000"]}`
  const started = performance.now()
  const input = JSON.parse(text) as unknown
  const readMs = performance.now() - started
  assert.deepEqual(
    unstorableIn('body', input).map(({ path }) => path),
    ['body.list.2000000'],
  )
  const walkedMs = performance.now() - started - readMs
  assert.ok(walkedMs < 10 * readMs + 100, `${walkedMs} ms to walk what was read in ${readMs} ms`)
})

test('behind a proxy a caller is where the proxy saw them, whatever they wrote into the header themselves', async () => {
  const seenThrough = async (setting: string): Promise<string> => {
    const { platform } = alone
    const behind = openHttp({ ...platform, config: { ...platform.config, TRUST_PROXY: setting } }, asAnybody)
    behind.get('/address', (request) => request.ctx().then(({ address: seen }) => seen))
    const headers = { 'x-forwarded-for': '192.0.2.66, 198.51.100.7, 10.0.0.2' }
    const reply = await behind.inject({ url: '/address', headers, remoteAddress: '10.0.0.1' })
    await behind.close()
    return reply.body
  }
  assert.equal(await seenThrough('false'), '10.0.0.1')
  assert.equal(await seenThrough('true'), '10.0.0.2')
  assert.equal(await seenThrough('2'), '198.51.100.7')
})

test('nesting without end is refused and exhausts nothing', async () => {
  for (const depth of [33, 5_000, 400_000]) {
    const body = `{"text":"x","more":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const problem = isProblem(await post(body), 422, 'invalid-input')
    assert.match(problem.detail, /nested deeper than 32/)
  }
  assert.equal((await post(`{"text":"x","more":${'['.repeat(30)}${']'.repeat(30)}}`)).statusCode, 200)
})

test('the wrong type of a field is named with its place', async () => {
  const problem = isProblem(await post('{"text": 3}'), 422, 'invalid-input')
  assert.equal(problem.errors?.[0]?.path, 'body.text')
  for (const body of ['[]', '3', 'null', '"text"', '{}']) isProblem(await post(body), 422, 'invalid-input')
  isProblem(await http.inject('/api/things/x?limit=many'), 422, 'invalid-input')
})

test('NUL, half characters and numbers beyond JSON never reach the database, wherever they stand', async () => {
  for (const body of [
    '{"text":"a\\u0000b"}',
    '{"text":"x","more":{"deep":["ok","a\\u0000b"]}}',
    '{"text":"x","more":{"a\\u0000b":1}}',
    '{"text":"x","more":"\\ud800"}',
    '{"text":"x","more":1e999}',
    '{"text":"x","more":{"__proto__":{"admin":true}}}',
  ])
    isProblem(await post(body), 422, 'invalid-input')
  isProblem(await http.inject('/api/things/a%00b'), 422, 'invalid-input')
  isProblem(await http.inject('/api/things/x?words=%00'), 422, 'invalid-input')
  const emoji = await post(JSON.stringify({ text: 'x', more: '👩‍🚀 ok' }))
  assert.equal(emoji.json<{ more: string }>().more, '👩‍🚀 ok')
})

test('a content type that is not ours is told so', async () => {
  isProblem(await post('<a/>', 'application/xml'), 415, 'unsupported-media-type')
  isProblem(await post('text', 'text/plain'), 422, 'invalid-input')
})

test('an address where nothing is, and one that answers other methods', async () => {
  isProblem(await http.inject('/api/nothing'), 404, 'not-found')
  isProblem(await http.inject({ method: 'POST', url: '/api/nothing' }), 404, 'not-found')
  const wrongMethod = await http.inject({ method: 'DELETE', url: '/api/things/x?limit=3' })
  isProblem(wrongMethod, 405, 'method-not-allowed')
  assert.equal(wrongMethod.headers['allow'], 'GET, HEAD, PUT')
  isProblem(await http.inject('/api/echo'), 405, 'method-not-allowed')
  isProblem(await http.inject('/api/%zz'), 400, 'bad-request')
  isProblem(await http.inject(`/api/things/${'x'.repeat(6_145)}`), 400, 'bad-request')
})

test('HEAD is answered as GET without a body', async () => {
  const head = await http.inject({ method: 'HEAD', url: '/api/things/x' })
  assert.equal(head.statusCode, 200)
  assert.equal(head.body, '')
  assert.equal((await http.inject({ method: 'HEAD', url: '/api/nothing' })).statusCode, 404)
})

test('whoever is not signed in is told how, whoever may not is told what is missing', async () => {
  const anonymous = await http.inject('/api/mine')
  isProblem(anonymous, 401, 'not-signed-in')
  assert.equal(anonymous.headers['www-authenticate'], 'Bearer')
  const refused = isProblem(
    await http.inject({ url: '/api/administer', headers: being(ada) }),
    403,
    'not-allowed',
  )
  assert.match(refused.detail, /accounts\.change/)
  isProblem(
    await http.inject({ url: '/api/mine', headers: { authorization: 'Bearer wrong' } }),
    401,
    'wrong-credentials',
  )
})

test('our own breakdown says nothing of itself', async () => {
  for (const url of ['/api/broken', '/api/failing-query']) {
    const response = await http.inject(url)
    isProblem(response, 500, 'unexpected')
    assert.doesNotMatch(response.body, /hunter2|customers|no_such_table|Error|at /)
  }
})

test('a person in a browser gets a page with the same words and the id to quote, and nothing in it is trusted', async () => {
  const accept = 'text/html,application/xhtml+xml'
  const refused = await http.inject({ url: '/pages/refused', headers: { accept } })
  assert.equal(refused.statusCode, 403)
  assert.match(String(refused.headers['content-type']), /^text\/html/)
  assert.match(refused.body, /You may not do this/)
  assert.match(refused.body, /&lt;b&gt;more&lt;\/b&gt;/)
  assert.match(refused.body, new RegExp(`Request ${String(refused.headers['x-request-id'])}`))
  const broken = await http.inject({ url: '/broken', headers: { accept } })
  assert.equal(broken.statusCode, 500)
  assert.doesNotMatch(broken.body, /hunter2/)
  isProblem(await http.inject({ url: '/api/broken', headers: { accept } }), 500, 'unexpected')
})

const SECURITY = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'x-request-id',
]

test('security headers and a request id are on every reply, errors of every kind included', async () => {
  const replies = [
    await http.inject('/api/things/x'),
    await http.inject('/api/nothing'),
    await http.inject('/api/%zz'),
    await http.inject('/api/broken'),
    await http.inject({ method: 'DELETE', url: '/api/things/x' }),
    await post('{'),
    await post('x'.repeat(2 * 1024 * 1024)),
    await http.inject({ url: '/broken', headers: { accept: 'text/html' } }),
    await http.inject({ method: 'PUT', url: '/api/things/x', headers: { 'sec-fetch-site': 'cross-site' } }),
  ]
  const ids = new Set<string>()
  for (const { headers } of replies) {
    for (const name of SECURITY) assert.ok(headers[name], name)
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/)
    ids.add(String(headers['x-request-id']))
  }
  assert.equal(ids.size, replies.length)
})

/** What the server answers to these bytes on a bare connection. */
const answerTo = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(address.port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })

test('bytes that are not HTTP, and headers without end, are answered as problems and the connection ends', async () => {
  const rubbish = await answerTo('RUBBISH\r\n\r\n')
  assert.match(rubbish, /^HTTP\/1\.1 400 /)
  const endless = await answerTo(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`)
  assert.match(endless, /^HTTP\/1\.1 413 /)
  for (const answer of [rubbish, endless]) {
    assert.match(answer, /application\/problem\+json/)
    assert.match(answer, /x-content-type-options: nosniff/)
    assert.match(answer, /"requestId":"[\w-]{12}"/)
  }
})

type Sent = Record<string, string>
const put = (headers: Sent) => http.inject({ method: 'PUT', url: '/api/things/x', headers })
const HOST = { host: 'fortnight.test' }

test('a foreign page can change nothing, signed in or not; our own pages and programs can', async () => {
  const cookie = 'fortnight_session=x'
  const refused: Sent[] = [
    { cookie, 'sec-fetch-site': 'cross-site' },
    { cookie, 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { cookie, ...HOST, origin: 'https://evil.example' },
    { cookie, ...HOST, origin: 'null' },
    // Where the browser sends no fetch metadata (plain http): signing a visitor in as somebody else needs no cookie.
    { ...HOST, origin: 'http://evil.example' },
    { ...HOST, origin: 'null' },
  ]
  for (const headers of refused) isProblem(await put(headers), 403, 'cross-site-refused')
  const accepted: Sent[] = [
    {},
    { cookie },
    { cookie, 'sec-fetch-site': 'same-origin' },
    { cookie, 'sec-fetch-site': 'none' },
    { cookie, ...HOST, origin: 'http://fortnight.test' },
    // Behind a proxy that speaks TLS, the origin is that of BASE_URL.
    { cookie, host: '10.0.0.1:4280', origin: 'http://fortnight.test' },
    // No page can make a browser add a token.
    { ...HOST, origin: 'http://tool.example', authorization: 'Bearer token' },
  ]
  for (const headers of accepted) assert.equal((await put(headers)).statusCode, 200, JSON.stringify(headers))
  const foreignRead = await http.inject({
    url: '/api/things/x',
    headers: { cookie, 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(foreignRead.statusCode, 200)
})

test('what the database cannot store is the sender’s fault even where no shape caught it', async () => {
  const { toFault } = await import('../faults.ts')
  for (const code of ['22021', '22P05'])
    assert.equal(toFault(Object.assign(new Error('x'), { code })).code, 'invalid-input')
})

test('under test a reply that says more or less than its contract is a failure', async () => {
  const strict = openHttp(alone.platform, asAnybody)
  const reply = z.object({ rows: z.array(z.object({ name: z.string() })) })
  const route = (path: string) => ({ ...open, method: 'GET', path, reply }) as const
  const table = defineRoutes({
    right: route('/api/right'),
    more: route('/api/more'),
    less: route('/api/less'),
  })
  bind(strict, table, {
    right: async () => ({ rows: [{ name: 'x' }] }),
    more: async () => ({ rows: [{ name: 'x', passwordHash: 'y' }] }),
    less: async () => ({}) as never,
  })
  assert.equal((await strict.inject('/api/right')).statusCode, 200)
  assert.equal((await strict.inject('/api/more')).statusCode, 500)
  assert.equal((await strict.inject('/api/less')).statusCode, 500)
  await strict.close()
})
