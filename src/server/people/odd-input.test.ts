/** Whatever is sent to the routes of people, the answer is a clear one: never a fault of ours, and nothing is stored by halves. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { boundRoutes, type BoundRoute } from '../platform/http/bind.ts'
import { seedTeam, type SeededTeam } from '../testing/seed.ts'
import { testServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server.stop())

const ours =
  /^\/(api\/)?(setup|invitation|session|sign-in|me|accounts|customers|environments\/:environment(\/(keys|clusters|archive|restore))?$|environments$|clusters|keys|organisation|configuration|schema)/
const routes = (): readonly BoundRoute[] =>
  boundRoutes(server.http).filter(({ route }) => ours.test(route.path))

/** Values that databases, parsers and terminals trip over. */
const odd: readonly unknown[] = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u001b[31m',
  'x'.repeat(100_000),
  '',
  ' ',
  '__proto__',
  "'; drop table accounts; --",
  '%00',
  0,
  -1,
  1e308,
  null,
  true,
  [],
  [[[[[]]]]],
  {},
  { __proto__: null, constructor: 1 },
]
const fields = [
  'account',
  'password',
  'token',
  'organisation',
  'name',
  'handle',
  'email',
  'zone',
  'locale',
  'kind',
  'roles',
  'customer',
  'slug',
  'current',
  'next',
  'challenge',
  'response',
  'scopes',
  'expiresAt',
  'plan',
  'provider',
  'version',
  'components',
  'commissionedOn',
  'deliveryManager',
  'role',
  'kubeSystemUid',
  'document',
  'dryRun',
  'prune',
]
/** Otherwise right, so that the odd value is what is judged. */
const sound: Record<string, unknown> = {
  account: 'ada',
  password: 'pass phrase of words',
  token: 'x',
  organisation: 'Example',
  name: 'Name',
  handle: 'odd',
  email: 'odd@example.org',
  zone: 'UTC',
  kind: 'staff',
  roles: ['engineer'],
  customer: 'acme',
  slug: 'odd',
  current: 'x',
  next: 'pass phrase of words',
  challenge: 'x',
  response: { id: 'x' },
  scopes: ['*'],
  role: 'workload',
  document: 'version: 1',
  dryRun: true,
}

const send = (bound: BoundRoute, payload: unknown, param: string, query = '') =>
  server.http.inject({
    method: bound.route.method,
    url: bound.route.path.replace(/:\w+/g, encodeURIComponent(param)) + query,
    headers: { authorization: `Bearer ${team.administrator.token}`, 'content-type': 'application/json' },
    ...(bound.route.method === 'GET'
      ? {}
      : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  })

const broken = (bound: BoundRoute, what: unknown, reply: { statusCode: number; body: string }): string[] =>
  reply.statusCode >= 500
    ? [
        `${bound.route.method} ${bound.route.path} ${JSON.stringify(what)?.slice(0, 80)}: ${reply.body.slice(0, 200)}`,
      ]
    : []

test('odd values in any field of any body are refused, not stumbled over', async () => {
  const faults: string[] = []
  for (const bound of routes().filter(({ route }) => route.body)) {
    const shape = JSON.stringify((bound.route.body as { def?: unknown }).def ?? {})
    for (const field of fields) {
      // Only fields that this body has; the rest is ignored or refused alike.
      if (!shape.includes(`"${field}"`)) continue
      for (const value of odd) {
        const payload = { ...sound, [field]: value }
        faults.push(
          ...broken(bound, { [field]: value }, await send(bound, pick(payload, shape), 'acme-prod')),
        )
      }
    }
  }
  assert.deepEqual(faults, [])
})

const pick = (payload: Record<string, unknown>, shape: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(payload).filter(([field]) => shape.includes(`"${field}"`)))

test('bodies that are no JSON, no object, or nested without end are refused', async () => {
  const faults: string[] = []
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
  for (const bound of routes().filter(({ route }) => route.method !== 'GET'))
    for (const payload of ['', '{', 'null', '[]', '"text"', '1', '\u0000', deep])
      faults.push(...broken(bound, payload, await send(bound, payload, 'acme-prod')))
  assert.deepEqual(faults, [])
})

test('odd words in paths and queries are refused or not found', async () => {
  const faults: string[] = []
  const words = ['\u0000', 'a\u0000', '..', '%', 'x'.repeat(290), '\u{1F4A9}', "'", '-']
  for (const bound of routes()) {
    for (const word of words) {
      faults.push(...broken(bound, word, await send(bound, {}, word)))
      const text = encodeURIComponent(word)
      const query = `?after=${text}&limit=${text}&customer=${text}&token=${text}&to=${text}&kind=${text}&state=${text}`
      faults.push(...broken(bound, query, await send(bound, {}, 'acme-prod', query)))
      faults.push(...broken(bound, query, await send(bound, {}, 'acme-prod', `?after=${text}`)))
    }
  }
  assert.deepEqual(faults, [])
})
