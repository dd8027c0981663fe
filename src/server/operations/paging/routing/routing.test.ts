/** Routing rules on real rows: who is paged by which policy, who waits for the morning, who is only listed, and that it is all on record. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { bodyOf } from '../../../platform/event-body.ts'
import type { Actor } from '../../../platform/actor.ts'
import { closeAlert } from '../../alerts/close-alert.ts'
import { createEscalationPolicy } from '../../on-call/escalation/create-escalation-policy.ts'
import { acknowledgeAlert } from '../../alerts/acknowledge-alert.ts'
import { pagingTest, type PagingTest } from '../paging.fixture.ts'
import { getRouting, replaceRouting, tryRouting } from './routing.ts'
import {
  archiveServiceHours,
  assignServiceHours,
  createServiceHours,
  replaceServiceHours,
} from './service-hours.ts'

let paging: PagingTest
let calm: string
const administrator = () => paging.server.as(paging.team.administrator.actor as Actor)
type Rules = Parameters<typeof replaceRouting>[1]['rules']
const rules = (...given: Rules) => replaceRouting(administrator(), { rules: given })

before(async () => {
  paging = await pagingTest()
  const { id } = await createEscalationPolicy(administrator(), {
    slug: 'calm',
    name: 'Calm',
    steps: [{ afterMinutes: 0, targets: [{ kind: 'account', id: paging.team.engineers[1].id }] }],
    fallback: [{ kind: 'role', role: 'administrator' }],
  } as never)
  calm = id
  await createServiceHours(administrator(), {
    slug: 'office',
    name: 'Office hours',
    zone: 'UTC',
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '06:00', to: '22:00' }],
    holidays: [],
  })
})
after(() => paging?.stop())

/** Alerts of other tests close, and it is two in the morning of the next day. */
beforeEach(async () => {
  const { server, team } = paging
  await rules()
  await assignServiceHours(administrator(), { environment: 'acme-prod', hours: null })
  const open = await server.platform.database.db
    .selectFrom('alerts')
    .select('id')
    .where('status', '<>', 'closed')
    .execute()
  for (const { id } of open)
    await closeAlert(server.as(team.engineers[0].actor as Actor), { alertId: id, reason: 'test' })
  const now = server.clock.now()
  const day = 86_400_000
  server.clock.advance(Math.ceil(now / day) * day + 2 * 3_600_000 - now)
  await paging.drain()
})

const newPages = async (since: number) =>
  (await paging.pagesOf(paging.team.acmeProd)).filter(({ requested_at }) => requested_at >= since)
const policyOf = (page: { state: unknown }) => (page.state as { policy: { name: string } }).policy.name
const alertNamed = (name: string) =>
  paging.server.platform.database.db
    .selectFrom('alerts')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirstOrThrow()

test('a rule sends alerts with a label to another policy; they ring apart from those of the environment', async () => {
  await rules({
    id: 'storage',
    name: 'Storage',
    when: { labels: [{ label: 'team', oneOf: ['storage'] }] },
    does: { kind: 'page', policyId: calm },
  })
  const since = paging.server.clock.now()
  const { acmeProd } = paging.team
  await paging.fire(acmeProd, { name: 'DiskFull', labels: { team: 'storage' } }, { name: 'NodeDown' })
  await paging.fire(acmeProd, { name: 'DiskSlow', labels: { team: 'storage' } })
  const pages = await newPages(since)
  assert.deepEqual(pages.map(policyOf).toSorted(), ['Calm', 'Default'])
  const carried = async (name: string) =>
    (
      await paging.server.platform.database.db
        .selectFrom('page_alerts')
        .innerJoin('alerts', 'alerts.id', 'page_alerts.alert_id')
        .select('alerts.name')
        .where('page_id', '=', pages.find((page) => policyOf(page) === name)?.id ?? '')
        .execute()
    )
      .map((row) => row.name)
      .toSorted()
  assert.deepEqual(await carried('Calm'), ['DiskFull', 'DiskSlow'])
  assert.deepEqual(await carried('Default'), ['NodeDown'])
})

test('a rule may page what is not urgent, and list what is; what was kept quiet is on record at the alert', async () => {
  await rules(
    {
      id: 'backups',
      name: 'Backups page',
      when: { priorities: ['P3'], labels: [{ label: 'job', oneOf: [] }] },
      does: { kind: 'page', policyId: null },
    },
    {
      id: 'noise',
      name: 'Known noise',
      when: { labels: [{ label: 'noisy', oneOf: ['yes'] }] },
      does: { kind: 'list' },
    },
  )
  const since = paging.server.clock.now()
  const { acmeProd } = paging.team
  await paging.fire(acmeProd, { name: 'Flapping', labels: { noisy: 'yes' } })
  assert.deepEqual(await newPages(since), [])
  await paging.fire(acmeProd, { name: 'BackupLate', labels: { severity: 'medium', job: 'velero' } })
  assert.equal((await newPages(since)).length, 1)
  const { id } = await alertNamed('Flapping')
  const events = await paging.server.platform.database.db
    .selectFrom('events')
    .innerJoin('event_bodies', 'event_bodies.event_id', 'events.id')
    .select(['refs', 'disclosures'])
    .where('type', '=', 'environment.alerts-held-back')
    .execute()
  const about = events.find(({ refs }) => JSON.stringify(refs).includes(id))
  const body = bodyOf(about?.disclosures ?? [])
  assert.deepEqual(body['rule'], { id: 'noise', name: 'Known noise' })
  assert.equal(body['until'], null)
})

const waiting = async (): Promise<void> => {
  await rules({
    id: 'calm-nights',
    name: 'Calm nights',
    when: { priorities: ['P2'], hours: 'outside' },
    does: { kind: 'wait', policyId: null },
  })
  await assignServiceHours(administrator(), { environment: 'acme-prod', hours: 'office' })
}
const FOUR_HOURS = 4 * 3_600_000

test('what may wait pages in the morning, together, unless it is over or somebody has it by then', async () => {
  await waiting()
  const since = paging.server.clock.now()
  const { acmeProd, engineers } = paging.team
  const p2 = { severity: 'warning' }
  await paging.fire(acmeProd, { name: 'SlowA', labels: p2 }, { name: 'SlowB', labels: p2 })
  await paging.fire(acmeProd, { name: 'SlowGone', labels: p2 }, { name: 'SlowTaken', labels: p2 })
  assert.deepEqual(await newPages(since), [])
  const engineer = paging.server.as(engineers[0].actor as Actor)
  await acknowledgeAlert(engineer, { alertId: (await alertNamed('SlowTaken')).id })
  await closeAlert(engineer, { alertId: (await alertNamed('SlowGone')).id, reason: 'over' })
  paging.server.clock.advance(FOUR_HOURS - 1)
  await paging.drain()
  assert.deepEqual(await newPages(since), [])
  paging.server.clock.advance(1)
  await paging.drain()
  const pages = await newPages(since)
  assert.equal(pages.length, 1)
  const carried = await paging.server.platform.database.db
    .selectFrom('page_alerts')
    .innerJoin('alerts', 'alerts.id', 'page_alerts.alert_id')
    .select('alerts.name')
    .where('page_id', '=', pages[0]?.id ?? '')
    .execute()
  assert.deepEqual(carried.map(({ name }) => name).toSorted(), ['SlowA', 'SlowB'])
})

test('what is urgent pages at night, and everything pages during the hours', async () => {
  await waiting()
  const since = paging.server.clock.now()
  const { acmeProd } = paging.team
  await paging.fire(acmeProd, { name: 'DownAtNight' })
  assert.equal((await newPages(since)).length, 1)
  paging.server.clock.advance(FOUR_HOURS)
  await paging.drain()
  const morning = paging.server.clock.now()
  await paging.fire(paging.team.globexProd, { name: 'SlowElsewhere', labels: { severity: 'warning' } })
  assert.equal(
    (await paging.pagesOf(paging.team.globexProd)).filter((page) => page.requested_at >= morning).length,
    1,
  )
})

test('trying says what would become of an alert, by rules that nobody has kept yet, and writes nothing', async () => {
  await waiting()
  const before = await getRouting(administrator())
  const asked = { environment: 'acme-prod', priority: 'P2' as const }
  const now = await tryRouting(administrator(), asked)
  assert.deepEqual(
    [now.does, now.rule?.id, now.policy?.name, now.served],
    ['wait', 'calm-nights', 'Default', false],
  )
  assert.equal(now.until, paging.server.clock.now() + FOUR_HOURS)
  const others: Rules = [{ id: 'all', name: 'All', when: {}, does: { kind: 'page', policyId: calm } }]
  const tried = await tryRouting(administrator(), { ...asked, rules: others })
  assert.deepEqual([tried.does, tried.policy?.name, tried.until], ['page', 'Calm', null])
  const elsewhere = await tryRouting(administrator(), { environment: 'globex-prod', priority: 'P5' })
  assert.deepEqual([elsewhere.does, elsewhere.rule, elsewhere.policy], ['list', null, null])
  assert.deepEqual(await getRouting(administrator()), before)
})

test('two editors do not overwrite each other unseen, and a rule that names nothing is refused with its place', async () => {
  const { version } = await rules()
  const one: Rules = [{ id: 'a', name: 'A', when: {}, does: { kind: 'list' } }]
  const kept = await replaceRouting(administrator(), { rules: one, ifVersion: version })
  assert.equal(kept.version, version + 1)
  await assert.rejects(replaceRouting(administrator(), { rules: [], ifVersion: version }), {
    code: 'conflict',
  })
  assert.equal((await rules(...one)).version, kept.version, 'the same again is no change')
  const nothing = '00000000-0000-7000-8000-00000000dead'
  await assert.rejects(
    rules({ id: 'b', name: 'B', when: { environments: [nothing] }, does: { kind: 'list' } }),
    {
      code: 'invalid-input',
      message: /body\.rules\.0\.when\.environments: no environment in use/,
    },
  )
  await assert.rejects(rules({ ...one[0]!, does: { kind: 'page', policyId: nothing } }), {
    code: 'invalid-input',
  })
})

test('hours that an environment has are not put away, and their changes are checked', async () => {
  await assignServiceHours(administrator(), { environment: 'acme-prod', hours: 'office' })
  await assert.rejects(archiveServiceHours(administrator(), { hours: 'office' }), {
    code: 'service-hours-in-use',
  })
  const never = { name: 'Never', zone: 'UTC', windows: [], holidays: [] }
  await assert.rejects(replaceServiceHours(administrator(), { hours: 'office', ...never }), {
    code: 'never-served',
  })
  await assert.rejects(assignServiceHours(administrator(), { environment: 'acme-prod', hours: 'none' }), {
    code: 'not-found',
  })
})

test('rules, hours and who has which are kept in a file: what was exported applies as no change, and one of them alone can be changed', async () => {
  await waiting()
  const { http } = paging.server
  const headers = { authorization: `Bearer ${paging.team.administrator.token}` }
  const exported = await http.inject({ url: '/api/configuration', headers })
  assert.equal(exported.statusCode, 200, exported.body)
  const { document } = exported.json() as { document: string }
  assert.match(document, /calm-nights/)
  const apply = async (text: string) => {
    const reply = await http.inject({
      method: 'POST',
      url: '/api/configuration/apply',
      headers,
      payload: { document: text },
    })
    assert.equal(reply.statusCode, 200, reply.body)
    return reply.json() as { changes: { kind: string; name: string }[] }
  }
  assert.deepEqual((await apply(document)).changes, [])
  const changed = await apply(document.replace('hours: outside', 'hours: within'))
  assert.deepEqual(
    changed.changes.map(({ kind, name }) => [kind, name]),
    [['routing rule', 'calm-nights']],
  )
  assert.equal((await getRouting(administrator())).rules[0]?.when.hours, 'within')
})
