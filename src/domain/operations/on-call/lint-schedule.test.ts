/** Proves that a rota with a hole in it cannot be saved unseen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lintSchedule } from './lint-schedule.ts'
import { checkSchedule } from './check-schedule.ts'
import type { Schedule, WeeklyRotation } from './schedule.ts'

const utc = (text: string) => Date.parse(text)
const weekly: WeeklyRotation = {
  kind: 'weekly',
  id: 'weekly',
  everyWeeks: 1,
  handOver: { weekday: 1, time: '09:00' },
  zone: 'Europe/Stockholm',
  participants: ['alva', 'birk'],
  startsOn: '2026-11-23',
}
const schedule = (rotation: Partial<WeeklyRotation>, overrides: Schedule['overrides'] = []): Schedule => ({
  id: 'first-line',
  layers: [{ ...weekly, ...rotation }],
  overrides,
})
const year = [utc('2026-11-23T08:00Z'), utc('2027-11-22T08:00Z')] as const
const codes = (of: Schedule) => lintSchedule(of, ...year).map(({ code }) => code)

test('a weekly rota of two has no findings for a year', () => {
  assert.deepEqual(codes(schedule({})), [])
})

test('the time before a rota starts and an empty turn are gaps, an override to nobody is on purpose', () => {
  const late = lintSchedule(schedule({ startsOn: '2026-11-30' }), ...year)
  assert.deepEqual(
    late.map(({ code, from, to }) => [code, from, to]),
    [['gap', year[0], utc('2026-11-30T08:00Z')]],
  )
  assert.equal(
    codes(schedule({ participants: ['alva', 'birk', null] })).filter((code) => code === 'gap').length,
    17,
  )
  const off = { id: 'party', accountId: null, from: utc('2026-12-24T10:00Z'), to: utc('2026-12-24T20:00Z') }
  assert.deepEqual(codes(schedule({}, [off])), ['nobody-on-purpose'])
})

test('overlapping overrides, a rota of one, and a hand-over in a clock change are pointed out', () => {
  const cover = { accountId: 'ceder', from: utc('2026-12-01T10:00Z'), to: utc('2026-12-02T10:00Z') }
  assert.deepEqual(
    codes(
      schedule({}, [
        { id: 'a', ...cover },
        { id: 'b', ...cover },
      ]),
    ),
    ['overlapping-overrides'],
  )
  assert.deepEqual(codes(schedule({ participants: ['alva'] })), ['one-person'])
  assert.deepEqual(codes({ id: 'empty', layers: [], overrides: [] }), ['gap'])
  const atNight = lintSchedule(schedule({ handOver: { weekday: 7, time: '02:30' } }), ...year)
  assert.deepEqual(
    atNight.map(({ code, from, to }) => [code, from, to]),
    [
      ['hand-over-in-clock-change', utc('2027-03-28T01:00Z'), utc('2027-03-28T01:00Z')],
      ['hand-over-in-clock-change', utc('2027-10-31T00:30Z'), utc('2027-10-31T01:30Z')],
    ],
  )
})

test('a schedule that could not be asked is refused with the reason', () => {
  const refused = (of: Schedule) => checkSchedule(of)?.code
  assert.equal(refused(schedule({})), undefined)
  assert.equal(refused(schedule({ zone: '+02:00' })), 'unknown-zone')
  assert.equal(refused(schedule({ handOver: { weekday: 1, time: '24:00' } })), 'hand-over-invalid')
  assert.equal(refused(schedule({ handOver: { weekday: 8 as 7, time: '09:00' } })), 'hand-over-invalid')
  assert.equal(refused(schedule({ everyWeeks: 0 })), 'turn-length-invalid')
  assert.equal(refused(schedule({ everyWeeks: 1.5 })), 'turn-length-invalid')
  assert.equal(refused(schedule({ startsOn: '2026-02-30' })), 'start-date-invalid')
  assert.equal(refused(schedule({ participants: [] })), 'no-participants')
  assert.equal(
    refused(schedule({ participants: Array.from({ length: 201 }, () => 'alva') })),
    'too-many-participants',
  )
  assert.equal(refused(schedule({}, [{ id: 'a', accountId: null, from: 5, to: 5 }])), 'override-empty')
  assert.equal(refused(schedule({}, [{ id: 'weekly', accountId: null, from: 5, to: 6 }])), 'duplicate-id')
})

test('of many gaps the first are said one by one and the rest in one sentence', () => {
  const officeHours = schedule({ restriction: { kind: 'time-of-day', from: '08:00', to: '17:00' } })
  const found = lintSchedule(officeHours, ...year)
  assert.equal(found.length, 41)
  assert.match(found.at(-1)?.detail ?? '', /^Nobody is on call in 324 more stretches, 202 d .* in all\.$/)
})

test('a restriction is refused that no clock could keep', () => {
  const refused = (restriction: WeeklyRotation['restriction']) =>
    checkSchedule(schedule({ restriction }))?.code
  assert.equal(refused({ kind: 'time-of-day', from: '24:00', to: '08:00' }), 'restriction-invalid')
  assert.equal(refused({ kind: 'weekday-and-time-of-day', spans: [] }), 'restriction-invalid')
  const beyond = { from: { weekday: 8 as 7, time: '09:00' }, to: { weekday: 1 as const, time: '09:00' } }
  assert.equal(refused({ kind: 'weekday-and-time-of-day', spans: [beyond] }), 'restriction-invalid')
})

test('being on call while away is pointed out, for the hours in which both hold', () => {
  const away = (accountId: string) => ({
    id: accountId,
    accountId,
    from: utc('2026-11-28T00:00Z'),
    to: utc('2026-12-03T00:00Z'),
  })
  const found = lintSchedule({ ...schedule({}), absences: [away('birk'), away('ceder')] }, ...year)
  assert.deepEqual(
    found.map(({ code, from, to, accountId }) => [code, from, to, accountId]),
    [['on-call-while-away', utc('2026-11-30T08:00Z'), utc('2026-12-03T00:00Z'), 'birk']],
  )
})
