/** Maintenance windows on real rows: what they keep quiet, when they stop, and that what still fires then pages at once and together. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { WindowDetailReply } from '../../../contract/operations/maintenance.ts'
import type { DecisionDetailReply } from '../../../contract/operations/decision-log.ts'
import type { Actor } from '../../platform/actor.ts'
import { pagingTest, MINUTE, type PagingTest } from '../paging/paging.fixture.ts'
import { acknowledgeAlert } from '../alerts/acknowledge-alert.ts'
import { closeAlert } from '../alerts/close-alert.ts'
import { openOwnAlert } from '../alerts/own-alert.ts'
import { record } from '../../platform/record.ts'
import { alertOfSilence } from '../../../domain/operations/heartbeats/heartbeat.ts'

let paging: PagingTest
const HOUR = 60 * MINUTE
const now = () => paging.server.clock.now()

before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())

/** Alerts and windows of other tests are over, and nothing is paged. */
beforeEach(async () => {
  const { server, team } = paging
  const { db } = server.platform.database
  const engineer = server.as(team.engineers[0].actor as Actor)
  const lasting = await db
    .selectFrom('maintenance_windows')
    .select('id')
    .where('ended_at', 'is', null)
    .execute()
  for (const { id } of lasting) await send('POST', `/api/maintenance-windows/${id}/finish`)
  for (const { id } of await db.selectFrom('alerts').select('id').where('status', '<>', 'closed').execute())
    await closeAlert(engineer, { alertId: id, reason: 'test' })
  server.clock.advance(HOUR)
  await paging.drain()
})

const send = async <T>(method: 'GET' | 'POST', url: string, payload?: unknown, token?: string) => {
  const reply = await paging.server.http.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${token ?? paging.team.engineers[0].token}`,
      ...(payload ? { 'content-type': 'application/json' } : {}),
    },
    ...(payload ? { payload: JSON.stringify(payload) } : {}),
  })
  return { status: reply.statusCode, body: JSON.parse(reply.body) as T & { code: string } }
}

const decided = async (more: object = {}): Promise<DecisionDetailReply> => {
  const { status, body } = await send<DecisionDetailReply>('POST', '/api/decisions', {
    environment: 'acme-prod',
    what: 'Upgrade the nodes of workload-1',
    why: 'The kernel is old',
    options: [],
    risk: 'none known',
    rollback: 'Boot the old image',
    validUntil: null,
    cooperation: { kind: 'internal' },
    ...more,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

const planned = async (
  decision: DecisionDetailReply,
  more: Partial<{ startsAt: number; endsAt: number; scope: object }> = {},
): Promise<WindowDetailReply> => {
  const { status, body } = await send<WindowDetailReply>('POST', '/api/maintenance-windows', {
    decisionId: decision.id,
    endsAt: now() + 2 * HOUR,
    scope: {},
    ...more,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}
const windowNow = async (id: string) =>
  (await send<WindowDetailReply>('GET', `/api/maintenance-windows/${id}`)).body
const pagesSince = async (since: number) =>
  (await paging.pagesOf(paging.team.acmeProd)).filter(({ requested_at }) => requested_at >= since)
const carriedBy = async (pageId: string): Promise<string[]> =>
  (
    await paging.server.platform.database.db
      .selectFrom('page_alerts')
      .innerJoin('alerts', 'alerts.id', 'page_alerts.alert_id')
      .select('alerts.name')
      .where('page_id', '=', pageId)
      .execute()
  )
    .map(({ name }) => name)
    .toSorted()
const alertNamed = (name: string) =>
  paging.server.platform.database.db
    .selectFrom('alerts')
    .selectAll()
    .where('name', '=', name)
    .orderBy('opened_at', 'desc')
    .executeTakeFirstOrThrow()
const detailOf = async (name: string) =>
  (
    await send<{
      suppression: { windowId: string; decision: { number: string }; until: number } | null
      activity: { kind: string; until: number | null; detail: string | null }[]
    }>('GET', `/api/alerts/${(await alertNamed(name)).id}`)
  ).body

test('while a window lasts nobody is paged; at its announced end what still fires pages as one bundle', async () => {
  const since = now()
  const { acmeProd } = paging.team
  const decision = await decided()
  const window = await planned(decision)
  await paging.fire(acmeProd, { name: 'NodeDown', labels: { group: 'nodes' } }, { name: 'DiskGone' })
  await paging.fire(acmeProd, { name: 'ApiSlow', labels: { severity: 'high' } })
  await paging.fire(acmeProd, { name: 'GoneAgain' })
  await paging.fire(acmeProd, { name: 'GoneAgain', status: 'resolved' })
  await paging.drain()
  assert.deepEqual(await pagesSince(since), [])
  const shown = await detailOf('NodeDown')
  assert.deepEqual(shown.suppression, {
    windowId: window.id,
    decision: { id: decision.id, number: decision.number },
    until: window.endsAt,
  })
  const told = shown.activity.find(({ kind }) => kind === 'suppressed')
  assert.deepEqual([told?.until, told?.detail], [window.endsAt, decision.number])
  const listed = await windowNow(window.id)
  assert.equal(listed.suppresses, true)
  assert.deepEqual(listed.suppressed.map(({ name, status }) => `${name} ${status}`).toSorted(), [
    'ApiSlow open',
    'DiskGone open',
    'GoneAgain closed',
    'NodeDown open',
  ])
  paging.server.clock.advance(2 * HOUR)
  await paging.drain()
  const [page, ...more] = await pagesSince(since)
  assert.deepEqual(more, [], 'one bundle')
  assert.deepEqual(await carriedBy(page?.id ?? ''), ['ApiSlow', 'DiskGone', 'NodeDown'])
  assert.equal((await windowNow(window.id)).ended?.how, 'announced')
  assert.equal((await detailOf('NodeDown')).suppression, null)
  await paging.drain()
  assert.equal((await pagesSince(since)).length, 1)
})

test('past its end a window keeps nothing quiet, also when the task that ends it is late', async () => {
  const since = now()
  await planned(await decided())
  paging.server.clock.advance(2 * HOUR)
  await paging.fire(paging.team.acmeProd, { name: 'LateTask' })
  assert.equal((await pagesSince(since)).length, 1)
})

test('an early finish pages what still fires at once; what was taken or fires elsewhere is left alone', async () => {
  const since = now()
  const { acmeProd, engineers } = paging.team
  const window = await planned(await decided())
  await paging.fire(acmeProd, { name: 'StillFires' }, { name: 'Taken' })
  const engineer = paging.server.as(engineers[0].actor as Actor)
  await acknowledgeAlert(engineer, { alertId: (await alertNamed('Taken')).id })
  const finished = await send<WindowDetailReply>('POST', `/api/maintenance-windows/${window.id}/finish`)
  assert.equal(finished.body.ended?.how, 'finished')
  const [page, ...more] = await pagesSince(since)
  assert.equal(more.length, 0)
  assert.deepEqual(await carriedBy(page?.id ?? ''), ['StillFires'])
  const again = await send('POST', `/api/maintenance-windows/${window.id}/finish`)
  assert.equal(again.status, 409, 'a double click finds it over')
  assert.equal((await pagesSince(since)).length, 1)
})

test('an extension before the end moves it; one that comes after the end is refused', async () => {
  const since = now()
  const window = await planned(await decided())
  await paging.fire(paging.team.acmeProd, { name: 'Extended' })
  const path = `/api/maintenance-windows/${window.id}/extend`
  const extended = await send<WindowDetailReply>('POST', path, {
    endsAt: window.endsAt + HOUR,
    reason: 'One node takes long',
  })
  assert.equal(extended.status, 200, JSON.stringify(extended.body))
  assert.equal(extended.body.announcedEndAt, window.endsAt)
  assert.equal(extended.body.extensions[0]?.reason, 'One node takes long')
  paging.server.clock.advance(2 * HOUR + MINUTE)
  await paging.drain()
  assert.deepEqual(await pagesSince(since), [], 'not at the end that was announced first')
  paging.server.clock.advance(HOUR)
  const late = await send('POST', path, { endsAt: now() + HOUR, reason: 'Too late' })
  assert.deepEqual([late.status, late.body.code], [409, 'window-over'])
  await paging.drain()
  assert.equal((await pagesSince(since)).length, 1)
})

test('only the scope of a window is kept quiet; heartbeats and what is labelled never-suppress page', async () => {
  const since = now()
  const { acmeProd, globexProd } = paging.team
  await planned(await decided(), {
    scope: { clusters: ['workload-1'], labels: [{ label: 'severity', oneOf: ['critical'] }] },
  })
  await paging.fire(acmeProd, { name: 'InScope', labels: { cluster: 'workload-1', severity: 'critical' } })
  assert.deepEqual(await pagesSince(since), [])
  await paging.fire(acmeProd, { name: 'OtherCluster', labels: { cluster: 'workload-2' } })
  const labels = { cluster: 'workload-1', severity: 'critical', never_suppress: 'true' }
  await paging.fire(acmeProd, { name: 'Always', labels })
  const [page] = await pagesSince(since)
  assert.deepEqual(await carriedBy(page?.id ?? ''), ['Always', 'OtherCluster'])
  await paging.fire(globexProd, { name: 'Elsewhere', labels: { cluster: 'workload-1' } })
  assert.ok((await paging.pagesOf(globexProd)).some(({ requested_at }) => requested_at >= since))
})

test('a decision that is amended, withdrawn or superseded ends its windows; more time alone does not', async () => {
  for (const [verb, body] of [
    ['amend', { what: 'Upgrade also workload-2', reason: 'Asked for' }],
    ['amend', { validUntil: now() + 10 * MINUTE, reason: 'Done by then' }],
    ['withdraw', { reason: 'The customer said no' }],
    ['supersede', undefined],
  ] as const) {
    const since = now()
    const decision = await decided({ validUntil: now() + 4 * HOUR })
    const window = await planned(decision)
    await paging.fire(paging.team.acmeProd, { name: `Under${verb}${since}` })
    const longer = { validUntil: now() + 5 * HOUR, reason: 'More time' }
    assert.equal((await send('POST', `/api/decisions/${decision.id}/amend`, longer)).status, 200)
    assert.equal((await windowNow(window.id)).state, 'lasting')
    const given = body ?? { supersededBy: (await decided()).id }
    const changed = await send('POST', `/api/decisions/${decision.id}/${verb}`, given)
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    assert.equal((await windowNow(window.id)).ended?.how, 'decision', verb)
    assert.equal((await pagesSince(since)).length, 1, verb)
    paging.server.clock.advance(MINUTE)
  }
})

test('a window is planned only under a decision that covers it, and never beyond', async () => {
  const proposed = await decided({ cooperation: undefined })
  const plan = (decisionId: string, more: object = {}) =>
    send('POST', '/api/maintenance-windows', { decisionId, endsAt: now() + HOUR, scope: {}, ...more })
  assert.equal((await plan(proposed.id)).body.code, 'decision-not-decided')
  const short = await decided({ validUntil: now() + HOUR / 2 })
  assert.equal((await plan(short.id)).body.code, 'decision-ends-before')
  const whole = await decided()
  assert.equal((await plan(whole.id, { endsAt: now() - HOUR })).body.code, 'window-too-short')
  assert.equal((await plan(whole.id, { endsAt: now() + 32 * 24 * HOUR })).body.code, 'window-too-long')
  const nobody = '01890000-0000-7000-8000-000000000000'
  assert.equal((await plan(nobody)).status, 404)
  const { auditor } = paging.team
  const refused = await send(
    'POST',
    '/api/maintenance-windows',
    { decisionId: whole.id, endsAt: now() + HOUR, scope: {} },
    auditor.token,
  )
  assert.equal(refused.status, 403)
})

test('a window that was kept while its decision lost its cover keeps nothing quiet: it fails open', async () => {
  const since = now()
  const decision = await decided()
  const window = await planned(decision)
  // As after a fault of ours: the row says decided no more, and nothing told the window.
  await paging.server.platform.database.db.transaction().execute(async (db) => {
    const { sql } = await import('kysely')
    await sql`select set_config('fortnight.class_guard', 'off', true)`.execute(db)
    await db.updateTable('decisions').set({ status: 'withdrawn' }).where('id', '=', decision.id).execute()
  })
  await paging.fire(paging.team.acmeProd, { name: 'FailsOpen' })
  assert.equal((await pagesSince(since)).length, 1)
  assert.equal((await windowNow(window.id)).suppresses, false)
})

test('the silence of a heartbeat pages in every window', async () => {
  const since = now()
  await planned(await decided())
  const { acmeProd, administrator } = paging.team
  const heartbeat = {
    name: 'watchdog',
    description: '',
    alertMessage: '',
    priority: 1,
    intervalMs: MINUTE,
    enabled: true,
  }
  const alert = alertOfSilence(heartbeat as never, { fingerprint: 'f'.repeat(32), now: since })
  await record(paging.server.as(administrator.actor as Actor), async (tx) => {
    await openOwnAlert(tx, { customerId: acmeProd.customerId, environmentId: acmeProd.id }, alert)
    tx.observed()
  })
  assert.equal((await pagesSince(since)).length, 1)
})

test('what arrives while a window is being finished pages, before or after: nothing falls between', async () => {
  for (let round = 0; round < 8; round++) {
    const window = await planned(await decided())
    const names = Array.from({ length: 8 }, (_, n) => `Between${round}x${n}`)
    const firing = names.map((name) => paging.fire(paging.team.acmeProd, { name, labels: { group: name } }))
    const finished = send('POST', `/api/maintenance-windows/${window.id}/finish`)
    await Promise.all([...firing, finished])
    // Also on a page that rang already when they came.
    const pages = await paging.pagesOf(paging.team.acmeProd)
    const carried = (await Promise.all(pages.map(({ id }) => carriedBy(id)))).flat()
    assert.deepEqual(carried.filter((name) => names.includes(name)).toSorted(), names)
  }
})

test('two ends at once page once, and a task that runs twice finds nothing left', async () => {
  const since = now()
  const window = await planned(await decided())
  await paging.fire(paging.team.acmeProd, { name: 'Once' })
  const path = `/api/maintenance-windows/${window.id}/finish`
  const replies = await Promise.all([send('POST', path), send('POST', path)])
  assert.deepEqual(replies.map(({ status }) => status).toSorted(), [200, 409])
  paging.server.clock.advance(3 * HOUR)
  await paging.drain()
  assert.equal((await pagesSince(since)).length, 1)
})
