/** Alert policies on real rows: as alerts come in they are rewritten, delayed, listed, made one, closed, and never lost. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Actor } from '../../../platform/actor.ts'
import { pagingTest, MINUTE, type PagingTest } from '../../paging/paging.fixture.ts'
import { systemCtx } from '../../../platform/context.ts'
import { closeAlert } from '../close-alert.ts'
import { getAlert } from '../get-alert.ts'
import { closeSilent } from './auto-close.ts'
import { getAlertPolicies, replaceAlertPolicies } from './policies.ts'
import { tryAlertPolicies } from './try-policies.ts'

let paging: PagingTest
const now = () => paging.server.clock.now()
const administrator = () => paging.server.as(paging.team.administrator.actor as Actor)
type Policies = Parameters<typeof replaceAlertPolicies>[1]['policies']
type Does = Policies[number]['does']
const policies = (...given: Policies) => replaceAlertPolicies(administrator(), { policies: given })
const policy = (id: string, does: Does, when: Policies[number]['when'] = {}) => ({
  id,
  name: `Policy ${id}`,
  when,
  does,
})
const labelled = (label: string) => ({ labels: [{ label, oneOf: [] }] })

before(async () => {
  paging = await pagingTest()
})
after(() => paging?.stop())
beforeEach(async () => {
  await policies()
  const { db } = paging.server.platform.database
  for (const { id } of await db.selectFrom('alerts').select('id').where('status', '<>', 'closed').execute())
    await closeAlert(administrator(), { alertId: id, reason: 'test' })
  paging.server.clock.advance(2 * 60 * MINUTE)
  await paging.drain()
})

const fire = (...alerts: Parameters<PagingTest['fire']> extends [unknown, ...infer Rest] ? Rest : never) =>
  paging.fire(paging.team.acmeProd, ...alerts)
const pagesSince = async (since: number) =>
  (await paging.pagesOf(paging.team.acmeProd)).filter(({ requested_at }) => requested_at >= since)
const alertsNamed = (name: string) =>
  paging.server.platform.database.db
    .selectFrom('alerts')
    .selectAll()
    .where('name', '=', name)
    .orderBy('opened_at')
    .execute()
const activityOf = async (name: string) => {
  const [{ id } = { id: '' }] = (await alertsNamed(name)).slice(-1)
  return (await getAlert(administrator(), { alertId: id }, async () => [])).activity.map(({ kind }) => kind)
}
const passes = async (ms: number): Promise<void> => {
  paging.server.clock.advance(ms)
  await closeSilent(systemCtx(paging.server.platform, 'test'))
  await paging.drain()
}

test('a policy rewrites an alert before it pages: what was not urgent wakes somebody, and what was sent is kept', async () => {
  await policies(
    policy(
      'raise',
      { kind: 'rewrite', message: '{{labels.pod}}: {{message}}', priority: 'P1', addTags: ['raised'] },
      labelled('pod'),
    ),
  )
  const since = now()
  await fire({ name: 'Raised', severity: 'low', labels: { pod: 'api-7' } })
  const [page] = await pagesSince(since)
  assert.equal(page?.priority, 1)
  const [alert] = await alertsNamed('Raised')
  assert.match(alert?.summary ?? '', /^api-7: /)
  assert.deepEqual(alert?.tags, ['raised'])
  const shown = await getAlert(administrator(), { alertId: alert?.id ?? '' }, async () => [])
  assert.deepEqual(shown.policies, [{ id: 'raise', name: 'Policy raise', did: 'rewrite' }])
  assert.equal(shown.sent?.priority, 'P4')
})

test('a suppressed alert is listed and pages nobody, and says by which policy', async () => {
  await policies(policy('noise', { kind: 'suppress' }, labelled('noisy')))
  const since = now()
  await fire({ name: 'Noise', labels: { noisy: 'yes' } })
  assert.deepEqual(await pagesSince(since), [])
  assert.ok((await activityOf('Noise')).includes('kept-by-policy'))
  await fire({ name: 'Signal' })
  assert.equal((await pagesSince(since)).length, 1)
})

test('a delayed alert pages only if it still fires when its time is over', async () => {
  await policies(policy('short', { kind: 'delay', minutes: 10, occurrences: null }))
  const since = now()
  await fire({ name: 'Passing' }, { name: 'Lasting' })
  await fire({ name: 'Passing', status: 'resolved' })
  await passes(9 * MINUTE)
  assert.deepEqual(await pagesSince(since), [])
  assert.ok((await activityOf('Lasting')).includes('delayed-until'))
  await passes(MINUTE)
  const [page, ...more] = await pagesSince(since)
  assert.equal(more.length, 0)
  assert.match(page?.title ?? '', /^Lasting/)
  await passes(10 * MINUTE)
  assert.equal((await pagesSince(since)).length, 1)
})

/** Counters are written a moment after what they count. */
const becomes = async (isSo: () => Promise<boolean>): Promise<void> => {
  const until = Date.now() + 5_000
  while (!(await isSo()) && Date.now() < until) await new Promise((go) => setImmediate(go))
  assert.ok(await isSo())
}
const pagesWithin = (since: number, count: number): Promise<void> =>
  becomes(async () => (await pagesSince(since)).length === count)

test('an alert that waits to be said three times pages at the third', async () => {
  await policies(policy('often', { kind: 'delay', minutes: null, occurrences: 3 }))
  const since = now()
  await fire({ name: 'Often' })
  await fire({ name: 'Often' })
  assert.deepEqual(await pagesSince(since), [])
  assert.ok((await activityOf('Often')).includes('delayed-until-said'))
  await fire({ name: 'Often' })
  await pagesWithin(since, 1)
  // Said so often within one notification: nothing later may come.
  await fire({ name: 'AtOnce' }, { name: 'AtOnce' }, { name: 'AtOnce' })
  const all = await pagesSince(since)
  const { rowCount } = await paging.server.platform.database.pool.query(
    `select 1 from page_alerts pa join alerts a on a.id = pa.alert_id where a.name = 'AtOnce'`,
  )
  assert.deepEqual([all.length, rowCount], [1, 1])
})

test('alerts of one alias are one with a count; it is over when the last of them is', async () => {
  await policies(policy('pods', { kind: 'deduplicate', alias: '{{name}} {{labels.app}}' }, labelled('app')))
  const since = now()
  const pod = (n: number, status: 'firing' | 'resolved' = 'firing') => ({
    name: 'PodDown',
    status,
    labels: { app: 'web', pod: `web-${n}` },
  })
  await fire(pod(1), pod(2))
  await fire(pod(3))
  const [one, ...others] = await alertsNamed('PodDown')
  assert.deepEqual(others, [])
  assert.equal((await pagesSince(since)).length, 1)
  await fire(pod(1, 'resolved'))
  await fire(pod(3, 'resolved'), pod(1))
  await fire(pod(2, 'resolved'))
  assert.equal((await alertsNamed('PodDown'))[0]?.status, 'open', 'the first fires again')
  // What is one stays one while it fires, also when the policy is gone.
  await policies()
  await fire(pod(1, 'resolved'))
  assert.equal((await alertsNamed('PodDown'))[0]?.status, 'closed')
  const { rows } = await paging.server.platform.database.pool.query('select member from merged_alerts')
  assert.deepEqual(rows, [])
  await fire(pod(1), pod(2))
  assert.equal((await alertsNamed('PodDown')).filter(({ status }) => status === 'open').length, 2)
  assert.ok(one)
})

test('an alert that was merged and closed by hand opens again with who still fires, and ends with them', async () => {
  await policies(policy('pods', { kind: 'deduplicate', alias: '{{name}}' }, labelled('app')))
  const pod = (n: number, status: 'firing' | 'resolved' = 'firing') => ({
    name: 'PodSlow',
    status,
    labels: { app: 'web', pod: `web-${n}` },
  })
  await fire(pod(1), pod(2))
  const [{ id } = { id: '' }] = await alertsNamed('PodSlow')
  await closeAlert(administrator(), { alertId: id, reason: 'seen' })
  paging.server.clock.advance(MINUTE)
  // The second is never heard of again: it must not keep the new one open.
  await fire(pod(1))
  await fire(pod(1, 'resolved'))
  assert.deepEqual(
    (await alertsNamed('PodSlow')).map(({ status }) => status),
    ['closed', 'closed'],
  )
})

test('an alert that is not said again closes as what it is, and its page with it', async () => {
  await policies(policy('stale', { kind: 'auto-close', minutes: 20 }))
  const since = now()
  await passes(0)
  await fire({ name: 'Stale' }, { name: 'Said' })
  await passes(15 * MINUTE)
  await fire({ name: 'Said' })
  const { pool } = paging.server.platform.database
  const saidNow = `select 1 from alert_sightings s join alerts a on a.id = s.alert_id where a.name = 'Said' and s.last_seen_at = $1`
  await becomes(async () => (await pool.query(saidNow, [now()])).rowCount === 1)
  await passes(6 * MINUTE)
  await passes(MINUTE)
  const [stale] = await alertsNamed('Stale')
  assert.deepEqual([stale?.status, stale?.closed_by], ['closed', 'policy'])
  assert.ok((await activityOf('Stale')).includes('closed-by-policy'))
  assert.equal((await alertsNamed('Said'))[0]?.status, 'open')
  assert.equal((await pagesSince(since))[0]?.status, 'open', 'what else it carries still fires')
  await passes(30 * MINUTE)
  assert.equal((await pagesSince(since))[0]?.status, 'resolved')
})

test('what flaps pages when it stays; P1 is not damped', async () => {
  const since = now()
  const flap = async (severity: string): Promise<void> => {
    await fire({ name: `Flap ${severity}`, severity })
    await fire({ name: `Flap ${severity}`, severity, status: 'resolved' })
    await passes(MINUTE)
  }
  for (let n = 0; n < 2; n++) await flap('high')
  assert.equal((await pagesSince(since)).length, 2)
  for (let n = 0; n < 3; n++) await flap('high')
  assert.equal((await pagesSince(since)).length, 2, 'flapping pages nobody')
  assert.ok((await activityOf('Flap high')).includes('flaps'))
  await fire({ name: 'Flap high', severity: 'high' })
  await passes(4 * MINUTE)
  assert.equal((await pagesSince(since)).length, 2)
  await passes(MINUTE)
  assert.equal((await pagesSince(since)).length, 3, 'it stayed')
  for (let n = 0; n < 4; n++) await flap('critical')
  assert.equal((await pagesSince(since)).length, 7)
})

test('a policy damps P1, or nothing at all; what always pages is never damped', async () => {
  await policies(
    policy('p1', { kind: 'damp', flap: { times: 2, withinMinutes: 10, stayMinutes: 3 } }, labelled('damp')),
    policy('never', { kind: 'damp', flap: null }, labelled('never')),
    policy('always', { kind: 'always-page' }, labelled('always')),
  )
  const counted = async (labels: Record<string, string>, severity: string): Promise<number> => {
    const since = now()
    for (let n = 0; n < 4; n++) {
      await fire({ name: 'Damped', severity, labels })
      await fire({ name: 'Damped', severity, labels, status: 'resolved' })
      await passes(MINUTE)
    }
    return (await pagesSince(since)).length
  }
  assert.equal(await counted({ damp: 'yes' }, 'critical'), 1)
  assert.equal(await counted({ never: 'yes' }, 'high'), 4)
  assert.equal(await counted({ damp: 'yes', always: 'yes' }, 'critical'), 4)
})

test('a policy that cannot do what it says does nothing: the alert pages, and the fault is shown', async () => {
  await policies(
    policy('lacks', { kind: 'deduplicate', alias: '{{labels.app}}' }),
    policy('quiet', { kind: 'suppress' }, labelled('quiet')),
  )
  const since = now()
  await fire({ name: 'FailsOpen' })
  assert.equal((await pagesSince(since)).length, 1)
  const { faults } = await getAlertPolicies(administrator())
  assert.deepEqual(
    faults.map(({ policyId }) => policyId),
    ['lacks'],
  )
})

test('policies that were stored by somebody else and cannot be read are left out', async () => {
  await policies(policy('quiet', { kind: 'suppress' }))
  await paging.server.platform.database.pool.query(
    `set fortnight.class_guard = 'off'; update alert_policies set version = version + 1,
       policies = '[{"id":"odd","name":"Odd","when":{},"does":{"kind":"unheard-of"}},null,7]'`,
  )
  const since = now()
  await fire({ name: 'Unheard' })
  assert.equal((await pagesSince(since)).length, 1)
  const shown = await getAlertPolicies(administrator())
  assert.deepEqual(shown.policies, [])
  assert.ok(shown.faults.some(({ policyId }) => policyId === 'odd'))
  await policies(policy('quiet', { kind: 'suppress' }))
})

test('trying policies shows what would have come differently, and writes nothing', async () => {
  await fire(
    { name: 'TryMe', severity: 'high', labels: { app: 'web' } },
    { name: 'TryOther', severity: 'high' },
  )
  const draft = [policy('lower', { kind: 'rewrite', priority: 'P4' as const }, labelled('app'))]
  const tried = await tryAlertPolicies(administrator(), { policies: draft, environment: 'acme-prod' })
  const mine = tried.rows.find(({ alert }) => alert.name === 'TryMe')
  assert.deepEqual([mine?.now.priority, mine?.would.priority], ['P2', 'P4'])
  assert.ok(!tried.rows.some(({ alert }) => alert.name === 'TryOther'))
  assert.equal((await getAlertPolicies(administrator())).policies.length, 0)
  await policies(...draft)
  await fire({ name: 'TryMe', severity: 'high', labels: { app: 'web', n: '2' } })
  const again = await tryAlertPolicies(administrator(), { policies: [], environment: 'acme-prod' })
  const restored = again.rows.find(({ alert }) => alert.name === 'TryMe')
  assert.deepEqual([restored?.now.priority, restored?.would.priority], ['P4', 'P2'], 'as its source sent it')
})

test('whoever was faster is named, unknown environments are refused, and an engineer changes nothing', async () => {
  const { version } = await policies(policy('quiet', { kind: 'suppress' }))
  await assert.rejects(
    replaceAlertPolicies(administrator(), { policies: [], ifVersion: version - 1 }),
    /changed by somebody else/,
  )
  const nobody = '01890000-0000-7000-8000-000000000000'
  await assert.rejects(
    policies(policy('x', { kind: 'suppress' }, { environments: [nobody] })),
    /no environment in use/,
  )
  const reply = await paging.server.http.inject({
    method: 'PUT',
    url: '/api/alert-policies',
    headers: {
      authorization: `Bearer ${paging.team.engineers[0].token}`,
      'content-type': 'application/json',
    },
    payload: JSON.stringify({ policies: [] }),
  })
  assert.equal(reply.statusCode, 403)
})
