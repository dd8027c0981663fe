/** Every bound route for every role, contact, key and stranger: exactly those get in who are meant to. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Role } from '../../domain/people/permissions.ts'
import { boundRoutes, type BoundRoute } from '../platform/http/bind.ts'
import { seedTeam, type SeededTeam } from '../testing/seed.ts'
import { anonymous, testServer, type TestServer } from '../testing/test-server.ts'
import { createAccount } from './accounts/create-account.ts'
import { EXPECTED, ROLE_LETTERS } from './authorisation-expectation.ts'
import { openSession } from './sign-in/open-session.ts'
import { createMyToken } from './tokens/change-tokens.ts'

let server: TestServer
let team: SeededTeam
type Headers = Record<string, string>
/** Headers by letter; asked for anew for each call, because one of the calls signs out. */
const callers = new Map<string, () => Promise<Headers>>()

const sessionOf = async (id: string, role: Role | undefined, customerId: string | null): Promise<Headers> => {
  const row = {
    id,
    kind: role ? ('staff' as const) : ('contact' as const),
    customer_id: customerId,
    roles: role ? [role] : [],
  }
  const secret = await openSession(server.as(anonymous), row, 'demo', { headers: {} })
  return { cookie: `fortnight_session=${secret}` }
}

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  const admin = server.as(team.administrator.actor)
  for (const [letter, role] of Object.entries(ROLE_LETTERS)) {
    const about = { handle: `only-${role}`, name: 'Only Example', email: `only-${role}@example.org` }
    const { id } = await createAccount(admin, { kind: 'staff', ...about, roles: [role] })
    const session = await sessionOf(id, role, null)
    callers.set(letter, async () => session)
  }
  callers.set('C', async () => ({ cookie: team.acmeContact.cookie }))
  callers.set('K', async () => ({ authorization: `Bearer ${team.acmeProd.key}` }))
  callers.set('nobody', async () => ({}))
})
after(() => server.stop())

const keyOf = ({ route }: BoundRoute): string => `${route.method} ${route.path}`
const SOME_ID = '01890000-0000-7000-8000-00000000beef'

const ask = (bound: BoundRoute, headers: Headers, fill: (param: string) => string = () => SOME_ID) =>
  server.http.inject({
    method: bound.route.method,
    url: bound.route.path.replace(/:(\w+)/g, (_all, param: string) => fill(param)),
    headers,
    ...(bound.route.method === 'GET' || bound.route.method === 'DELETE' ? {} : { payload: {} }),
  })

/** What the permission layer says; what comes after it (not found, invalid) is another matter. */
const verdictOf = (reply: { statusCode: number; json: () => { code?: string } }): string => {
  // A foreign dialect has its own words for it, and no code.
  if (reply.statusCode === 401 && ['not-signed-in', 'wrong-key', undefined].includes(reply.json().code))
    return '401'
  if (reply.statusCode === 403) return '403'
  return 'in'
}

test('every route has an expectation, and every expectation a route', () => {
  const bound = boundRoutes(server.http).map(keyOf)
  const missing = bound.filter((key) => EXPECTED[key] === undefined)
  assert.deepEqual(missing, [], `say who may call them in src/server/people/authorisation-expectation.ts`)
  assert.deepEqual(
    Object.keys(EXPECTED).filter((key) => !bound.includes(key)),
    [],
  )
})

test('each role, contact, key and stranger gets in exactly where it is meant to', async () => {
  const wrong: string[] = []
  for (const bound of boundRoutes(server.http)) {
    const expected = EXPECTED[keyOf(bound)] ?? ''
    for (const [letter, headers] of callers) {
      // Signing out must not end the session that the next call is made with.
      if (keyOf(bound) === 'DELETE /api/session') continue
      const own = letter === 'K' ? team.acmeProd.key : SOME_ID
      const reply = await ask(bound, await headers(), (param) => (param === 'key' ? own : SOME_ID))
      const verdict = verdictOf(reply)
      // Where people and keys ask on one address a key is known, and of the wrong kind.
      const isShared = bound.route.path.startsWith('/v2/') && /[A-U]/.test(expected.replace('K', ''))
      const known = (letter !== 'K' || isShared) && letter !== 'nobody'
      // A route for keys answers every other credential alike: it is no key.
      const refusal = known && expected !== 'K' ? '403' : '401'
      const wanted = expected === '-' || expected.includes(letter) ? 'in' : refusal
      const broken = reply.statusCode >= 500 && reply.statusCode !== 503
      if (verdict !== wanted || broken)
        wrong.push(
          `${letter} ${keyOf(bound)}: ${reply.statusCode} ${reply.body.slice(0, 160)}, meant: ${wanted}`,
        )
    }
  }
  assert.deepEqual(wrong, [])
})

test('anybody signed in may sign out, nobody else', async () => {
  const out = (headers: Headers) => server.http.inject({ method: 'DELETE', url: '/api/session', headers })
  assert.equal((await out({})).statusCode, 401)
  const contact = await sessionOf(team.globexContact.id, undefined, team.globex.id)
  assert.equal((await out(contact)).statusCode, 200)
  assert.equal((await out(contact)).statusCode, 401)
})

test('a token with one scope opens the routes of that scope and nothing else, whoever owns it', async () => {
  const admin = server.as(team.administrator.actor)
  const { secret } = await createMyToken(admin, { name: 'narrow', scopes: ['environments.read'] })
  const opened: string[] = []
  for (const bound of boundRoutes(server.http)) {
    if (bound.route.permission === 'public' || EXPECTED[keyOf(bound)] === 'K') continue
    if (verdictOf(await ask(bound, { authorization: `Bearer ${secret}` })) === 'in') opened.push(keyOf(bound))
  }
  assert.deepEqual(opened, ['GET /api/environments', 'GET /api/environments/:environment'])
})

test('credentials that are wrong are an error, never a stranger', async () => {
  const bound = boundRoutes(server.http).find((each) => keyOf(each) === 'GET /api/sign-in')
  const reply = await ask(bound as BoundRoute, { authorization: 'Bearer fnp_made-up-by-a-test' })
  assert.equal(reply.json().code, 'wrong-credentials')
})
