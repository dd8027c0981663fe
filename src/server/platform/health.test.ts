/** Who watches from outside is told the truth: also while the database is away, and never by waiting for it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { Platform } from './context.ts'
import { bindHealth } from './health.ts'
import { asAnybody, being } from './http/as-anybody.fixture.ts'
import { person } from './platform-alone.fixture.ts'
import { openHttp } from './http/server.ts'
import { severalProcesses, type SeveralProcesses } from './several-processes.fixture.ts'
import { twoCustomers } from './two-customers.fixture.ts'
import { until } from './until.fixture.ts'

const SOMEBODY = '01890000-0000-7000-8000-000000000001'
let processes: SeveralProcesses
let platform: Platform
let http: FastifyInstance

before(async () => {
  processes = await severalProcesses()
  ;({ platform } = await processes.another())
  http = openHttp(platform, asAnybody)
  bindHealth(http, platform)
})
after(async () => {
  await http.close()
  await processes.stop()
})

const ready = async (): Promise<Record<string, unknown>> => {
  const response = await http.inject('/health/ready')
  const { 'retry-after': retryAfter } = response.headers
  return { status: response.statusCode, retryAfter, ...response.json<Record<string, unknown>>() }
}
/** The value of a metric, by its whole name with labels. */
const metric = async (name: string): Promise<number | undefined> => {
  const line = (await http.inject('/metrics')).body.split('\n').find((text) => text.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

test('all is well: ready, with what waits and what is off', async () => {
  const answer = await ready()
  assert.equal(answer.status, 200)
  assert.deepEqual(
    [answer['ready'], answer['database'], answer['held'], answer['mail']],
    [true, true, false, false],
  )
  for (const name of ['evidenceDelayMs', 'tasksLate', 'tasksParked', 'clockOffsetMs'])
    assert.equal(typeof answer[name], 'number', name)
})

test('late and parked tasks, delayed evidence and a clock that is off are seen at both places', async () => {
  const { db } = platform.database
  const now = platform.clock.now()
  const { logId } = await twoCustomers(platform)
  const id = () => platform.ids.next(now)
  await sql`insert into tasks (id, kind, lane, due_at, parked_at, created_at) values
    (${id()}, 'planted.late', 'page', ${now - 60_000}, null, 0), (${id()}, 'planted.parked', 'page', 0, 1, 0)`.execute(
    db,
  )
  await sql`insert into ledger_pending (id, log_id, leaf, leaf_hash, created_at)
    values (${id()}, ${logId}, ''::bytea, ''::bytea, ${now - 90_000})`.execute(db)
  await sql`insert into processes (id, host, pid, roles, version, schema_version, started_at, seen_at, clock_offset_ms)
    values (${id()}, 'skewed', 1, '{}', '0', 1, 0, ${now}, -3000)`.execute(db)
  const answer = await ready()
  assert.equal(answer['tasksLate'], 1)
  assert.equal(answer['tasksParked'], 1)
  assert.ok(Number(answer['evidenceDelayMs']) >= 90_000)
  assert.equal(answer['clockOffsetMs'], 3_000)
  assert.equal(await metric('fortnight_tasks_late'), 1)
  assert.equal(await metric('fortnight_tasks_parked'), 1)
  assert.ok(Number(await metric('fortnight_evidence_delay_seconds')) >= 90)
  assert.equal(await metric('fortnight_evidence_waiting'), 1)
  assert.equal(await metric('fortnight_clock_offset_seconds'), 3)
  assert.equal(await metric('fortnight_mail_configured'), 0)
  assert.equal(await metric('fortnight_database_up'), 1)
  assert.equal(await metric('fortnight_held'), 0)
})

test('while the database is away: not ready, quickly, and ready again by itself; life and metrics go on', async () => {
  await processes.databaseGoesAway()
  const startedAt = performance.now()
  const answer = await ready()
  assert.equal(answer.status, 503)
  assert.match(String(answer['retryAfter']), /^\d+$/)
  assert.deepEqual([answer['ready'], answer['database']], [false, false])
  assert.ok(performance.now() - startedAt < 2_500)
  assert.equal((await http.inject('/health/live')).statusCode, 200)
  assert.equal(await metric('fortnight_database_up'), 0)
  assert.equal(await metric('fortnight_tasks_late'), 1, 'the last known value')
  await processes.databaseComesBack()
  await until('it is ready again', async () => (await ready()).status === 200)
  assert.equal(await metric('fortnight_database_up'), 1)
})

test('requests are timed by route pattern, never by address', async () => {
  await http.inject('/health/live')
  await http.inject('/some/secret/address')
  const { body } = await http.inject('/metrics')
  const labels = '{method="GET",route="/health/live",status="2xx"'
  assert.ok(body.includes(`fortnight_http_request_duration_seconds_bucket${labels},le="+Inf"}`))
  assert.ok(Number(await metric(`fortnight_http_request_duration_seconds_count${labels}}`)) >= 1)
  assert.ok(!body.includes('secret'))
})

test('metrics are in the format that Prometheus reads: one HELP and TYPE each, buckets that only grow', async () => {
  const response = await http.inject('/metrics')
  assert.match(String(response.headers['content-type']), /^text\/plain; version=0\.0\.4/)
  const lines = response.body.trimEnd().split('\n')
  for (const line of lines)
    assert.match(
      line,
      /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+)$/,
    )
  const helps = lines.filter((line) => line.startsWith('# HELP ')).map((line) => line.split(' ')[2])
  assert.equal(new Set(helps).size, helps.length)
  const buckets = lines.filter((line) => line.startsWith('fortnight_http_request_duration_seconds_bucket'))
  const series = Map.groupBy(buckets, (line) => line.replace(/,le="[^"]*"/, '').split(' ')[0])
  for (const rows of series.values()) {
    const counts = rows.map((line) => Number(line.split(' ').at(-1)))
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
    )
  }
})

test('metrics are given to machines nearby; through a proxy or from afar only to who may look at the installation', async () => {
  const status = async (remoteAddress: string, headers: Record<string, string> = {}): Promise<number> =>
    (await http.inject({ url: '/metrics', remoteAddress, headers })).statusCode
  for (const near of ['127.0.0.1', '::1', '::ffff:10.1.2.3', '192.168.7.7', '172.31.0.1', 'fd00::7'])
    assert.equal(await status(near), 200, near)
  for (const far of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::1', '172.32.0.1'])
    assert.equal(await status(far), 401, far)
  assert.equal(await status('127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }), 401)
  const contact = { kind: 'contact', accountId: SOMEBODY, customerId: SOMEBODY, via: 'web' } as const
  assert.equal(await status('203.0.113.9', being(contact)), 403)
  assert.equal(await status('203.0.113.9', being(person(SOMEBODY, 'engineer'))), 200)
})
