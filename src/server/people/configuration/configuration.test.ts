/** Configuration as code: wholly or not at all, the line at fault is named, and what is exported changes nothing. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { parse, stringify } from 'yaml'
import type { ConfigurationChange } from '../../../contract/people/configuration.ts'
import { projectRoot } from '../../platform/boot.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { configurationSchema } from './configuration-schema.ts'

let server: TestServer
let team: SeededTeam
before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server.stop())

type More = { dryRun?: boolean; prune?: boolean }
const apply = (document: string | object, more: More = {}, token = team.administrator.token) =>
  server.http.inject({
    method: 'POST',
    url: '/api/configuration/apply',
    headers: { authorization: `Bearer ${token}` },
    payload: { document: typeof document === 'string' ? document : stringify(document), ...more },
  })
const applied = async (document: string | object, more: More = {}): Promise<ConfigurationChange[]> => {
  const reply = await apply(document, more)
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.json().changes
}
const exported = async (): Promise<string> => {
  const reply = await server.http.inject({
    url: '/api/configuration',
    headers: { authorization: `Bearer ${team.administrator.token}` },
  })
  assert.equal(reply.statusCode, 200, reply.body)
  return reply.json().document
}
const events = async (): Promise<number> =>
  Number((await server.platform.database.pool.query('select count(*) as n from events')).rows[0].n)
const brief = (changes: readonly ConfigurationChange[]): string[] =>
  changes.map(
    ({ action, kind, name, fields }) =>
      `${action} ${kind} ${name} (${fields.map(({ field }) => field).join(' ')})`,
  )

test('what is exported changes nothing, writes nothing, and holds no secret', async () => {
  const document = await exported()
  const before = await events()
  assert.deepEqual(await applied(document), [])
  assert.deepEqual(await applied(document, { prune: true }), [])
  assert.equal(await events(), before)
  assert.match(
    document,
    /^# yaml-language-server: \$schema=http:\/\/fortnight\.test\/schema\/configuration\.json\nversion: 1\n/,
  )
  const secrets = [
    team.acmeProd.key,
    team.administrator.token,
    team.administrator.password,
    'argon2',
    'token',
    'hash',
  ]
  for (const secret of secrets) assert.ok(!document.includes(secret), secret)
  const { environments } = parse(document)
  assert.deepEqual(environments[0].clusters, [
    { name: 'management', role: 'management', version: '1.36.2' },
    { name: 'workload-1', role: 'workload', version: '1.36.2' },
  ])
})

const small = `version: 1
customers:
  - slug: initech
    name: Initech Example
accounts:
  - handle: nia
    name: Nia Example
    email: nia@example.org
    roles: [engineer, architect]
  - handle: oli
    name: Oli Example
    email: oli@initech.example
    contactOf: initech
    zone: europe/lisbon
environments:
  - slug: initech-prod
    customer: initech
    name: Initech production
    version: "1.30"
    deliveryManager: nia
    clusters:
      - {name: mgmt, role: management, kubeSystemUid: 0f0e0d0c-0b0a-4908-8706-050403020100}
      - {name: work, role: workload}
`

test('a dry run tells exactly what would change, and changes nothing', async () => {
  const before = await events()
  const planned = await apply(small, { dryRun: true })
  assert.equal(planned.json().applied, false, planned.body)
  assert.equal(await events(), before)
  const done = await apply(small)
  assert.equal(done.json().applied, true)
  assert.deepEqual(done.json().changes, planned.json().changes)
  assert.deepEqual(brief(done.json().changes), [
    'create customer initech (slug name)',
    'create account nia (handle name email roles)',
    'create account oli (handle name email contactOf zone)',
    'create environment initech-prod (slug customer name version deliveryManager)',
    'create cluster initech-prod/mgmt (name role kubeSystemUid environment)',
    'create cluster initech-prod/work (name role environment)',
  ])
  assert.deepEqual(await applied(small), [], 'a second time there is nothing to do')
})

test('a change shows field by field what was and what is; what is left out is left alone', async () => {
  const changed = small
    .replace('"1.30"', '"1.31"')
    .replace('role: workload}', 'role: workload, version: 1.31.0}')
  const changes = await applied(changed)
  assert.deepEqual(
    changes.map(({ name, fields }) => ({ name, fields })),
    [
      { name: 'initech-prod', fields: [{ field: 'version', from: '1.30', to: '1.31' }] },
      { name: 'initech-prod/work', fields: [{ field: 'version', from: null, to: '1.31.0' }] },
    ],
  )
  assert.match(await exported(), /zone: Europe\/Lisbon/)
  assert.deepEqual(
    await applied(small.replace('    zone: europe/lisbon\n', '').replace('"1.30"', '"1.31"')),
    [],
  )
})

test('nothing goes without prune; with it, what a named section leaves out is archived, and comes back when named again', async () => {
  const smaller = small
    .replace(/ {2}- handle: oli[^]*?lisbon\n/, '')
    .replace(/ {6}- \{name: work.*\n/, '')
    .replace('"1.30"', '"1.31"')
  assert.deepEqual(await applied(smaller), [])
  const everybody = parse(await exported())
  const without = {
    ...everybody,
    accounts: everybody.accounts.filter(({ handle }: { handle: string }) => handle !== 'oli'),
    environments: everybody.environments.map((each: { slug: string; clusters: object[] }) =>
      each.slug === 'initech-prod' ? { ...each, clusters: each.clusters.slice(0, 1) } : each,
    ),
  }
  assert.deepEqual(brief(await applied(without, { prune: true })), [
    'delete cluster initech-prod/work ()',
    'delete account oli ()',
  ])
  const { environments: _, ...withoutSection } = without
  assert.deepEqual(
    await applied(withoutSection, { prune: true }),
    [],
    'a section that is absent is left alone',
  )
  assert.deepEqual(brief(await applied(everybody)), [
    'update account oli (archived handle name email contactOf locale zone)',
    'update cluster initech-prod/work (archived name role version environment)',
  ])
})

const refusedAt = async (document: string, ...lines: number[]): Promise<string> => {
  const before = await events()
  const reply = await apply(document, { prune: false })
  assert.ok([409, 422].includes(reply.statusCode), `${reply.statusCode} ${reply.body}`)
  const problem = reply.json()
  const named = (problem.errors ?? []).map(({ path }: { path: string }) =>
    Number(/^line (\d+)/.exec(path)?.[1]),
  )
  if (named.length > 0) assert.deepEqual(named, lines, reply.body)
  else assert.match(problem.detail, new RegExp(`line ${lines[0]}\\b`))
  assert.equal(await events(), before, 'nothing was changed')
  return problem.detail
}

test('a fault names its line, every fault does, and nothing is changed', async () => {
  const line = (text: string, number: number, by: string): string =>
    text
      .split('\n')
      .map((each, index) => (index === number - 1 ? by : each))
      .join('\n')
  await refusedAt(line(small, 9, '    roles: [engineer, emperor]'), 9)
  assert.match(await refusedAt(line(small, 19, '    version: 1.30'), 19), /put it in quotes/)
  await refusedAt(line(small, 8, '    email: nobody'), 8)
  await refusedAt(line(small, 14, '    zone: Middle/Earth'), 14)
  await refusedAt(line(small, 8, '    mail: nia@example.org'), 6, 8)
  await refusedAt(line(small, 20, '    deliveryManager: nobody'), 20)
  await refusedAt(line(small, 17, '    customer: nobody'), 17)
  await refusedAt(line(small, 23, '      - {name: mgmt, role: workload}'), 23)
  await refusedAt(line(small, 2, 'customers: ['), 3)
  await refusedAt(`${small}customers: []\n`, 24)
  await refusedAt(line(small, 1, 'version: 2'), 1)
  await refusedAt(line(line(small, 9, '    roles: []'), 13, '    contactOf: nobody'), 9)
})

test('a rule that says no while applying names the line as well, and undoes what went before', async () => {
  const taken = `version: 1\ncustomers:\n  - {slug: hooli, name: Hooli Example}\naccounts:\n  - handle: pat\n    name: Pat Example\n    email: BO@example.org\n    roles: [engineer]\n`
  assert.match(await refusedAt(taken, 5), /belongs to another account/)
  const last = `version: 1\ncustomers:\n  - {slug: hooli, name: Hooli Example}\naccounts:\n  - handle: ada\n    name: Ada Example\n    email: ada@example.org\n    roles: [engineer]\n`
  assert.match(await refusedAt(last, 5), /only administrator/)
  const moved = small.replace('contactOf: initech', 'contactOf: acme')
  assert.match(await refusedAt(moved, 13), /for good/)
  assert.ok(!(await exported()).includes('hooli'))
  const self = await apply(
    {
      version: 1,
      accounts: [{ handle: 'qin', name: 'Qin', email: 'qin@example.org', roles: ['administrator'] }],
    },
    { prune: true },
  )
  assert.match(self.json().detail, /your own account/)
})

test('what is no document is refused politely', async () => {
  const bomb = `version: 1\na: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n`
  const cases = [
    '',
    '- 1',
    'null',
    'version: 1\n\u0000',
    '{',
    `${'['.repeat(20_000)}`,
    bomb,
    '!!js/function >\n  x',
    'version: 1\n<<: {a: 1}',
    '__proto__: {a: 1}\nversion: 1',
  ]
  for (const document of cases) {
    const reply = await apply(document)
    assert.ok([400, 422].includes(reply.statusCode), `${document.slice(0, 20)}: ${reply.body}`)
  }
  assert.equal((await apply('x'.repeat(2 * 1024 * 1024 + 1))).statusCode, 422)
})

test('two documents at once do not mix', async () => {
  const rename = (name: string) =>
    apply({ version: 1, organisation: name, customers: [{ slug: 'acme', name }] })
  const replies = await Promise.all(['One', 'Two', 'Three', 'Four'].map(rename))
  assert.ok(replies.every((reply) => reply.statusCode === 200))
  const { organisation, customers } = parse(await exported())
  assert.equal(organisation, customers.find(({ slug }: { slug: string }) => slug === 'acme').name)
})

test('only administrators apply, only stewards export', async () => {
  assert.equal((await apply(small, {}, team.deliveryManager.token)).statusCode, 403)
  const asEngineer = await server.http.inject({
    url: '/api/configuration',
    headers: { authorization: `Bearer ${team.engineers[0].token}` },
  })
  assert.equal(asEngineer.statusCode, 403)
})

test('the published schema is what the server checks, and the copy in docs is current', async () => {
  const reply = await server.http.inject({ url: '/schema/configuration.json' })
  assert.equal(reply.statusCode, 200)
  const schema = reply.json()
  assert.deepEqual(schema, JSON.parse(JSON.stringify(configurationSchema())))
  assert.ok(schema.properties.environments.items.properties.clusters)
  assert.equal(schema.additionalProperties, false)
  const copy = readFileSync(join(projectRoot, 'docs/configuration.schema.json'), 'utf8')
  const told = 'docs/configuration.schema.json is out of date: run tools/generate/configuration-schema.ts'
  assert.deepEqual(JSON.parse(copy), schema, told)
})

/** Documents in canonical spelling over few names, so that one run creates, changes, archives and brings back. */
const customers = ['c1', 'c2', 'c3'] as const
const staff = ['s1', 's2', 's3'] as const
const zones = fc.constantFrom('UTC', 'Europe/Stockholm', 'Asia/Tokyo')
const words = fc.constantFrom('A name', 'Another: name', 'yes', '1.30', "it's", '# no comment', 'Åse & Öst')
const some = <T>(all: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...all])
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary)

type Json = Record<string, unknown>
const byName = (key: string) => (a: Json, b: Json) => (String(a[key]) < String(b[key]) ? -1 : 1)

const accountOf = (handle: string, more: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.tuple(words, zones, more).map(([name, zone, rest]) => ({
    handle,
    name,
    email: `${handle}@example.org`,
    ...rest,
    locale: 'en',
    zone,
  }))
const clusterOf = (name: string): fc.Arbitrary<Json> =>
  fc
    .tuple(fc.constantFrom('management', 'workload'), maybe(words))
    .map(([role, version]) => ({ name, role, version }))
const environmentOf = (customer: string, managers: readonly string[]): fc.Arbitrary<Json> =>
  fc
    .record({
      name: words,
      plan: maybe(words),
      version: maybe(words),
      components: some(['cilium', 'prometheus', 'yes']),
      commissionedOn: maybe(fc.constantFrom('2026-02-02', '2024-02-29')),
      deliveryManager: maybe(managers.length > 0 ? fc.constantFrom(...managers) : fc.constant(null)),
      clusters: some(['k1', 'k2']).chain((names) => fc.tuple(...names.map(clusterOf))),
    })
    .map(({ name, components, clusters, ...rest }) => ({
      slug: `${customer}-prod`,
      customer,
      name,
      ...rest,
      components,
      // As an export lists them: by role, then by name.
      clusters: clusters
        .toSorted((a, b) => byName('role')(a, b) || 0)
        .toSorted((a, b) => (a['role'] === b['role'] ? byName('name')(a, b) : byName('role')(a, b))),
    }))

const documents: fc.Arbitrary<Json> = fc
  .tuple(words, some(customers), some(staff))
  .chain(([organisation, slugs, people]) =>
    fc.record({
      version: fc.constant(1),
      organisation: fc.constant(organisation),
      customers: fc.tuple(...slugs.map((slug) => words.map((name): Json => ({ slug, name })))),
      accounts: fc.tuple(
        fc.constant<Json>({
          handle: 'ada',
          name: 'Ada Example',
          email: 'ada@example.org',
          roles: ['administrator'],
          locale: 'en',
          zone: 'Europe/Stockholm',
        }),
        ...slugs.map((slug) => accountOf(`k-${slug}`, fc.constant({ contactOf: slug }))),
        ...people.map((handle) =>
          accountOf(handle, fc.constantFrom({ roles: ['engineer'] }, { roles: ['architect', 'auditor'] })),
        ),
      ),
      environments: fc.tuple(...slugs.map((slug) => environmentOf(slug, people))),
    }),
  )
  .map((document) => ({ ...document }))

/** null clears a field, and an export leaves it out. */
const withoutNulls = (document: Json): unknown =>
  JSON.parse(JSON.stringify(document, (_key, value: unknown) => (value === null ? undefined : value)))

/** The sections of people; others are tested where they are declared. Field order is the export's own. */
const meaning = (text: string): unknown => {
  const { version, organisation, customers, accounts, environments } = parse(text)
  return { version, organisation, customers, accounts, environments }
}

test('any document comes out as it went in, and applying what came out changes nothing', async () => {
  const runs = Math.max(15, Math.floor(Number(process.env['FORTNIGHT_RUNS'] ?? 0) / 20))
  await fc.assert(
    fc.asyncProperty(documents, async (document) => {
      await applied(stringify(document), { prune: true })
      const out = await exported()
      assert.deepEqual(meaning(out), withoutNulls(document))
      assert.deepEqual(await applied(out, { prune: true }), [])
    }),
    { numRuns: runs },
  )
})
