/** What a customer contact may read never holds anything of another customer, nor does it change when theirs grows. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { boundRoutes, type BoundRoute } from '../platform/http/bind.ts'
import { read } from '../platform/record.ts'
import { seedTeam, type SeededTeam } from '../testing/seed.ts'
import { testServer, type TestServer } from '../testing/test-server.ts'
import { EXPECTED } from './authorisation-expectation.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  await workFor('acme-prod', 1)
  await workFor('globex-prod', 2)
})
after(() => server.stop())

const post = async (url: string, payload: object): Promise<{ id: string }> => {
  const headers = { authorization: `Bearer ${team.administrator.token}` }
  const reply = await server.http.inject({ method: 'POST', url, headers, payload })
  assert.ok(reply.statusCode < 300, `${url}: ${reply.body}`)
  return reply.json()
}

/** Decisions, released log entries and alerts of one environment, through the routes that everybody uses. */
const workFor = async (environment: string, times: number): Promise<void> => {
  for (let time = 0; time < times; time++) {
    const marked = `of ${environment}`
    await post('/api/decisions', {
      environment,
      what: `A change ${marked}`,
      why: 'Because it is needed.',
      options: [],
      risk: 'Small.',
      rollback: 'Back.',
      validUntil: null,
      cooperation: { kind: 'internal' },
    })
    const entry = await post('/api/operator-log', {
      environment,
      category: 'look',
      what: `Looked ${marked}`,
      summary: 'Fine.',
    })
    await post(`/api/operator-log/${entry.id}/release`, { summary: `All is well ${marked}` })
    await server.http.inject({
      method: 'POST',
      url: '/integrations/alertmanager',
      headers: {
        authorization: `Bearer ${environment === 'acme-prod' ? team.acmeProd.key : team.globexProd.key}`,
      },
      payload: {
        version: '4',
        alerts: [
          {
            status: 'firing',
            labels: { alertname: `Alert${time}`, instance: marked },
            annotations: {},
            startsAt: new Date(server.clock.now()).toISOString(),
          },
        ],
      },
    })
  }
}

const tenantTables = async (): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select c.table_name as name from information_schema.columns c
    join information_schema.tables t on t.table_name = c.table_name and t.table_schema = c.table_schema
    where c.column_name = 'customer_id' and c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
    order by 1`.execute(server.platform.database.db)
  return rows.map(({ name }) => name)
}

/** Every id and slug that belongs to Globex, wherever it is stored. */
const strangeNames = async (): Promise<string[]> => {
  const found = new Set<string>([
    team.globex.id,
    'globex',
    'hal',
    'hal@globex.example',
    'Globex',
    'Hal Example',
  ])
  for (const table of await tenantTables()) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(t) as row from ${sql.table(table)} t where customer_id = ${team.globex.id}`.execute(
      server.platform.database.db,
    )
    for (const { row } of rows)
      for (const field of ['id', 'slug', 'account_id', 'recording_id', 'decision_id'])
        if (typeof row[field] === 'string') found.add(row[field])
  }
  // Staff serve both customers and may be seen by both.
  for (const person of [team.administrator, ...team.engineers, team.deliveryManager, team.auditor])
    found.delete(person.id)
  return [...found]
}

const readable = (): BoundRoute[] =>
  boundRoutes(server.http).filter(
    ({ route }) => route.method === 'GET' && (EXPECTED[`GET ${route.path}`] ?? '').includes('C'),
  )
type Eyes = { cookie: string } | { authorization: string }
const get = (url: string, eyes: Eyes = { cookie: team.acmeContact.cookie }) =>
  server.http.inject({ url, headers: eyes })

/** Asks every readable route for every strange name; says where anything strange came back. */
const leaksTo = async (eyes?: Eyes): Promise<string[]> => {
  const strange = await strangeNames()
  assert.ok(strange.length > 15, 'the other customer has something to hide')
  const leaks: string[] = []
  for (const { route } of readable()) {
    for (const name of route.path.includes(':') ? strange : ['']) {
      const path = route.path.replace(/:number/, 'D-1').replace(/:\w+/g, encodeURIComponent(name))
      const reply = await get(path, eyes)
      // What was asked for may be repeated to whoever asked.
      const text = name === '' ? reply.body : reply.body.replaceAll(name, '')
      const seen = strange.filter((each) => each !== name && !name.includes(each) && text.includes(each))
      if (seen.length > 0 || (name !== '' && reply.statusCode < 400) || reply.statusCode >= 500)
        leaks.push(`${route.path} ${name}: ${reply.statusCode} ${seen.join(' ')} ${reply.body.slice(0, 200)}`)
    }
  }
  return leaks
}

test('no readable route shows a contact anything of another customer, whatever is asked for', async () => {
  assert.deepEqual(await leaksTo(), [])
})

test('the search for leaks finds one: with the eyes of staff every list and every thing is strange', async () => {
  const leaks = await leaksTo({ authorization: `Bearer ${team.administrator.token}` })
  const routes = new Set(leaks.map((leak) => leak.split(' ')[0]))
  for (const path of [
    '/api/environments',
    '/api/environments/:environment',
    '/api/customers',
    '/api/decisions',
    '/api/decisions/:decisionId',
    '/api/operator-log',
    '/api/operator-log/:entryId',
  ])
    assert.ok(routes.has(path), path)
})

test('filters that name another customer find nothing', async () => {
  const leaks: string[] = []
  const strange = await strangeNames()
  for (const { route } of readable().filter(({ route: { path } }) => !path.includes(':'))) {
    for (const filter of [
      'environment=globex-prod',
      `environment=${team.globexProd.id}`,
      'customer=globex',
      'search=Globex',
      'search=globex-prod',
    ]) {
      const reply = await get(`${route.path}?${filter}`)
      const text = reply.body.replaceAll(filter.split('=')[1] ?? '', '')
      const seen = strange.filter((each) => text.includes(each))
      if (reply.statusCode < 400 && seen.length > 0) leaks.push(`${route.path}?${filter}: ${seen.join(' ')}`)
    }
  }
  assert.deepEqual(leaks, [])
})

test('what a contact reads stays the same when another customer grows: nothing of theirs can be counted', async () => {
  const own = { environment: 'acme-prod', customer: 'acme', number: 'D-1' }
  const snapshot = async (): Promise<Map<string, string>> => {
    const pages = new Map<string, string>()
    for (const { route } of readable()) {
      const path = route.path.replace(
        /:(\w+)/g,
        (_all, param: string) => own[param as keyof typeof own] ?? team.acmeProd.id,
      )
      pages.set(path, (await get(path)).body.replace(/"requestId":"[^"]*"/, ''))
    }
    return pages
  }
  const before = await snapshot()
  assert.ok([...before.values()].join('').includes('of acme-prod'), 'the contact sees work of their own')
  await workFor('globex-prod', 3)
  await post('/api/environments', { customer: 'globex', slug: 'globex-more', name: 'More of Globex' })
  assert.deepEqual(await snapshot(), before)
})

test('in the database itself, a contact finds only rows of their own in every table they may read at all', async () => {
  const seen: string[] = []
  const ctx = server.as(team.acmeContact.actor)
  for (const table of await tenantTables()) {
    const strange = await read(ctx, (db) =>
      sql<{ n: number }>`select count(*) as n from ${sql.table(table)} where customer_id = ${team.globex.id}`
        .execute(db)
        .then(({ rows }) => rows[0]?.n ?? 0),
    ).catch((error: { code?: string }) => {
      // Not readable at all is better still.
      if (error.code === '42501') return 0
      throw error
    })
    if (strange > 0) seen.push(`${table}: ${strange}`)
  }
  assert.deepEqual(seen, [])
})

test('password hashes are out of a contact\u2019s reach even in the database', async () => {
  const ctx = server.as(team.acmeContact.actor)
  await assert.rejects(
    read(ctx, (db) => db.selectFrom('accounts').select('password_hash').execute()),
    /permission denied/,
  )
  for (const table of ['sessions', 'passkeys', 'oidc_identities'] as const) {
    const rows = await read(ctx, (db) => db.selectFrom(table).select('account_id').execute())
    assert.ok(
      rows.every(({ account_id }) => account_id === team.acmeContact.id),
      table,
    )
  }
})
