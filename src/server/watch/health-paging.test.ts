/** What a watcher outside is told about paging: 200 only while a page would arrive, and nothing about anybody. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MINUTE, pagingTest, type PagingTest } from '../operations/paging/paging.fixture.ts'
import { judgePaging } from './health-paging.ts'
import type { PagingNumbers } from './health-store.ts'

const now = Date.UTC(2026, 10, 10)
const well: PagingNumbers = {
  held: false,
  engineAlive: true,
  watched: true,
  beatAt: now - 5_000,
  duty: [],
  oldestDueAt: null,
  oldestIntentAt: null,
  clockOffsetMs: 3,
  channels: { email: { sent: 4, failed: 1 } },
  lastDrill: null,
}

test('each fault that would keep a page from arriving is a reason by itself', () => {
  assert.deepEqual(judgePaging(well, now), { healthy: true, reasons: [], warnings: [] })
  const faults: Readonly<Record<string, Partial<PagingNumbers>>> = {
    held: { held: true },
    'no-engine': { engineAlive: false },
    'engine-idle': { beatAt: now - 2 * MINUTE },
    'task-late': { oldestDueAt: now - MINUTE },
    'promise-without-outcome': { oldestIntentAt: now - MINUTE },
    'clock-skew': { clockOffsetMs: 60_000 },
    unwatched: { watched: false },
    'channels-failing': { channels: { email: { sent: 0, failed: 2 }, sms: { sent: 0, failed: 1 } } },
  }
  for (const [reason, fault] of Object.entries(faults))
    assert.deepEqual(judgePaging({ ...well, ...fault }, now).reasons, [reason])
  assert.deepEqual(judgePaging(undefined, now).reasons, ['database-away'])
})

test('what a person should look at is a warning and no outage', () => {
  const finding = { subject: 'x', detail: '', sinceAt: 0 }
  const { healthy, warnings } = judgePaging(
    {
      ...well,
      channels: { email: { sent: 1, failed: 0 }, sms: { sent: 0, failed: 1 } },
      duty: [
        { kind: 'empty-schedule', ...finding },
        { kind: 'unverified-contact', ...finding },
      ],
      lastDrill: { status: 'missed', askedAt: now },
    },
    now,
  )
  assert.equal(healthy, true)
  assert.deepEqual(warnings, ['channel-failing', 'empty-schedule', 'unverified-contact', 'drill-missed'])
})

describe('over HTTP', () => {
  let paging: PagingTest
  before(async () => {
    paging = await pagingTest()
  })
  after(() => paging?.stop())
  const ask = async (token?: string, path = '/health/paging') => {
    const headers = token ? { authorization: `Bearer ${token}` } : {}
    const reply = await paging.server.http.inject({ url: path, headers })
    return { status: reply.statusCode, body: reply.json() }
  }

  test('it is 503 until engine, watch and beat are there, and names nobody to a stranger', async () => {
    const before = await ask()
    assert.deepEqual([before.status, before.body.reasons], [503, ['no-engine', 'engine-idle', 'unwatched']])
    const { pool } = paging.server.platform.database
    const at = paging.server.clock.now()
    for (const [n, role] of ['engine', 'watch'].entries())
      await pool.query(
        `insert into processes (id, host, pid, roles, version, schema_version, started_at, seen_at)
         values ($1, 'one', 1, array[$2], '0', 0, $3, $3)`,
        [`01890000-0000-7000-8000-00000000e00${n}`, role, at],
      )
    const found = [
      { kind: 'unverified-contact', subject: 'x', detail: 'Nothing proven reaches Bo.', sinceAt: 1 },
    ]
    await pool.query(
      'insert into paging_beat (beat_at, checked_at, findings) values ($1, $1, $2::jsonb) on conflict (one) do nothing',
      [at, JSON.stringify(found)],
    )
    // The answer before is good for a second.
    let after = await ask()
    while (after.status === 503) after = await ask()
    assert.deepEqual([after.status, after.body.warnings], [200, ['unverified-contact']])
    assert.doesNotMatch(JSON.stringify(after.body), /Bo/)
    assert.equal(after.body.findings, undefined)
    assert.deepEqual((await ask('not-a-token')).body.findings, undefined)
    assert.deepEqual((await ask(paging.team.auditor.token)).body.findings, found)
  })

  test('whoever waits for a claim that does not come is told so', async () => {
    paging.server.clock.advance(1)
    const { status, body } = await ask(undefined, '/health/paging?wait=1')
    assert.deepEqual([status, body.reasons], [503, ['engine-idle']])
  })
})
