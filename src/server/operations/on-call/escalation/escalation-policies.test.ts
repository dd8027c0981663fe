/** Escalation policies through the API: targets that exist, the environment's own before the default, one event a change. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bodyOf } from '../../../platform/event-body.ts'
import { record } from '../../../platform/record.ts'
import { archiveAccount } from '../../../people/accounts/archive-account.ts'
import { TEST_START } from '../../../testing/test-server.ts'
import { whoIsOnCallNow } from '../on-call-now.ts'
import { expectStatus, madeId, openRota, weekly, type Rota } from '../rota-for-tests.test.ts'
import { loadPolicyFor } from './store.ts'

let rota: Rota
let scheduleId: string
before(async () => {
  rota = await openRota()
  const { team, call } = rota
  const layers = [weekly([team.engineers[0].id])]
  const made = await call<'createSchedule'>(team.deliveryManager, 'POST', '/api/schedules', {
    slug: 'primary',
    name: 'Primary',
    layers,
  })
  scheduleId = madeId(expectStatus(made, 201))
})
after(() => rota.stop())

const role = (name: string) => ({ kind: 'role', role: name })
const steps = () => [
  { afterMinutes: 0, targets: [{ kind: 'schedule', id: scheduleId }] },
  { afterMinutes: 10, targets: [{ kind: 'account', id: rota.team.engineers[1].id }, role('architect')] },
]
const fallback = [role('administrator')]
const make = (slug: string, more: object = {}) =>
  rota.call<'createEscalationPolicy'>(rota.team.deliveryManager, 'POST', '/api/escalation-policies', {
    slug,
    name: slug,
    steps: steps(),
    fallback,
    ...more,
  })
const assign = (environment: string, policy: string | null, as = rota.team.deliveryManager) =>
  rota.call(as, 'PUT', `/api/environments/${environment}/escalation-policy`, { policy })

test('a policy answers with the names of everything it tells and with targets that reach nobody', async () => {
  const made = expectStatus(await make('usual', { repeat: 1 }), 201)
  assert.deepEqual(made.body.steps, steps())
  assert.equal(made.body.repeat, 1)
  assert.deepEqual(
    made.body.people.map(({ handle }) => handle),
    ['cleo'],
  )
  assert.deepEqual(made.body.schedules, [{ id: scheduleId, slug: 'primary', name: 'Primary' }])
  assert.deepEqual(made.body.findings, [
    { code: 'role-without-people', severity: 'red', detail: 'Nobody has the role architect.' },
  ])
  const read = await rota.call<'getEscalationPolicy'>(
    rota.team.auditor,
    'GET',
    '/api/escalation-policies/usual',
  )
  assert.deepEqual(read.body, { ...made.body, can: { change: false } })
})

test('a policy that names what does not exist, or is out of order, is refused with the place', async () => {
  const nobody = '00000000-0000-7000-8000-000000000000'
  const unknown = expectStatus(
    await make('refused', {
      steps: [{ afterMinutes: 0, targets: [{ kind: 'schedule', id: nobody }] }],
      fallback: [{ kind: 'account', id: rota.team.acmeContact.id }],
    }),
    422,
  )
  assert.deepEqual(unknown.body.errors, [
    { path: 'body.steps.0.targets.0', detail: 'no schedule has this id' },
    { path: 'body.fallback.0', detail: 'no member of staff has this id' },
  ])
  const step = (afterMinutes: number) => ({ afterMinutes, targets: fallback })
  assert.equal((await make('refused', { steps: [step(5)] })).body.code, 'first-step-late')
  assert.equal((await make('refused', { steps: [step(0), step(0)] })).body.code, 'step-delay-invalid')
  expectStatus(await make('refused', { steps: [] }), 422)
  expectStatus(await make('refused', { fallback: [] }), 422)
  expectStatus(await make('refused', { fallback: [{ kind: 'schedule', id: scheduleId }] }), 422)
  expectStatus(
    await rota.call<'getEscalationPolicy'>(rota.team.auditor, 'GET', '/api/escalation-policies/refused'),
    404,
  )
  expectStatus(
    await rota.call<'createEscalationPolicy'>(rota.team.engineers[0], 'POST', '/api/escalation-policies', {}),
    403,
  )
})

test('one person who is on call in two rotas of a policy at once is pointed out', async () => {
  const [bo, cleo] = rota.team.engineers
  const rotaOf = async (slug: string, people: readonly string[]) => {
    const body = { slug, name: slug, layers: [weekly(people)] }
    const { deliveryManager } = rota.team
    return madeId(await rota.call<'createSchedule'>(deliveryManager, 'POST', '/api/schedules', body))
  }
  const step = (id: string, afterMinutes: number) => ({
    afterMinutes,
    targets: [{ kind: 'schedule' as const, id }],
  })
  const twiceOf = async (slug: string, first: string, second: string) => {
    const made = expectStatus(await make(slug, { steps: [step(first, 0), step(second, 10)] }), 201)
    return made.body.findings.flatMap(({ code, detail }) => (code === 'same-person-twice' ? [detail] : []))
  }
  const one = await rotaOf('front', [bo.id, cleo.id])
  const [detail] = await twiceOf('twice', one, await rotaOf('same', [bo.id]))
  assert.match(detail ?? '', /^Bo Example is on call in front and in same at once, first on 2026-11-/)
  assert.deepEqual(await twiceOf('apart', one, await rotaOf('turned', [cleo.id, bo.id])), [])
})

test('an environment follows its own policy, else the default, else none; the choice stands in its own log', async () => {
  const { acmeProd, engineers } = rota.team
  const { db } = rota.platform.database
  const followed = async () => (await loadPolicyFor(db, acmeProd.id))?.slug
  assert.equal(await followed(), undefined)
  expectStatus(await make('default'), 201)
  assert.equal(await followed(), 'default')
  expectStatus(await make('own'), 201)
  expectStatus(await assign('acme-prod', 'own', engineers[0]), 403)
  expectStatus(await assign('acme-prod', 'own'), 200)
  expectStatus(await assign('acme-prod', 'own'), 200)
  assert.equal(await followed(), 'own')
  assert.equal((await loadPolicyFor(db, rota.team.globexProd.id))?.slug, 'default')
  const list = await rota.call<'listEscalationPolicies'>(rota.team.auditor, 'GET', '/api/escalation-policies')
  const own = list.body.rows.find(({ slug }) => slug === 'own')
  assert.deepEqual(
    own?.environments.map(({ slug }) => slug),
    ['acme-prod'],
  )

  const events = await db
    .selectFrom('events')
    .innerJoin('event_bodies', 'event_bodies.event_id', 'events.id')
    .select(['events.environment_id', 'event_bodies.disclosures'])
    .where('events.type', '=', 'environment.escalation-policy-chosen')
    .execute()
  assert.deepEqual(
    events.map((event) => [event.environment_id, bodyOf(event.disclosures)['policySlug']]),
    [[acmeProd.id, 'own']],
  )
  expectStatus(await assign('acme-prod', null), 200)
  assert.equal(await followed(), 'default')
  expectStatus(await assign('acme-prod', 'unknown'), 404)
  expectStatus(await assign('unknown', 'own'), 404)
})

test('an integration’s transaction, which sees only its customer, still finds the policy and who is on call', async () => {
  const { acmeProd } = rota.team
  const ctx = rota.as({
    kind: 'integration',
    keyId: acmeProd.keyId,
    environmentId: acmeProd.id,
    customerId: acmeProd.customerId,
    via: 'integration',
  })
  const found = await record(ctx, async (tx) => {
    tx.observed()
    const policy = await loadPolicyFor(tx.db, acmeProd.id)
    const duty = await whoIsOnCallNow(tx.db, scheduleId, TEST_START)
    return { slug: policy?.slug, onCall: duty.kind === 'people' && duty.people[0].accountId }
  })
  assert.deepEqual(found, { slug: 'default', onCall: rota.team.engineers[0].id })
})

test('what is in use is not put away: the refusal names who uses it', async () => {
  const { deliveryManager } = rota.team
  const archive = (path: string) => rota.call(deliveryManager, 'POST', `/api/${path}/archive`)
  expectStatus(await make('last'), 201)
  expectStatus(await assign('acme-staging', 'last'), 200)
  const policy = await archive('escalation-policies/last')
  assert.equal(policy.body.code, 'policy-in-use')
  assert.match(policy.body.detail, /acme-staging/)
  assert.equal((await archive('escalation-policies/default')).body.code, 'policy-in-use')
  const schedule = await archive('schedules/primary')
  assert.equal(schedule.body.code, 'schedule-in-use')
  assert.match(schedule.body.detail, /last/)
  expectStatus(await assign('acme-staging', null), 200)
  expectStatus(await archive('escalation-policies/last'), 200)
  const gone = await assign('acme-staging', 'last')
  assert.equal(gone.body.code, 'policy-archived')
})

test('a policy that comes to tell a schedule and the archiving of that schedule never both succeed', async () => {
  const { team, call } = rota
  for (let round = 0; round < 5; round += 1) {
    const slug = `raced-${round}`
    const layers = [weekly([team.engineers[0].id])]
    const made = await call<'createSchedule'>(team.deliveryManager, 'POST', '/api/schedules', {
      slug,
      name: slug,
      layers,
    })
    const id = madeId(expectStatus(made, 201))
    const told = [{ afterMinutes: 0, targets: [{ kind: 'schedule', id }] }]
    const answers = await Promise.all([
      make(slug, { steps: told }),
      call<'archiveSchedule'>(team.deliveryManager, 'POST', `/api/schedules/${slug}/archive`),
    ])
    assert.equal(answers.filter(({ status }) => status < 300).length, 1, JSON.stringify(answers))
  }
})

test('a replaced policy is one event with the whole definition; the same again is none', async () => {
  const { team, call } = rota
  const url = '/api/escalation-policies/usual'
  const wanted = { name: 'Usual', steps: steps().slice(0, 1), repeat: 2, fallback, ifVersion: 1 }
  const changed = expectStatus(
    await call<'replaceEscalationPolicy'>(team.deliveryManager, 'PUT', url, wanted),
    200,
  )
  assert.deepEqual([changed.body.version, changed.body.repeat], [2, 2])
  const { ifVersion: _seen, ...same } = wanted
  expectStatus(await call<'replaceEscalationPolicy'>(team.deliveryManager, 'PUT', url, same), 200)
  expectStatus(await call<'replaceEscalationPolicy'>(team.deliveryManager, 'PUT', url, wanted), 409)
  const events = await rota.platform.database.db
    .selectFrom('events')
    .innerJoin('event_bodies', 'event_bodies.event_id', 'events.id')
    .select('event_bodies.disclosures')
    .where('events.type', '=', 'escalation-policy.changed')
    .execute()
  assert.deepEqual(
    events.map((event) => bodyOf(event.disclosures)),
    [{ slug: 'usual', ...same }],
  )
})

test('a target that was archived since is a red finding', async () => {
  const { team, call } = rota
  const target = { kind: 'account', id: team.engineers[2].id }
  expectStatus(await make('leaver', { fallback: [target] }), 201)
  await archiveAccount(rota.as(team.administrator.actor), { accountId: target.id })
  const { body } = await call<'getEscalationPolicy'>(team.auditor, 'GET', '/api/escalation-policies/leaver')
  assert.ok(body.findings.some(({ code, severity }) => code === 'archived-target' && severity === 'red'))
  const newly = expectStatus(await make('newly', { fallback: [target] }), 422)
  assert.match(newly.body.detail, /Dag Example is archived/)
})
