/** What was received is sealed in time, per customer, whoever received it, and a row that is taken away leaves a hole that shows. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import {
  follows,
  numbersMissing,
  parseWindow,
  verifyWindow,
  type ObservationWindow,
} from '../../../domain/evidence/ledger/index.ts'
import { receiptBytes } from '../../operations/alerts/observations.ts'
import type { ReceiptRow } from '../../operations/alerts/store.ts'
import { systemCtx } from '../../platform/context.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { sha256 } from '../../platform/evidence-outbox.ts'
import { webhookBody } from '../../testing/alertmanager-body.ts'
import { seedTeam, type SeededEnvironment, type SeededTeam } from '../../testing/seed.ts'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { sealObservations } from './seal-observations.ts'

let server: TestServer
let team: SeededTeam

before(async () => {
  server = await testServer()
  team = await seedTeam(server)
})
after(() => server.stop())

const query = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await server.platform.database.pool.query<T>(text, values)).rows

const seal = (): Promise<number> => sealObservations(systemCtx(server.platform, 'observations.seal'))
const later = (seconds: number): void => server.clock.advance(seconds * 1000)
beforeEach(async () => {
  later(600)
  await seal()
})

const receive = async (key: string): Promise<void> => {
  const reply = await server.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${key}` },
    payload: webhookBody({}),
  })
  assert.equal(reply.statusCode, 200)
}

type Sealed = { id: string; environmentId: string; at: number; kind: string; window: ObservationWindow }
const sealedOf = async (environment: SeededEnvironment): Promise<Sealed[]> => {
  const rows = await query<{ id: string; environment_id: string; at: number; disclosures: string[] }>(
    `select e.id, e.environment_id, e.at, b.disclosures from events e join event_bodies b on b.event_id = e.id
     join observation_windows w on w.event_id = e.id where e.environment_id = $1 order by w.position`,
    [environment.id],
  )
  return rows.map((row) => {
    const body = bodyOf(row.disclosures)
    const window = parseWindow(body['window'])
    assert.ok(window)
    return { id: row.id, environmentId: row.environment_id, at: row.at, kind: String(body['kind']), window }
  })
}

const rowsOf = async (environment: SeededEnvironment, { spans }: ObservationWindow) => {
  const rows = await query<ReceiptRow>('select * from alert_receipts where environment_id = $1', [
    environment.id,
  ])
  return rows
    .filter((row) =>
      spans.some(
        (span) => span.process === row.process_id && row.number >= span.first && row.number <= span.last,
      ),
    )
    .map((row) => ({ process: row.process_id, number: row.number, bytes: receiptBytes(row) }))
}

/** Receipts of another process, one that is gone. */
const leave = async (environment: SeededEnvironment, processId: string, numbers: readonly number[]) => {
  const now = server.clock.now()
  await query(
    `insert into processes (id, host, pid, roles, version, schema_version, started_at, seen_at)
     values ($1, 'gone', 1, '{web}', 'test', 1, $2, $2) on conflict do nothing`,
    [processId, now],
  )
  await query(
    `insert into alert_receipts (process_id, number, received_at, customer_id, environment_id, key_id, alert_count, fingerprints, digest)
     select $1, n, $2, $3, $4, $5, 1, '\\x010203040506070801', sha256(n::text::bytea) from unnest($6::bigint[]) n`,
    [processId, now, environment.customerId, environment.id, environment.keyId, numbers],
  )
}
const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1)

test('what two customers sent is sealed in the log of each, and the window is exactly those rows', async () => {
  for (let n = 0; n < 3; n++) await receive(team.acmeProd.key)
  await receive(team.globexProd.key)
  assert.equal(await seal(), 0, 'not before its time')
  later(30)
  assert.equal(await seal(), 2)
  const [acme] = await sealedOf(team.acmeProd)
  const [globex] = await sealedOf(team.globexProd)
  assert.ok(acme && globex)
  assert.equal(acme.kind, 'alert-receipts')
  assert.deepEqual(acme.window.spans, [{ process: server.platform.processId, first: 1, last: 3 }])
  assert.deepEqual(globex.window.spans, [{ process: server.platform.processId, first: 1, last: 1 }])
  assert.ok(verifyWindow(acme.window, await rowsOf(team.acmeProd, acme.window), sha256))
  assert.ok(verifyWindow(globex.window, await rowsOf(team.globexProd, globex.window), sha256))
  assert.equal(await seal(), 0, 'nothing twice')
})

test('windows of a log form one chain without a gap', async () => {
  for (let n = 0; n < 3; n++) {
    await receive(team.acmeProd.key)
    later(31)
    await seal()
  }
  const windows = (await sealedOf(team.acmeProd)).map(({ window }) => window)
  assert.ok(windows.length >= 4)
  for (let n = 1; n < windows.length; n++)
    assert.ok(follows(windows[n] as ObservationWindow, windows[n - 1] as ObservationWindow, sha256))
  assert.equal(windows[0]?.previous, undefined)
  assert.deepEqual(numbersMissing(windows), [])
})

test('rows of a process that died are sealed within 120 seconds by another', async () => {
  const gone = '01890000-0000-7000-8000-0000000000a1'
  const receivedAt = server.clock.now()
  await leave(team.acmeStaging, gone, upTo(4))
  // The task runs every five seconds.
  for (let n = 0; n < 24 && (await sealedOf(team.acmeStaging)).length === 0; n++) {
    later(5)
    await seal()
  }
  const [window] = await sealedOf(team.acmeStaging)
  assert.deepEqual(window?.window.spans, [{ process: gone, first: 1, last: 4 }])
  assert.ok((window?.at ?? Infinity) - receivedAt <= 120_000)
})

test('more rows than a window takes are sealed at once, in windows of 2,000', async () => {
  const busy = '01890000-0000-7000-8000-0000000000a2'
  await leave(team.acmeStaging, busy, upTo(4_100))
  assert.equal(await seal(), 3)
  const counts = (await sealedOf(team.acmeStaging)).slice(-3).map(({ window }) => window.count)
  assert.deepEqual(counts, [2_000, 2_000, 100])
})

test('a row that is removed before it is sealed leaves a hole in the numbers', async () => {
  const robbed = '01890000-0000-7000-8000-0000000000a3'
  await leave(team.acmeStaging, robbed, upTo(9))
  await query('delete from alert_receipts where process_id = $1 and number in (4, 5)', [robbed])
  later(31)
  await seal()
  const window = (await sealedOf(team.acmeStaging)).at(-1)?.window
  assert.deepEqual(numbersMissing([window as ObservationWindow]), [{ process: robbed, first: 4, last: 5 }])
})

test('a row that is changed after it was sealed no longer fits its window', async () => {
  const forged = '01890000-0000-7000-8000-0000000000a4'
  await leave(team.acmeStaging, forged, upTo(3))
  later(31)
  await seal()
  const window = (await sealedOf(team.acmeStaging)).at(-1)?.window as ObservationWindow
  assert.ok(verifyWindow(window, await rowsOf(team.acmeStaging, window), sha256))
  await query(
    `update alert_receipts set received_at = received_at - 60000 where process_id = $1 and number = 2`,
    [forged],
  )
  assert.ok(!verifyWindow(window, await rowsOf(team.acmeStaging, window), sha256))
})

test('two that seal at the same time seal each row once', async () => {
  const shared = '01890000-0000-7000-8000-0000000000a5'
  await leave(team.acmeStaging, shared, upTo(50))
  later(31)
  const counts = await Promise.all([seal(), seal(), seal()])
  assert.equal(
    counts.reduce((sum, n) => sum + n, 0),
    1,
  )
})

test('a process long gone and wholly sealed is not asked any more, and is again when it shows life', async () => {
  const gone = '01890000-0000-7000-8000-0000000000a6'
  await leave(team.acmeStaging, gone, upTo(2))
  later(31)
  await seal()
  later(25 * 3600)
  await seal()
  assert.equal((await query('select 1 from observation_processes where process_id = $1', [gone])).length, 1)
  later(1)
  await leave(team.acmeStaging, gone, [3])
  await query('update processes set seen_at = $2 where id = $1', [gone, server.clock.now()])
  later(31)
  assert.equal(await seal(), 1)
})

test('a commit whose answer was lost costs no number and uses none twice', async () => {
  const { key } = team.globexProd
  const numbers = async (): Promise<number[]> =>
    (
      await query<{ number: number }>(
        'select number from alert_receipts where environment_id = $1 and process_id = $2 order by number',
        [team.globexProd.id, server.platform.processId],
      )
    ).map((row) => row.number)
  await receive(key)
  const before = (await numbers()).length
  // The second of two notifications cannot be stored: the whole batch fails, then each is tried alone.
  await query(`create function refuse_one() returns trigger language plpgsql as $$
    begin if new.number = ${before + 2} then raise exception 'planted'; end if; return new; end $$`)
  await query(
    'create trigger planted before insert on alert_receipts for each row execute function refuse_one()',
  )
  await receive(key)
  const failed = await server.http.inject({
    method: 'POST',
    url: '/integrations/alertmanager',
    headers: { authorization: `Bearer ${key}` },
    payload: webhookBody({}),
  })
  assert.ok(failed.statusCode >= 500)
  await query('drop trigger planted on alert_receipts')
  await receive(key)
  assert.deepEqual(await numbers(), upTo(before + 2))
})
