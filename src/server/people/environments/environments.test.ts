/** Environments, clusters, customers, keys and tokens: each change in the right ledger, nothing seen by the wrong customer. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bodyOf } from '../../platform/event-body.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { integrationOf } from './integration-key.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server.stop())

type By = { token?: string; cookie?: string }
const call = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  by: By = { token: team.deliveryManager.token },
) =>
  server.http.inject({
    method,
    url,
    headers: {
      ...(by.token ? { authorization: `Bearer ${by.token}` } : {}),
      ...(by.cookie ? { cookie: by.cookie } : {}),
    },
    ...(payload ? { payload } : {}),
  })
const query = async <Row>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await server.platform.database.pool.query(sql, values)).rows as Row[]

test('an environment begins with a ledger log of its own, and its first event is in it', async () => {
  const made = await call('POST', '/api/environments', {
    customer: 'acme',
    slug: 'acme-dev',
    name: 'Acme development',
    deliveryManager: 'emil',
    commissionedOn: '2026-11-01',
  })
  assert.equal(made.statusCode, 201, made.body)
  const environment = made.json()
  assert.equal(environment.deliveryManager.name, 'Emil Example')
  const [log] = await query<{ id: string; origin: string; customer_id: string }>(
    'select * from ledger_logs where environment_id = $1',
    [environment.id],
  )
  assert.equal(log?.origin, `fortnight.fortnight.test/l/${log?.id}`)
  assert.equal(log?.customer_id, team.acme.id)
  const events = await query<{ type: string; log_id: string; customer_id: string }>(
    'select e.type, p.log_id, e.customer_id from events e join ledger_pending p on p.id = e.id where e.environment_id = $1',
    [environment.id],
  )
  assert.deepEqual(events, [{ type: 'environment.created', log_id: log?.id, customer_id: team.acme.id }])
})

test('a failed creation leaves neither environment nor log behind', async () => {
  const before = await query('select 1 from ledger_logs')
  const twice = await call('POST', '/api/environments', {
    customer: 'globex',
    slug: 'acme-prod',
    name: 'Stolen name',
  })
  assert.equal(twice.json().code, 'already-exists')
  assert.equal(
    (await call('POST', '/api/environments', { customer: 'nobody', slug: 'x', name: 'X' })).statusCode,
    404,
  )
  assert.equal(
    (
      await call('POST', '/api/environments', {
        customer: 'acme',
        slug: 'y',
        name: 'Y',
        deliveryManager: 'gus',
      })
    ).statusCode,
    404,
    'a contact manages nothing',
  )
  assert.deepEqual((await query('select 1 from ledger_logs')).length, before.length)
})

test('a change says what it was and what it is, once', async () => {
  const change = { version: '1.37.0', plan: null, components: ['cilium'] }
  const changed = await call('PATCH', '/api/environments/acme-staging', change)
  assert.equal(changed.json().version, '1.37.0')
  assert.equal(changed.json().plan, null)
  assert.equal(changed.json().provider, 'Example Cloud', 'what is left out is left alone')
  assert.equal((await call('PATCH', '/api/environments/acme-staging', change)).statusCode, 200)
  const rows = await query<{ disclosures: string[] }>(
    `select b.disclosures from events e join event_bodies b on b.event_id = e.id where e.type = 'environment.updated'`,
  )
  assert.equal(rows.length, 1)
  assert.deepEqual(bodyOf(rows[0]?.disclosures ?? []).changes, [
    { field: 'plan', from: 'managed', to: null },
    { field: 'version', from: '1.36.2', to: '1.37.0' },
    { field: 'components', from: ['ingress-nginx', 'cert-manager', 'prometheus'], to: ['cilium'] },
  ])
})

test('whoever says what they looked at overwrites nobody unseen', async () => {
  const url = '/api/environments/acme-staging'
  const seen = (await call('GET', url)).json()
  const first = { plan: 'gold', expects: { plan: seen.plan } }
  assert.equal((await call('PATCH', url, first)).statusCode, 200)
  const late = await call('PATCH', url, { plan: 'silver', version: '2.0', expects: { plan: seen.plan } })
  assert.equal(late.statusCode, 409)
  assert.equal(late.json().code, 'conflict')
  assert.deepEqual(late.json().errors, [{ path: 'body.plan', detail: 'was changed by somebody else' }])
  const now = (await call('GET', url)).json()
  assert.deepEqual([now.plan, now.version], ['gold', seen.version], 'none of it was stored')
  const other = await call('PATCH', url, { provider: 'Elsewhere', expects: { provider: seen.provider } })
  assert.equal(other.statusCode, 200, 'what nobody else touched is no conflict')
  const manager = { deliveryManager: 'emil', expects: { deliveryManager: 'nobody-of-that-name' } }
  assert.equal((await call('PATCH', url, manager)).statusCode, 404)
  const cluster = now.clusters[0]
  const stale = { version: '9.9', expects: { version: 'never' } }
  assert.equal((await call('PATCH', `/api/clusters/${cluster.id}`, stale)).statusCode, 409)
  const both = await Promise.all(
    ['a', 'b'].map((plan) => call('PATCH', url, { plan, expects: { plan: 'gold' } })),
  )
  assert.deepEqual(
    both.map(({ statusCode }) => statusCode).toSorted(),
    [200, 409],
    'of two at once one is later',
  )
})

test('clusters are added, renamed and archived within one environment', async () => {
  const uid = '0f0e0d0c-0b0a-4908-8706-050403020100'
  const made = await call('POST', '/api/environments/acme-prod/clusters', {
    name: 'workload-2',
    role: 'workload',
    kubeSystemUid: uid,
  })
  assert.equal(made.statusCode, 201, made.body)
  assert.equal(
    (await call('POST', '/api/environments/acme-prod/clusters', { name: 'workload-2', role: 'workload' }))
      .statusCode,
    409,
  )
  assert.equal(
    (await call('PATCH', `/api/clusters/${made.json().id}`, { name: 'workload-1' })).statusCode,
    409,
  )
  const changed = await call('PATCH', `/api/clusters/${made.json().id}`, { version: '1.36.3' })
  assert.deepEqual([changed.json().version, changed.json().kubeSystemUid], ['1.36.3', uid])
  await call('POST', `/api/clusters/${made.json().id}/archive`)
  const { clusters } = (await call('GET', '/api/environments/acme-prod')).json()
  assert.deepEqual(
    clusters.map((cluster: { name: string }) => cluster.name),
    ['management', 'workload-1'],
  )
})

test('a contact finds their own customer and environments, and cannot tell that others exist', async () => {
  const by = { cookie: team.acmeContact.cookie }
  const own = await call('GET', '/api/environments/acme-prod', undefined, by)
  assert.equal(own.statusCode, 200, own.body)
  assert.equal(own.json().deliveryManager.name, 'Emil Example')
  const strange = await call('GET', '/api/environments/globex-prod', undefined, by)
  const missing = await call('GET', '/api/environments/globex-none', undefined, by)
  assert.equal(strange.statusCode, 404)
  assert.equal(
    strange.json().detail.replace('globex-prod', ''),
    missing.json().detail.replace('globex-none', ''),
  )
  for (const named of [team.globexProd.id, team.globexProd.slug])
    assert.equal((await call('GET', `/api/environments/${named}`, undefined, by)).statusCode, 404)
  assert.equal((await call('GET', '/api/environments?customer=globex', undefined, by)).statusCode, 404)
  assert.equal((await call('GET', '/api/customers/globex', undefined, by)).statusCode, 404)
  assert.deepEqual(
    (await call('GET', '/api/customers', undefined, by)).json().rows.map((row: { slug: string }) => row.slug),
    ['acme'],
  )
  assert.equal((await call('PATCH', '/api/environments/acme-prod', { name: 'Mine' }, by)).statusCode, 403)
})

test('a customer is archived only when nothing of theirs is in use', async () => {
  await call('POST', '/api/customers', { slug: 'initech', name: 'Initech Example' })
  await call('POST', '/api/environments', {
    customer: 'initech',
    slug: 'initech-prod',
    name: 'Initech production',
  })
  const early = await call('POST', '/api/customers/initech/archive')
  assert.match(early.json().detail, /1 environment/)
  await call('POST', '/api/environments/initech-prod/archive')
  assert.equal((await call('POST', '/api/customers/initech/archive')).statusCode, 200)
  assert.equal(
    (await call('POST', '/api/environments/initech-prod/restore')).statusCode,
    409,
    'its customer is archived',
  )
  assert.equal(
    (await call('POST', '/api/environments', { customer: 'initech', slug: 'initech-2', name: 'No' }))
      .statusCode,
    409,
  )
  await call('POST', '/api/customers/initech/restore')
  assert.equal((await call('POST', '/api/environments/initech-prod/restore')).statusCode, 200)
})

test('a key is shown once, stored as a hash, dead the moment it is revoked, expired or its environment archived', async () => {
  const find = (secret: string) => integrationOf(server.platform, secret, '192.0.2.1')
  const expiresAt = server.clock.now() + 60_000
  const made = await call('POST', '/api/environments/acme-staging/keys', { name: 'probe', expiresAt })
  const { key, secret } = made.json()
  assert.match(secret, /^fni_[\w-]{32}$/)
  assert.equal(key.hint, secret.slice(-4))
  assert.equal((await find(secret))?.environmentSlug, 'acme-staging')
  const { rows } = (await call('GET', '/api/environments/acme-staging/keys')).json()
  assert.ok(!JSON.stringify(rows).includes(secret))
  const dump = await query<{ row: string }>('select k::text as row from integration_keys k')
  assert.ok(!dump.some(({ row }) => row.includes(secret)))
  const revoked = await call('DELETE', `/api/keys/${team.acmeStaging.keyId}`)
  assert.equal(revoked.statusCode, 200)
  assert.equal(await find(team.acmeStaging.key), undefined)
  assert.equal(
    (await call('POST', '/api/environments/acme-staging/keys', { name: 'late', expiresAt: 1 })).statusCode,
    422,
  )
  server.clock.advance(60_000)
  await call('DELETE', `/api/keys/${team.acmeStaging.keyId}`)
  assert.equal(await find(secret), undefined, 'expired')
  assert.ok(await find(team.acmeProd.key))
  await call('POST', '/api/environments/acme-prod/archive')
  assert.equal(await find(team.acmeProd.key), undefined)
  await call('POST', '/api/environments/acme-prod/restore')
  assert.ok(await find(team.acmeProd.key))
})

test('a token does what its scopes and the roles both allow, and makes no further credentials', async () => {
  const asBo = { cookie: team.engineers[0].cookie }
  const made = await call(
    'POST',
    '/api/me/tokens',
    { name: 'script', scopes: ['environments.*', 'self.tokens', 'keys.change'] },
    asBo,
  )
  assert.equal(made.statusCode, 201, made.body)
  const by = { token: made.json().secret }
  assert.match(by.token, /^fnp_/)
  assert.equal((await call('GET', '/api/environments', undefined, by)).statusCode, 200)
  assert.equal((await call('GET', '/api/customers', undefined, by)).statusCode, 403, 'not in its scopes')
  assert.equal(
    (await call('GET', '/api/environments/acme-prod/keys', undefined, by)).statusCode,
    403,
    'not in the role',
  )
  assert.equal((await call('POST', '/api/me/tokens', { name: 'wider', scopes: ['*'] }, by)).statusCode, 403)
  assert.equal(
    (await call('POST', '/api/me/tokens', { name: 'odd', scopes: ['everything'] }, asBo)).statusCode,
    422,
  )
  assert.equal(
    (
      await call(
        'POST',
        '/api/me/tokens',
        { name: 'contact', scopes: ['*'] },
        { cookie: team.acmeContact.cookie },
      )
    ).statusCode,
    403,
  )
  const { id } = made.json().token
  assert.equal(
    (
      await call('DELETE', `/api/accounts/${team.auditor.id}/tokens/${id}`, undefined, {
        token: team.administrator.token,
      })
    ).statusCode,
    404,
    'of somebody else',
  )
  assert.equal((await call('DELETE', `/api/me/tokens/${id}`, undefined, asBo)).statusCode, 200)
  assert.equal((await call('GET', '/api/environments', undefined, by)).json().code, 'wrong-credentials')
})

test('a token ends when it says it does', async () => {
  const expiresAt = server.clock.now() + 1000
  const { secret } = (
    await call(
      'POST',
      '/api/me/tokens',
      { name: 'brief', scopes: ['*'], expiresAt },
      { cookie: team.auditor.cookie },
    )
  ).json()
  assert.equal((await call('GET', '/api/me', undefined, { token: secret })).statusCode, 200)
  server.clock.advance(1000)
  assert.equal((await call('GET', '/api/me', undefined, { token: secret })).statusCode, 401)
})
