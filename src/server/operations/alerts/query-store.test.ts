/** What the database finds for a question is what the rules say of the same alerts: random questions over random rows. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { matchesQuery, type AlertFacts } from '../../../domain/operations/alerts/query/match-query.ts'
import { parseQuery } from '../../../domain/operations/alerts/query/parse-query.ts'
import type { Query } from '../../../domain/operations/alerts/query/query.ts'
import { anyQuery } from '../../../domain/operations/alerts/query/query.fixture.ts'
import { tinyIdOf } from '../../../domain/operations/alerts/tiny-id.ts'
import { seedTeam, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { countAlerts, findAlerts } from './list-store.ts'
import type { AlertRow } from './store.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 150)
const ROWS = 120
const words = [
  'disk',
  'Disk full',
  'FULL',
  '100%',
  'a_b',
  'back\\slash',
  'acme',
  'acme-prod',
  'ada',
  'me',
  'nobody',
  'cleo@example.org',
  'team',
  'x',
  '',
]
const names = ['cluster', 'team', 'severity', 'with space', '__proto__', 'quo"te']
let server: TestServer
let team: SeededTeam
let facts: Map<string, AlertFacts>
const nowOf = () => server.platform.clock.now()

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T

/** Rows with every field set and unset, far from evenly. */
const rowOf = (n: number) => {
  const at = nowOf() - n * 60_000
  const status = pick(['open', 'acknowledged', 'closed', 'open'] as const, n)
  const environment = pick([team.acmeProd, team.acmeStaging, team.globexProd], Math.floor(n / 2))
  const label = (name: string, every: number): [string, string][] =>
    n % every === 0 ? [[name, pick(words, n + every)]] : []
  return {
    id: server.platform.ids.next(at),
    customer_id: environment.customerId,
    environment_id: environment.id,
    fingerprint: `f${n}`,
    status,
    priority: 1 + (n % 5),
    severity: pick(['critical', 'Warning', ''], n),
    name: pick(words, n),
    summary: pick(words, n * 7 + 3),
    group_key: 'g',
    labels: JSON.stringify(
      Object.fromEntries([
        ...label('cluster', 2),
        ...label('team', 3),
        ...label('with space', 4),
        ...label('quo"te', 5),
      ]),
    ),
    annotations: JSON.stringify({
      ...(n % 3 === 0 ? { description: pick(words, n + 1) } : {}),
      ...(n % 4 === 0 ? { alias: pick(words, n + 2), entity: pick(words, n + 5) } : {}),
      ...(n % 2 === 0 ? { tags: [pick(words, n), 'Disk', pick(words, n + 4)].join(' ,') } : {}),
      ...(n % 5 === 0 ? { source: pick(words, n + 9) } : {}),
    }),
    generator_url: n % 6 === 0 ? 'https://prometheus.example/acme' : null,
    leniencies: [],
    starts_at: at,
    opened_at: at,
    acknowledged_at: n % 3 === 1 ? at + 1 : null,
    acknowledged_by: n % 3 === 1 ? pick(team.engineers, n).id : null,
    closed_at: status === 'closed' ? at + 2 : null,
    closed_by: null,
    owner_id: n % 7 === 0 ? team.administrator.id : null,
    snoozed_until_at: n % 8 === 0 ? at + 3_600_000 : null,
    snoozed_by: null,
    key_id: n % 2 === 0 ? environment.keyId : null,
  }
}

const factsOf = async (rows: readonly AlertRow[]): Promise<Map<string, AlertFacts>> => {
  const { db } = server.platform.database
  const accounts = new Map(
    (await db.selectFrom('accounts').selectAll().execute()).map((row) => [row.id, row]),
  )
  const environments = new Map(
    (await db.selectFrom('environments').selectAll().execute()).map((row) => [row.id, row.slug]),
  )
  const customers = new Map(
    (await db.selectFrom('customers').selectAll().execute()).map((row) => [row.id, row.slug]),
  )
  const keys = new Map(
    (await db.selectFrom('integration_keys').selectAll().execute()).map((row) => [row.id, row.name]),
  )
  const seen = new Map(
    (await db.selectFrom('alert_sightings').selectAll().execute()).map((row) => [row.alert_id, row]),
  )
  const namesOf = (id: string | null): string[] => {
    if (id === null) return ['nobody']
    const account = accounts.get(id)
    const own = account ? [account.handle, account.email, account.name].filter((name) => name !== null) : []
    return id === team.administrator.id ? [...own, 'me'] : own
  }
  return new Map(
    rows.map((row): [string, AlertFacts] => [
      row.id,
      {
        status: row.status,
        acknowledgedAt: row.acknowledged_at,
        snoozedUntilAt: row.snoozed_until_at,
        priority: row.priority,
        count: seen.get(row.id)?.count ?? 1,
        openedAt: row.opened_at,
        lastSeenAt: Math.max(row.opened_at, seen.get(row.id)?.last_seen_at ?? 0),
        labels: row.labels,
        exact: (field) => {
          switch (field) {
            case 'alertId':
              return [row.id]
            case 'tinyId':
              return [tinyIdOf(row.id)]
            case 'alias':
              return [row.annotations['alias'] || row.id]
            case 'tag':
              return row.tags
            case 'owner':
              return namesOf(row.owner_id ?? row.acknowledged_by)
            case 'responders':
              return []
            case 'integration.name':
              return row.key_id ? [keys.get(row.key_id) ?? ''] : []
            case 'environment':
              return [environments.get(row.environment_id) ?? '']
            case 'customer':
              return [customers.get(row.customer_id) ?? '']
            case 'severity':
              return [row.severity]
          }
        },
        words: (field) => {
          switch (field) {
            case 'name':
              return row.name
            case 'message':
              return row.summary
            case 'source':
              return row.generator_url ?? row.annotations['source'] ?? ''
            default:
              return row.annotations[field] ?? ''
          }
        },
      },
    ]),
  )
}

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
  const { db } = server.platform.database
  const rows = Array.from({ length: ROWS }, (_, n) => rowOf(n))
  await db.transaction().execute(async (tx) => {
    await sql`select set_config('session_replication_role', 'replica', true)`
      .execute(tx)
      .catch(() => undefined)
    await tx
      .insertInto('alerts')
      .values(rows as never)
      .execute()
    await tx
      .insertInto('alert_sightings')
      .values(
        rows
          .filter((_, n) => n % 4 === 0)
          .map(({ id, opened_at }, n) => ({
            alert_id: id,
            last_seen_at: opened_at + n * 1_000,
            count: 1 + (n % 4),
          })),
      )
      .execute()
  })
  facts = await factsOf(await db.selectFrom('alerts').selectAll().execute())
  assert.equal(facts.size, ROWS)
})
after(() => server?.stop())

const foundBy = async (query: Query): Promise<string[]> => {
  const asking = { now: nowOf(), me: team.administrator.id }
  const { rows } = await findAlerts(server.platform.database.db, { query, asking, limit: ROWS + 1 })
  assert.equal(await countAlerts(server.platform.database.db, { query, asking }, ROWS + 1), rows.length)
  return rows.map(({ id }) => id).toSorted()
}
const expectedFor = (query: Query): string[] =>
  [...facts].flatMap(([id, alert]) => (matchesQuery(query, alert, nowOf()) ? [id] : [])).toSorted()

test('random questions find in the database what the rules say', async () => {
  let found = 0
  const instants = [nowOf(), nowOf() - 60_000, nowOf() - 3_600_000]
  await fc.assert(
    fc.asyncProperty(anyQuery({ words, names, instants }), async (query) => {
      const ids = await foundBy(query)
      found += ids.length
      assert.deepEqual(ids, expectedFor(query))
    }),
    { numRuns },
  )
  assert.ok(found > numRuns, 'most questions found nothing: the vocabulary does not fit the rows')
})

test('part after part of a list is the whole list, however few rows are looked at for one', async () => {
  const walk = async (query: Query, status: 'not-closed' | undefined): Promise<string[]> => {
    const ids: string[] = []
    let before: readonly [number, string] | undefined
    for (;;) {
      const found = await findAlerts(server.platform.database.db, {
        query,
        asking: { now: nowOf(), me: undefined },
        limit: 5,
        mostLookedAt: 7,
        ...(status ? { status } : {}),
        ...(before ? { before } : {}),
      })
      ids.push(...found.rows.map(({ id }) => id))
      const last = found.rows.length === 5 ? found.rows.at(-1) : undefined
      before = last ? [last.opened_at, last.id] : (found.lookedTo ?? undefined)
      if (!before) return ids
    }
  }
  for (const text of [
    'full',
    'priority:P1',
    'priority:P1 full',
    'tag:disk full',
    'nowhere',
    '',
    'label.cluster:acme',
    'NOT environment:acme-prod',
  ])
    for (const status of ['not-closed', undefined] as const) {
      const query = parseQuery(text) as Query
      const expected = [...facts].flatMap(([id, alert]) =>
        matchesQuery(query, alert, nowOf()) && (status === undefined || alert.status !== 'closed')
          ? [id]
          : [],
      )
      const ids = await walk(query, status)
      assert.deepEqual(ids.toSorted(), expected.toSorted(), `${text} ${status}`)
      const times = ids.map((id) => facts.get(id)?.openedAt ?? 0)
      assert.deepEqual(
        times,
        times.toSorted((a, b) => b - a),
        'newest first',
      )
    }
})

test('an alert is found by its id, its short number and its integration', async () => {
  const [id, alert] = [...facts][10]!
  for (const text of [`alertId:${id}`, `alertId:${id.toUpperCase()}`, `tinyId:${alert.exact('tinyId')[0]}`])
    assert.deepEqual(await foundBy(parseQuery(text) as Query), [id], text)
  assert.deepEqual(await foundBy(parseQuery('alertId:nothing') as Query), [])
  const key = alert.exact('integration.name')[0]
  const query = parseQuery(`integration.name:"${key}"`) as Query
  assert.deepEqual(await foundBy(query), expectedFor(query))
})

test('a star stands for parts of names, and for neither me nor nobody', async () => {
  const owned = expectedFor(parseQuery('NOT owner:nobody') as Query)
  assert.ok(owned.length > 0 && owned.length < ROWS)
  assert.deepEqual(await foundBy(parseQuery('owner:*') as Query), owned)
  for (const text of [
    'owner:*',
    'owner:*obody',
    'owner:nobod*',
    'owner:m*',
    'owner:*e',
    'owner:me',
    'owner:nobody',
  ])
    assert.deepEqual(await foundBy(parseQuery(text) as Query), expectedFor(parseQuery(text) as Query), text)
})

test('nothing a person writes is anything but a parameter', async () => {
  const nasty = `x'; drop table alerts; --`
  for (const text of [
    `message:"${nasty}"`,
    `label."${nasty}":"${nasty}"`,
    `tag:"${nasty}"`,
    `environment:"${nasty}"`,
  ])
    assert.deepEqual(await foundBy(parseQuery(text) as Query), [], text)
})

test('the list takes a question and says what is wrong with one', async () => {
  const get = (query: string) =>
    server.http.inject({
      url: `/api/alerts?query=${encodeURIComponent(query)}`,
      headers: { cookie: team.administrator.cookie },
    })
  const { rows, counts } = JSON.parse((await get('priority:P1 AND status:open')).body)
  assert.ok(rows.length > 0 && rows.every((row: { priority: string }) => row.priority === 'P1'))
  assert.equal(counts.open, [...facts.values()].filter(({ status }) => status === 'open').length)
  const wrong = await get('statsu:open')
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.body, /Did you mean status\?/)
})
