/** Schedules through the API on a real database: what they answer, refuse and leave behind. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { TEST_START } from '../../testing/test-server.ts'
import { archiveAccount } from '../../people/accounts/archive-account.ts'
import { createAccount } from '../../people/accounts/create-account.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { nextHandOvers } from './hand-overs.ts'
import { whoIsOnCallNow } from './on-call-now.ts'
import { at, expectStatus, madeId, onCallName, openRota, weekly, type Rota } from './rota-for-tests.test.ts'

let rota: Rota
before(async () => {
  rota = await openRota()
})
after(() => rota.stop())

const day = 86_400_000
/** Nobody of this team has proven a way that wakes them; that is said apart. */
const codesOf = (findings: { code: string }[]): string[] =>
  findings.map(({ code }) => code).filter((code) => code !== 'would-not-wake')

const make = (slug: string, layers: unknown[], name = slug) =>
  rota.call<'createSchedule'>(rota.team.deliveryManager, 'POST', '/api/schedules', { slug, name, layers })

const eventsOf = async (type: string) => {
  const rows = await rota.platform.database.db
    .selectFrom('events')
    .innerJoin('event_bodies', 'event_bodies.event_id', 'events.id')
    .select(['events.stream_id', 'events.environment_id', 'event_bodies.disclosures'])
    .where('events.type', '=', type)
    .orderBy('events.id')
    .execute()
  return rows.map((row) => ({ ...row, body: bodyOf(row.disclosures) }))
}

test('a new schedule says who is on call, who is next and what the coming year brings', async () => {
  const { team, call } = rota
  const [bo, cleo, dag] = team.engineers
  const made = expectStatus(await make('primary', [weekly([bo.id, cleo.id, dag.id])], 'Primary'), 201)
  assert.equal(made.body.stored, true)
  assert.deepEqual(codesOf(made.body.findings), [])
  assert.deepEqual(
    made.body.shifts.slice(0, 3).map((shift) => [shift.person.name, shift.from]),
    [
      ['Bo Example', at('2026-11-09T08:00Z')],
      ['Cleo Example', at('2026-11-16T08:00Z')],
      ['Dag Example', at('2026-11-23T08:00Z')],
    ],
  )
  const list = expectStatus(await call<'listSchedules'>(team.auditor, 'GET', '/api/schedules'), 200)
  const row = list.body.rows.find(({ slug }) => slug === 'primary')
  assert.equal(onCallName(row?.onCall), 'Bo Example')
  assert.equal(row?.onCall.until, at('2026-11-16T08:00Z'))
  assert.equal(row?.next?.person.name, 'Cleo Example')
  assert.deepEqual(row?.can, { change: false, override: false })
  assert.deepEqual(list.body.can, { create: false })
  const byId = await call<'getSchedule'>(team.auditor, 'GET', `/api/schedules/${row?.id}`)
  const bySlug = await call<'getSchedule'>(team.auditor, 'GET', '/api/schedules/primary')
  assert.deepEqual(byId.body, bySlug.body)
  assert.equal(bySlug.body.people[0]?.handle, 'bo')
  const event = (await eventsOf('schedule.created')).find(({ body }) => body['slug'] === 'primary')
  assert.deepEqual(event?.body['layers'], bySlug.body.layers)
})

test('the shift over the night the clock goes back lasts an hour longer, and the next hand-over is at 09:00 again', async () => {
  const { team, call } = rota
  const [bo, cleo] = team.engineers
  expectStatus(await make('clock-change', [weekly([bo.id, cleo.id], { startsOn: '2026-10-12' })]), 201)
  const window = `from=${at('2026-10-19T07:00Z')}&to=${at('2026-11-02T08:00Z')}`
  const timeline = expectStatus(
    await call<'scheduleTimeline'>(team.auditor, 'GET', `/api/schedules/clock-change/timeline?${window}`),
    200,
  )
  assert.deepEqual(
    timeline.body.shifts.map((shift) => [shift.person.name, shift.from, shift.to]),
    [
      ['Cleo Example', at('2026-10-19T07:00Z'), at('2026-10-26T08:00Z')],
      ['Bo Example', at('2026-10-26T08:00Z'), at('2026-11-02T08:00Z')],
    ],
  )
  assert.equal(timeline.body.shifts.map(({ from, to }) => to - from)[0], 7 * day + 3_600_000)
  assert.deepEqual(timeline.body.gaps, [])
})

test('a hand-over at a time that the night shows twice has both on call in between, and says so', async () => {
  const { team, call } = rota
  const [bo, cleo] = team.engineers
  const twice = weekly([bo.id, cleo.id], {
    startsOn: '2026-10-18',
    handOver: { weekday: 7, time: '02:30' },
  })
  expectStatus(await make('twice', [twice]), 201)
  const window = `from=${at('2026-10-24T00:00Z')}&to=${at('2026-10-27T00:00Z')}`
  const { body } = expectStatus(
    await call<'scheduleTimeline'>(team.auditor, 'GET', `/api/schedules/twice/timeline?${window}`),
    200,
  )
  const [outgoing, incoming] = body.shifts
  assert.equal(incoming?.from, at('2026-10-25T00:30Z'))
  assert.equal(outgoing?.to, at('2026-10-25T01:30Z'))
  assert.deepEqual(codesOf(body.findings), ['hand-over-in-clock-change'])
})

test('a turn that nobody takes is a red gap in the list and is said openly in the answer to "who"', async () => {
  const { team, call } = rota
  const [bo] = team.engineers
  expectStatus(await make('with-gap', [weekly([bo.id, null])]), 201)
  const list = await call<'listSchedules'>(team.auditor, 'GET', '/api/schedules')
  const row = list.body.rows.find(({ slug }) => slug === 'with-gap')
  assert.deepEqual(
    row?.findings.slice(0, 1).map(({ code, severity, from, to }) => ({ code, severity, from, to })),
    [{ code: 'gap', severity: 'red', from: at('2026-11-16T08:00Z'), to: at('2026-11-23T08:00Z') }],
  )
  const asked = await call<'whoIsOnCall'>(team.auditor, 'GET', `/api/on-call?at=${at('2026-11-17T00:00Z')}`)
  const answer = asked.body.rows.find(({ schedule }) => schedule.slug === 'with-gap')
  assert.deepEqual(answer?.onCall, { kind: 'nobody', onPurpose: false, until: at('2026-11-23T08:00Z') })
  assert.equal(answer?.next?.person.name, 'Bo Example')
  const now = await whoIsOnCallNow(rota.platform.database.db, row?.id ?? '', at('2026-11-17T00:00Z'))
  assert.ok(now.kind === 'nobody' && now.reason === 'gap')
})

test('refusals name the place and the remedy, and nothing is stored', async () => {
  const { team, call } = rota
  const [bo] = team.engineers
  const nobody = '00000000-0000-7000-8000-000000000000'
  const stranger = expectStatus(await make('refused', [weekly([bo.id, nobody])]), 422)
  assert.deepEqual(stranger.body.errors, [
    { path: 'body.layers.0.participants.1', detail: 'no member of staff has this id' },
  ])
  const customer = expectStatus(await make('refused', [weekly([team.acmeContact.id])]), 422)
  assert.match(customer.body.detail, /no member of staff/)
  const zone = await make('refused', [weekly([bo.id], { zone: 'Europe/Stokholm' })])
  assert.equal(zone.body.code, 'unknown-zone')
  assert.match(zone.body.detail, /Europe\/Stokholm/)
  assert.equal(zone.body.errors?.[0]?.path, 'body.layers.0.zone', 'a form shows it at the field')
  assert.equal(
    (await make('refused', [weekly([bo.id], { startsOn: '2026-02-30' })])).body.code,
    'start-date-invalid',
  )
  assert.equal((await make('refused', [weekly([bo.id]), weekly([bo.id])])).body.code, 'duplicate-id')
  expectStatus(await make('refused', [weekly([])]), 422)
  expectStatus(await make('refused', [weekly([bo.id], { startsOn: '9999-01-01' })]), 422)
  expectStatus(await make('primary', [weekly([bo.id])]), 409)
  expectStatus(await call<'getSchedule'>(team.auditor, 'GET', '/api/schedules/refused'), 404)
  const window = `from=${TEST_START}&to=${TEST_START + 401 * day}`
  const long = expectStatus(
    await call<'scheduleTimeline'>(team.auditor, 'GET', `/api/schedules/primary/timeline?${window}`),
    422,
  )
  assert.match(long.body.detail, /400 days/)
  expectStatus(
    await call<'scheduleTimeline'>(team.auditor, 'GET', '/api/schedules/primary/timeline?from=5&to=5'),
    422,
  )
  expectStatus(await call<'whoIsOnCall'>(team.auditor, 'GET', `/api/on-call?at=99999999999999`), 422)
})

test('a zone is stored in its proper letter case', async () => {
  const [bo] = rota.team.engineers
  expectStatus(await make('letter-case', [weekly([bo.id], { zone: 'europe/stockholm' })]), 201)
  const { body } = await rota.call<'getSchedule'>(rota.team.auditor, 'GET', '/api/schedules/letter-case')
  assert.equal(body.layers[0]?.zone, 'Europe/Stockholm')
})

test('a dry run says what would be and stores nothing; the change then is one event with the whole definition', async () => {
  const { team, call } = rota
  const [bo, cleo] = team.engineers
  expectStatus(await make('changing', [weekly([bo.id])]), 201)
  const url = '/api/schedules/changing'
  const wanted = { name: 'Changed', layers: [weekly([cleo.id, null])] }
  const tried = expectStatus(
    await call<'replaceSchedule'>(team.deliveryManager, 'PUT', url, {
      ...wanted,
      dryRun: true,
      ifVersion: 1,
    }),
    200,
  )
  assert.equal(tried.body.stored, false)
  assert.ok(codesOf(tried.body.findings).includes('gap'))
  assert.equal((await call<'getSchedule'>(team.auditor, 'GET', url)).body.name, 'changing')

  const kept = expectStatus(
    await call<'replaceSchedule'>(team.deliveryManager, 'PUT', url, { ...wanted, ifVersion: 1 }),
    200,
  )
  assert.deepEqual([kept.body.stored, kept.body.schedule?.version], [true, 2])
  const again = expectStatus(await call<'replaceSchedule'>(team.deliveryManager, 'PUT', url, wanted), 200)
  assert.deepEqual([again.body.stored, again.body.schedule?.version], [false, 2])
  const changes = (await eventsOf('schedule.changed')).filter(({ body }) => body['slug'] === 'changing')
  assert.equal(changes.length, 1)
  assert.deepEqual(changes[0]?.body['layers'], wanted.layers)
})

test('of two editors who looked at the same version one is kept, and the other is told to look again', async () => {
  const { team, call } = rota
  const [bo, cleo, dag] = team.engineers
  expectStatus(await make('two-editors', [weekly([bo.id])]), 201)
  const put = (person: { id: string }) =>
    call<'replaceSchedule'>(team.deliveryManager, 'PUT', '/api/schedules/two-editors', {
      name: 'two-editors',
      layers: [weekly([person.id])],
      ifVersion: 1,
    })
  const answers = await Promise.all([put(cleo), put(dag)])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  const { body } = await call<'getSchedule'>(team.auditor, 'GET', '/api/schedules/two-editors')
  assert.equal(body.version, 2)
})

test('whoever is archived while in the rota is a red finding, is not paged, and does not stop other changes', async () => {
  const { team, call } = rota
  const admin = rota.as(team.administrator.actor)
  const [bo, cleo] = team.engineers
  const ivo = await createAccount(admin, {
    kind: 'staff',
    handle: 'ivo',
    name: 'Ivo Example',
    email: 'ivo@example.org',
    roles: ['engineer'],
  })
  const made = expectStatus(await make('leaver', [weekly([ivo.id, bo.id])]), 201)
  await archiveAccount(admin, { accountId: ivo.id })
  const { body } = await call<'getSchedule'>(team.auditor, 'GET', '/api/schedules/leaver')
  const finding = body.findings.find(({ code }) => code === 'archived-participant')
  assert.equal(finding?.severity, 'red')
  assert.equal(finding?.person?.name, 'Ivo Example')
  assert.equal(body.people[0]?.archived, true)
  const now = await whoIsOnCallNow(rota.platform.database.db, madeId(made), TEST_START)
  assert.ok(now.kind === 'nobody' && now.reason === 'account-archived')

  const url = '/api/schedules/leaver'
  const kept = { name: 'Leaver', layers: [weekly([ivo.id, bo.id, cleo.id])] }
  expectStatus(await call<'replaceSchedule'>(team.deliveryManager, 'PUT', url, kept), 200)
  const newly = expectStatus(await make('newly', [weekly([ivo.id])]), 422)
  assert.match(newly.body.detail, /Ivo Example is archived/)
})

test('somebody without a role to acknowledge is put in the rota with a finding', async () => {
  const [bo] = rota.team.engineers
  const { body } = expectStatus(await make('watcher', [weekly([bo.id, rota.team.auditor.id])]), 201)
  assert.deepEqual(codesOf(body.findings), ['cannot-acknowledge'])
})

test('an archived schedule answers no more to "who", is listed apart, and nobody changes it', async () => {
  const { team, call } = rota
  const [bo] = team.engineers
  const made = expectStatus(await make('gone', [weekly([bo.id])]), 201)
  const url = '/api/schedules/gone'
  expectStatus(await call(team.deliveryManager, 'POST', `${url}/archive`), 200)
  expectStatus(await call(team.deliveryManager, 'POST', `${url}/archive`), 200)
  assert.equal((await eventsOf('schedule.archived')).length, 1)
  const slugs = async (query: string) =>
    (await call<'listSchedules'>(team.auditor, 'GET', `/api/schedules${query}`)).body.rows.map(
      ({ slug }) => slug,
    )
  assert.ok(!(await slugs('')).includes('gone'))
  assert.deepEqual(await slugs('?archived=true'), ['gone'])
  const who = await call<'whoIsOnCall'>(team.auditor, 'GET', '/api/on-call')
  assert.ok(who.body.rows.every(({ schedule }) => schedule.slug !== 'gone'))
  const put = await call<'replaceSchedule'>(team.deliveryManager, 'PUT', url, { name: 'x', layers: [] })
  assert.equal(put.body.code, 'schedule-archived')
  const now = await whoIsOnCallNow(rota.platform.database.db, madeId(made), TEST_START)
  assert.ok(now.kind === 'nobody' && now.reason === 'schedule-archived')
})

test('looking is for all staff, changing for stewards, and a contact sees no rota at all', async () => {
  const { team, call } = rota
  const [bo] = team.engineers
  const body = { slug: 'theirs', name: 'Theirs', layers: [weekly([bo.id])] }
  for (const person of [bo, team.auditor]) {
    expectStatus(await call<'createSchedule'>(person, 'POST', '/api/schedules', body), 403)
    expectStatus(
      await call<'replaceSchedule'>(person, 'PUT', '/api/schedules/primary', { name: 'x', layers: [] }),
      403,
    )
    expectStatus(await call<'archiveSchedule'>(person, 'POST', '/api/schedules/primary/archive'), 403)
    expectStatus(await call<'previewSchedule'>(person, 'POST', '/api/schedules/preview', { layers: [] }), 403)
    expectStatus(await call<'whoIsOnCall'>(person, 'GET', '/api/on-call'), 200)
  }
  for (const url of ['/api/on-call', '/api/schedules', '/api/schedules/primary', '/api/escalation-policies'])
    expectStatus(await call<'getSchedule'>(team.acmeContact, 'GET', url), 403)
  const preview = await call<'previewSchedule'>(team.deliveryManager, 'POST', '/api/schedules/preview', {
    layers: [weekly([bo.id])],
  })
  assert.deepEqual(codesOf(expectStatus(preview, 200).body.findings), ['one-person'])
})

test('a repeated request with the same key makes one schedule and answers the same', async () => {
  const { team, call } = rota
  const body = { slug: 'once', name: 'Once', layers: [weekly([team.engineers[0].id])] }
  const headers = { 'idempotency-key': 'make-once' }
  const first = expectStatus(
    await call<'createSchedule'>(team.deliveryManager, 'POST', '/api/schedules', body, headers),
    201,
  )
  const second = expectStatus(
    await call<'createSchedule'>(team.deliveryManager, 'POST', '/api/schedules', body, headers),
    201,
  )
  assert.deepEqual(second.body, first.body)
  assert.equal(
    (await eventsOf('schedule.created')).filter((event) => event.body['slug'] === 'once').length,
    1,
  )
})

test('the list is handed out in pages without losing or repeating a schedule', async () => {
  const { team, call } = rota
  const all = (await call<'listSchedules'>(team.auditor, 'GET', '/api/schedules?limit=200')).body.rows.map(
    ({ slug }) => slug,
  )
  const seen: string[] = []
  let after = ''
  do {
    const { body } = await call<'listSchedules'>(team.auditor, 'GET', `/api/schedules?limit=3${after}`)
    seen.push(...body.rows.map(({ slug }) => slug))
    after = body.next === null ? '' : `&after=${body.next}`
  } while (after !== '')
  assert.deepEqual(seen, all)
})

test('the next hand-overs name who leaves and who comes, over all schedules in use', async () => {
  const [bo, cleo] = rota.team.engineers
  const { body } = await rota.call<'getSchedule'>(rota.team.auditor, 'GET', '/api/schedules/primary')
  const found = await nextHandOvers(rota.platform.database.db, TEST_START, TEST_START + 7 * day)
  assert.deepEqual(
    found.filter(({ scheduleId }) => scheduleId === body.id),
    [{ scheduleId: body.id, at: at('2026-11-16T08:00Z'), outgoing: [bo.id], incoming: [cleo.id] }],
  )
})
