/** Overrides through the API: who may, what wins where two meet, and what stays on record when one is taken away. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { boot } from '../../platform/boot.ts'
import { fixedClock } from '../../platform/clock.ts'
import { systemCtx } from '../../platform/context.ts'
import { bodyOf } from '../../platform/event-body.ts'
import { silentLog } from '../../platform/log.ts'
import { TEST_START } from '../../testing/test-server.ts'
import { addOverride } from './add-override.ts'
import { whoIsOnCallNow } from './on-call-now.ts'
import { expectStatus, madeId, onCallName, openRota, weekly, type Rota } from './rota-for-tests.test.ts'

const hour = 3_600_000
const day = 24 * hour
let rota: Rota
let slug: string
let scheduleId: string
let count = 0
before(async () => {
  rota = await openRota()
})
beforeEach(async () => {
  slug = `rota-${(count += 1)}`
  const { team, call } = rota
  const layers = [weekly(team.engineers.map(({ id }) => id))]
  const made = await call<'createSchedule'>(team.deliveryManager, 'POST', '/api/schedules', {
    slug,
    name: slug,
    layers,
  })
  scheduleId = madeId(expectStatus(made, 201))
})
after(() => rota.stop())

const add = (body: unknown, person = rota.team.engineers[1]) =>
  rota.call<'addOverride'>(person, 'POST', `/api/schedules/${slug}/overrides`, body)
const remove = (id: string, person = rota.team.engineers[1]) =>
  rota.call<'removeOverride'>(person, 'DELETE', `/api/schedules/${slug}/overrides/${id}`)
const whoAt = async (at: number): Promise<string | null> => {
  const duty = await whoIsOnCallNow(rota.platform.database.db, scheduleId, at)
  return duty.kind === 'people' ? duty.people[0].accountId : null
}
const eventsOf = async (type: string) => {
  const rows = await rota.platform.database.db
    .selectFrom('events')
    .innerJoin('event_bodies', 'event_bodies.event_id', 'events.id')
    .select(['events.actor_id', 'event_bodies.disclosures'])
    .where('events.type', '=', type)
    .where('events.stream_id', '=', scheduleId)
    .orderBy('events.version')
    .execute()
  return rows.map((row) => ({ by: row.actor_id, body: bodyOf(row.disclosures) }))
}

test('an engineer takes somebody’s evening: the reply, the timeline and the answer to "who" agree, and the reason is kept', async () => {
  const [bo, cleo] = rota.team.engineers
  const from = TEST_START + 8 * hour
  const to = from + 4 * hour
  const made = expectStatus(await add({ accountId: cleo.id, from, to, reason: 'Bo at the theatre' }), 201)
  assert.deepEqual(
    made.body.findings.map(({ code }) => code),
    [],
  )
  assert.deepEqual(made.body.override.person, { id: cleo.id, name: 'Cleo Example' })
  assert.deepEqual(
    [await whoAt(from - 1), await whoAt(from), await whoAt(to - 1), await whoAt(to)],
    [bo.id, cleo.id, cleo.id, bo.id],
  )
  const { body } = await rota.call<'scheduleTimeline'>(
    rota.team.auditor,
    'GET',
    `/api/schedules/${slug}/timeline?from=${TEST_START}&to=${TEST_START + day}`,
  )
  assert.deepEqual(
    body.shifts.map((shift) => [shift.person.name, shift.source.kind]),
    [
      ['Bo Example', 'rotation'],
      ['Cleo Example', 'override'],
      ['Bo Example', 'rotation'],
    ],
  )
  assert.deepEqual(body.overrides, [{ ...made.body.override, can: { remove: false } }])
  assert.equal(body.overrides[0]?.reason, 'Bo at the theatre')
  assert.equal(body.overrides[0]?.addedBy?.name, 'Cleo Example')
})

test('nobody on purpose is an override too: it is shown, and a page learns why there is nobody', async () => {
  const from = TEST_START + hour
  const made = expectStatus(await add({ accountId: null, from, to: from + hour }), 201)
  assert.equal(made.body.override.person, null)
  assert.deepEqual(
    made.body.findings.map(({ code }) => code),
    ['nobody-on-purpose'],
  )
  const duty = await whoIsOnCallNow(rota.platform.database.db, scheduleId, from)
  assert.ok(duty.kind === 'nobody' && duty.reason === 'on-purpose')
})

test('taken away before it begins it never was; taken away under way it was in force until then', async () => {
  const [bo, cleo] = rota.team.engineers
  const later = expectStatus(
    await add({ accountId: cleo.id, from: TEST_START + day, to: TEST_START + 2 * day }),
    201,
  )
  expectStatus(await remove(later.body.override.id), 200)
  assert.equal(await whoAt(TEST_START + day), bo.id)

  const started = rota.clock.now()
  const underWay = expectStatus(await add({ accountId: cleo.id, from: started, to: started + 6 * hour }), 201)
  rota.clock.advance(2 * hour)
  expectStatus(await remove(underWay.body.override.id), 200)
  expectStatus(await remove(underWay.body.override.id), 200)
  assert.equal(await whoAt(started + 2 * hour - 1), cleo.id)
  assert.equal(await whoAt(started + 2 * hour), bo.id)
  assert.deepEqual(
    (await eventsOf('schedule.override-removed')).map(({ body }) => body['overrideId']),
    [later.body.override.id, underWay.body.override.id],
  )
  const row = await rota.platform.database.db
    .selectFrom('schedule_overrides')
    .select(['removed_at', 'to_at'])
    .where('id', '=', underWay.body.override.id)
    .executeTakeFirstOrThrow()
  assert.deepEqual(row, { removed_at: started + 2 * hour, to_at: started + 6 * hour })
})

test('what is over stays as it was', async () => {
  const [, cleo] = rota.team.engineers
  const started = rota.clock.now()
  const made = expectStatus(await add({ accountId: cleo.id, from: started, to: started + hour }), 201)
  rota.clock.advance(hour)
  assert.equal((await remove(made.body.override.id)).body.code, 'override-over')
  const past = await add({ accountId: cleo.id, from: started, to: started + hour })
  assert.equal(past.body.code, 'override-over')
})

test('two processes that add overlapping overrides at once both succeed, and every process agrees on who wins', async () => {
  const [, cleo, dag] = rota.team.engineers
  // The second process's clock is behind, so that neither time nor id could decide the order: the lock does.
  const second = await boot({
    config: { ...rota.platform.config },
    connectionString: rota.connectionString,
    roles: ['test'],
    log: silentLog(),
    clock: fixedClock(rota.clock.now() - 5_000),
    chains: () => undefined,
  })
  const from = rota.clock.now() + hour
  const both = [
    { ctx: rota.as(cleo.actor), accountId: cleo.id },
    { ctx: { ...systemCtx(second.platform, 'test'), actor: dag.actor }, accountId: dag.id },
  ]
  for (let round = 0; round < 5; round += 1) {
    const stretch = { schedule: slug, from: from + round * day, to: from + round * day + 2 * hour }
    const answers = await Promise.all(
      both.map(({ ctx, accountId }) => addOverride(ctx, { ...stretch, accountId })),
    )
    const overlaps = answers.map(({ findings }) =>
      findings.some(({ code }) => code === 'overlapping-overrides'),
    )
    assert.deepEqual(overlaps.toSorted(), [false, true], 'the second to come is told of the overlap')
    const winner = both[overlaps.indexOf(true)]?.accountId
    assert.equal(await whoAt(stretch.from), winner)
    const elsewhere = await whoIsOnCallNow(second.platform.database.db, scheduleId, stretch.from)
    assert.equal(elsewhere.kind === 'people' && elsewhere.people[0].accountId, winner)
  }
  await second.stop()
})

test('an override is refused with the place and the remedy', async () => {
  const [bo, cleo] = rota.team.engineers
  const from = rota.clock.now() + hour
  assert.equal((await add({ accountId: bo.id, from, to: from })).body.code, 'override-empty')
  assert.equal((await add({ accountId: bo.id, from, to: from + 401 * day })).body.code, 'override-too-long')
  const contact = expectStatus(await add({ accountId: rota.team.acmeContact.id, from, to: from + hour }), 422)
  assert.deepEqual(contact.body.errors, [
    { path: 'body.accountId', detail: 'no member of staff has this id' },
  ])
  const auditor = expectStatus(await add({ accountId: rota.team.auditor.id, from, to: from + hour }), 422)
  assert.match(auditor.body.detail, /Fay Example has no role that may acknowledge/)
  expectStatus(await add({ accountId: bo.id, from, to: 8.64e15 }), 422)
  expectStatus(await add({ accountId: bo.id, from, to: from + hour, reason: 'two\nlines' }), 422)
  expectStatus(await remove('00000000-0000-7000-8000-000000000000', cleo), 404)
  expectStatus(
    await rota.call<'addOverride'>(cleo, 'POST', '/api/schedules/unknown/overrides', {
      accountId: bo.id,
      from,
      to: from + 1,
    }),
    404,
  )
})

test('an engineer may override and may not change the rota; an auditor may do neither', async () => {
  const [bo] = rota.team.engineers
  const { auditor } = rota.team
  const from = rota.clock.now() + hour
  const made = expectStatus(await add({ accountId: bo.id, from, to: from + hour }, bo), 201)
  expectStatus(await add({ accountId: bo.id, from, to: from + hour }, auditor), 403)
  expectStatus(await remove(made.body.override.id, auditor), 403)
  const { body } = await rota.call<'getSchedule'>(bo, 'GET', `/api/schedules/${slug}`)
  assert.deepEqual(body.can, { change: false, override: true })
  assert.deepEqual(body.overrides[0]?.can, { remove: true })
  expectStatus(
    await rota.call<'replaceSchedule'>(bo, 'PUT', `/api/schedules/${slug}`, { name: 'x', layers: [] }),
    403,
  )
})

test('a repeated request with the same key adds one override', async () => {
  const [bo] = rota.team.engineers
  const from = rota.clock.now() + hour
  const headers = { 'idempotency-key': `add-${slug}` }
  const url = `/api/schedules/${slug}/overrides`
  const body = { accountId: bo.id, from, to: from + hour }
  const first = expectStatus(await rota.call<'addOverride'>(bo, 'POST', url, body, headers), 201)
  const second = expectStatus(await rota.call<'addOverride'>(bo, 'POST', url, body, headers), 201)
  assert.equal(second.body.override.id, first.body.override.id)
  assert.equal((await eventsOf('schedule.override-added')).length, 1)
  assert.equal((await eventsOf('schedule.override-added'))[0]?.by, bo.id)
})

test('who was on call is answered as it was known then, whatever was corrected since', async () => {
  const { team, call, clock } = rota
  const [bo, cleo, dag] = team.engineers
  const asked = clock.now() + day
  const known: number[] = [clock.now()]
  const step = () => {
    clock.advance(60_000)
    return clock.now()
  }
  step()
  const made = expectStatus(await add({ accountId: cleo.id, from: asked - hour, to: asked + hour }), 201)
  known.push(clock.now())
  step()
  const layers = [weekly([dag.id])]
  expectStatus(
    await call<'replaceSchedule'>(team.deliveryManager, 'PUT', `/api/schedules/${slug}`, {
      name: slug,
      layers,
    }),
    200,
  )
  expectStatus(await remove(made.body.override.id), 200)
  known.push(clock.now())

  const answer = async (query: string): Promise<string | null> => {
    const { body } = expectStatus(
      await call<'whoIsOnCall'>(team.auditor, 'GET', `/api/on-call?${query}`),
      200,
    )
    return onCallName(body.rows.find(({ schedule }) => schedule.slug === slug)?.onCall)
  }
  const names = await Promise.all(known.map((knownAt) => answer(`at=${asked}&knownAt=${knownAt}`)))
  assert.deepEqual(names, [bo.name, cleo.name, dag.name])
  assert.equal(await answer(`at=${asked}`), dag.name)
  assert.equal(await answer(`at=${asked}&knownAt=${TEST_START - 1}`), null)
})
