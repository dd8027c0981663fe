/** Rotations of every kind through the API: several on call together, hours that count, overrides of some rotations, and rotas stored before there was any of it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OnCallReply } from '../../../contract/operations/on-call.ts'
import { resolveTargets } from '../paging/recipients.ts'
import { read } from '../../platform/record.ts'
import { systemCtx } from '../../platform/context.ts'
import { scheduleFrom } from './as-known.ts'
import { rulesOf } from './definition.ts'
import { at, expectStatus, madeId, openRota, weekly, type Rota } from './rota-for-tests.test.ts'

let rota: Rota
before(async () => {
  rota = await openRota()
})
after(() => rota.stop())

const daily = (id: string, participants: readonly (string | null)[], more: object = {}) => ({
  kind: 'daily',
  id,
  everyDays: 1,
  handOver: { time: '08:00' },
  zone: 'Europe/Stockholm',
  participants,
  startsOn: '2026-11-09',
  ...more,
})
const night = { kind: 'time-of-day', from: '18:00', to: '08:00' }
const make = (slug: string, definition: object) =>
  rota.call<'createSchedule'>(rota.team.deliveryManager, 'POST', '/api/schedules', {
    slug,
    name: slug,
    ...definition,
  })
const namesOf = (onCall: OnCallReply | undefined): string[] =>
  onCall?.kind === 'person' ? [onCall, ...onCall.also].map(({ person }) => person.name) : []
const namesAt = async (slug: string, instant: string, more = ''): Promise<string[]> => {
  const url = `/api/on-call?at=${at(instant)}${more}`
  const { body } = expectStatus(await rota.call<'whoIsOnCall'>(rota.team.auditor, 'GET', url), 200)
  return namesOf(body.rows.find(({ schedule }) => schedule.slug === slug)?.onCall)
}

test('where rotations add up, everybody is the answer, is paged, and has a shift; a restricted one by its hours alone', async () => {
  const [bo, cleo, dag] = rota.team.engineers
  const layers = [daily('all-day', [bo.id]), daily('night', [cleo.id, dag.id], { restriction: night })]
  const made = expectStatus(await make('around', { layers, combine: 'all' }), 201)
  assert.deepEqual(made.body.gaps, [])
  assert.deepEqual(await namesAt('around', '2026-11-10T12:00Z'), ['Bo Example'])
  assert.deepEqual(await namesAt('around', '2026-11-10T17:00Z'), ['Bo Example', 'Dag Example'])
  assert.deepEqual(await namesAt('around', '2026-11-11T06:59Z'), ['Bo Example', 'Dag Example'])
  const known = `&knownAt=${rota.platform.clock.now()}`
  assert.deepEqual(await namesAt('around', '2026-11-10T17:00Z', known), ['Bo Example', 'Dag Example'])
  const told = await read(systemCtx(rota.platform, 'test'), (db) =>
    resolveTargets(db as never, [{ kind: 'schedule', id: madeId(made) }], at('2026-11-10T17:00Z')),
  )
  assert.deepEqual(told, [bo.id, dag.id])
  const shifts = made.body.shifts.filter(({ from }) => from >= at('2026-11-11T00:00Z')).slice(0, 3)
  assert.deepEqual(
    shifts.map(({ person, from }) => [person.name, from]),
    [
      ['Bo Example', at('2026-11-11T07:00Z')],
      ['Cleo Example', at('2026-11-11T17:00Z')],
      ['Bo Example', at('2026-11-12T07:00Z')],
    ],
  )
})

test('hours that no rotation counts are gaps in red, drawn and said', async () => {
  const [bo] = rota.team.engineers
  const body = { layers: [daily('night', [bo.id], { restriction: night })] }
  const { deliveryManager } = rota.team
  const asked = await rota.call<'previewSchedule'>(deliveryManager, 'POST', '/api/schedules/preview', body)
  const { gaps, findings } = expectStatus(asked, 200).body
  assert.equal(gaps.length, 57)
  assert.ok(gaps.every(({ from, to, onPurpose }) => to - from <= 10 * 3_600_000 && !onPurpose))
  const red = findings.filter(({ severity, code }) => severity === 'red' && code !== 'would-not-wake')
  assert.equal(red.length, 41, 'forty of them, and the rest of the year in one sentence')
})

test('an override of one rotation replaces its people alone; a rotation that is not there is refused by name', async () => {
  const [bo, cleo, dag] = rota.team.engineers
  const layers = [daily('first', [bo.id]), daily('second', [cleo.id])]
  expectStatus(await make('two', { layers, combine: 'all' }), 201)
  const stretch = { from: at('2026-11-20T07:00Z'), to: at('2026-11-21T07:00Z') }
  const add = (rotationIds: readonly string[]) =>
    rota.call<'addOverride'>(cleo, 'POST', '/api/schedules/two/overrides', {
      ...stretch,
      accountId: dag.id,
      rotationIds,
    })
  const refused = expectStatus(await add(['first', 'third']), 422)
  assert.match(refused.body.detail ?? '', /body\.rotationIds\.1: two has no rotation third/)
  const { override } = expectStatus(await add(['second']), 201).body
  assert.deepEqual(override.rotationIds, ['second'])
  assert.deepEqual(await namesAt('two', '2026-11-20T12:00Z'), ['Bo Example', 'Dag Example'])
  const known = `&knownAt=${rota.platform.clock.now()}`
  assert.deepEqual(await namesAt('two', '2026-11-20T12:00Z', known), ['Bo Example', 'Dag Example'])
  assert.deepEqual(await namesAt('two', '2026-11-21T12:00Z'), ['Bo Example', 'Cleo Example'])
})

test('whoever sends layers alone leaves the way they combine as it is', async () => {
  const [bo, cleo] = rota.team.engineers
  const layers = [daily('first', [bo.id]), daily('second', [cleo.id])]
  expectStatus(await make('kept', { layers, combine: 'all' }), 201)
  const put = (body: object) =>
    rota.call<'replaceSchedule'>(rota.team.deliveryManager, 'PUT', '/api/schedules/kept', body)
  assert.equal(expectStatus(await put({ name: 'kept', layers }), 200).body.stored, false)
  const dayByDay = [daily('first', [bo.id, cleo.id]), daily('second', [cleo.id])]
  assert.equal(expectStatus(await put({ name: 'kept', layers: dayByDay }), 200).body.stored, true)
  const { body } = await rota.call<'getSchedule'>(rota.team.auditor, 'GET', '/api/schedules/kept')
  assert.equal(body.combine, 'all')
  assert.equal(expectStatus(await put({ name: 'kept', layers, combine: 'top' }), 200).body.stored, true)
  assert.deepEqual(await namesAt('kept', '2026-11-10T12:00Z'), ['Cleo Example'])
})

test('a team takes its turn together, as it is at the moment that is asked about, and as it was known then', async () => {
  const [bo, cleo, dag] = rota.team.engineers
  const { deliveryManager } = rota.team
  const as = { authorization: `Bearer ${deliveryManager.token}` }
  const one = (accountId: string) => ({ accountId, role: 'member' })
  const payload = { slug: 'pair', name: 'Pair', members: [one(cleo.id), one(dag.id)] }
  const made = await rota.http.inject({ method: 'POST', url: '/api/teams', headers: as, payload })
  const pair = (made.json() as { id: string }).id
  const layers = [{ ...daily('first', []), participants: [{ team: pair }, bo.id] }]
  expectStatus(await make('pairs', { layers }), 201)
  assert.deepEqual(await namesAt('pairs', '2026-11-09T12:00Z'), ['Cleo Example', 'Dag Example'])
  assert.deepEqual(await namesAt('pairs', '2026-11-10T12:00Z'), ['Bo Example'])
  const detail = (await rota.call<'getSchedule'>(rota.team.auditor, 'GET', '/api/schedules/pairs')).body
  assert.deepEqual(
    detail.teams.map(({ name }) => name),
    ['Pair'],
  )
  assert.equal(detail.people.length, 3)
  const known = `&knownAt=${rota.platform.clock.now()}`
  rota.clock.advance(60_000)
  const members = { members: [one(cleo.id)] }
  await rota.http.inject({ method: 'PATCH', url: '/api/teams/pair', headers: as, payload: members })
  assert.deepEqual(await namesAt('pairs', '2026-11-09T12:00Z'), ['Cleo Example'])
  assert.deepEqual(await namesAt('pairs', '2026-11-09T12:00Z', known), ['Cleo Example', 'Dag Example'])
  const unknown = [{ ...daily('first', []), participants: [{ team: bo.id }] }]
  const refused = expectStatus(await make('nobodies', { layers: unknown }), 422)
  assert.match(refused.body.detail ?? '', /participants\.0: no team has this id/)
})

test('a rota that was stored, or recorded, before rotations could add up reads as it was meant', () => {
  const layers = [weekly(['a'])]
  assert.equal(rulesOf('old', { layers }, []).combine, 'top')
  const body = { slug: 'old', name: 'Old', layers: [weekly([null])] }
  const known = scheduleFrom([{ scheduleId: 'old', type: 'schedule.created', at: 0, body }])
  assert.deepEqual(known?.rules, {
    id: 'old',
    combine: 'top',
    restHours: 11,
    layers: body.layers,
    overrides: [],
    teams: {},
    forwardings: [],
    absences: [],
  })
})

test('too little rest between two shifts is pointed out by name, and how much is enough is the rota’s to say', async () => {
  const [bo, cleo] = rota.team.engineers
  const layers = [
    { ...daily('watch', [bo.id, cleo.id]), kind: 'hourly', everyDays: undefined, everyHours: 8 },
  ]
  const shortRestsOf = async (more: object) => {
    const url = '/api/schedules/preview'
    const asked = await rota.call<'previewSchedule'>(rota.team.deliveryManager, 'POST', url, {
      layers,
      ...more,
    })
    return expectStatus(asked, 200).body.findings.flatMap(({ code, detail }) =>
      code === 'short-rest' ? [detail] : [],
    )
  }
  const [first, ...more] = await shortRestsOf({})
  assert.match(
    first ?? '',
    /^(?:Bo|Cleo) Example: Less than 11 h of rest between two shifts, \d+ times; here 8 h\.$/,
  )
  assert.equal(more.length, 1)
  assert.deepEqual(await shortRestsOf({ restHours: 7 }), [])
})

test('a layer for holidays, and one for some weeks, count then alone; outside them the rota is as ever', async () => {
  const [bo, cleo, dag] = rota.team.engineers
  const holidays = daily('holidays', [cleo.id], {
    handOver: { time: '00:00' },
    onlyOn: ['2026-12-24', '2026-12-25'],
  })
  const weeks = daily('project', [dag.id], { endsOn: '2026-11-20' })
  const layers = [weekly([bo.id]), weeks, holidays]
  const made = expectStatus(await make('special', { layers }), 201)
  assert.deepEqual(made.body.gaps, [])
  assert.deepEqual(await namesAt('special', '2026-11-20T22:59Z'), ['Dag Example'])
  assert.deepEqual(await namesAt('special', '2026-11-20T23:00Z'), ['Bo Example'], 'it is over at midnight')
  assert.deepEqual(await namesAt('special', '2026-12-23T22:59Z'), ['Bo Example'])
  assert.deepEqual(await namesAt('special', '2026-12-23T23:00Z'), ['Cleo Example'])
  assert.deepEqual(await namesAt('special', '2026-12-25T23:00Z'), ['Bo Example'])
  const refusedWith = async (layer: object) => (await make('never', { layers: [layer] })).body.code
  assert.equal(await refusedWith(daily('back', [bo.id], { endsOn: '2026-11-08' })), 'end-date-invalid')
  assert.equal(await refusedWith(daily('odd', [bo.id], { onlyOn: ['2026-02-30'] })), 'dates-invalid')
})
