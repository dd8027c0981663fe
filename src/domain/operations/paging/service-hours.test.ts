/** Proves service hours against a clock on the wall that is looked at every quarter of an hour. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clockReads, troublesomeZones } from '../../time/wall-clock.oracle.ts'
import { checkServiceHours, isServed, servedNext, type ServiceHours } from './service-hours.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 40)
const utc = (text: string) => Date.parse(text)
const daytime: ServiceHours = {
  zone: 'Europe/Stockholm',
  windows: [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' }],
  holidays: ['2026-12-24'],
}
const iso = (at: number) => new Date(at).toISOString()

test('who is served from 06 to 22 on working days waits for the next of them', () => {
  assert.equal(isServed(daytime, utc('2026-11-23T05:00Z')), true)
  assert.equal(isServed(daytime, utc('2026-11-23T04:59:59Z')), false)
  assert.equal(isServed(daytime, utc('2026-11-23T21:00Z')), false)
  assert.equal(iso(servedNext(daytime, utc('2026-11-27T21:00Z'))), '2026-11-30T05:00:00.000Z')
  assert.equal(iso(servedNext(daytime, utc('2026-12-23T21:30Z'))), '2026-12-25T05:00:00.000Z')
  assert.equal(servedNext(daytime, utc('2026-11-23T12:00Z')), utc('2026-11-23T12:00Z'))
  assert.equal(isServed(null, 0), true)
})

test('a window over midnight belongs to the day on which it begins, and 24:00 ends a day', () => {
  const night = { ...daytime, windows: [{ days: [5 as const], from: '22:00', to: '06:00' }] }
  assert.equal(isServed(night, utc('2026-11-28T04:59Z')), true)
  assert.equal(isServed(night, utc('2026-11-28T05:00Z')), false)
  assert.equal(isServed(night, utc('2026-11-27T04:00Z')), false)
  const day = { ...daytime, windows: [{ days: [6 as const], from: '00:00', to: '24:00' }] }
  assert.equal(isServed(day, utc('2026-11-28T22:59Z')), true)
  assert.equal(isServed(day, utc('2026-11-28T23:00Z')), false)
})

test('hours that could never be served, or not be read, are refused with the reason', () => {
  const code = (change: Partial<ServiceHours>) => checkServiceHours({ ...daytime, ...change })?.code
  assert.equal(code({}), undefined)
  assert.equal(code({ zone: 'Mars/Olympus' }), 'unknown-zone')
  assert.equal(code({ windows: [] }), 'never-served')
  assert.equal(code({ windows: [{ days: [1], from: '6:00', to: '22:00' }] }), 'service-window-invalid')
  assert.equal(code({ windows: [{ days: [1], from: '24:00', to: '22:00' }] }), 'service-window-invalid')
  assert.equal(code({ holidays: ['2026-02-30'] }), 'holiday-invalid')
})

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30', '45'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`)
const someHours = fc.record({
  zone: fc.constantFrom(...troublesomeZones),
  windows: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.constantFrom(1 as const, 2 as const, 3 as const, 5 as const, 7 as const), {
        minLength: 1,
      }),
      from: time,
      to: fc.oneof(time, fc.constant('24:00')),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  holidays: fc.subarray(['2026-10-25', '2026-10-26', '2026-03-29', '2026-04-05']),
})

const quarter = 15 * 60_000
/** Monday 2026-10-19 and the weeks around the changes of several zones. */
const starts = ['2026-10-19T00:00Z', '2026-03-23T00:00Z', '2026-03-30T00:00Z', '2011-12-26T00:00Z'].map(utc)

/** Only what the wall clock says: open from the moment it shows the beginning until it shows the end for the last time. */
const looksOpen = (hours: ServiceHours, at: number): boolean => {
  const wall = clockReads(at, hours.zone)
  const [date, clock] = [wall.slice(0, 10), wall.slice(11, 16)]
  const weekday = (day: string): number => new Date(`${day}T12:00Z`).getUTCDay() || 7
  const before = new Date(utc(`${date}T12:00Z`) - 86_400_000).toISOString().slice(0, 10)
  return hours.windows.some(({ days, from, to }) => {
    const begins = (day: string): boolean =>
      !hours.holidays.includes(day) && days.some((each) => each === weekday(day))
    const wraps = to === '24:00' || to <= from
    if (begins(date) && clock >= from && (wraps || clock < to)) return true
    return wraps && to !== '24:00' && begins(before) && clock < to
  })
}

test('away from changes of the clock it agrees with looking at the wall', () => {
  fc.assert(
    fc.property(
      someHours,
      fc.constantFrom(...starts),
      fc.integer({ min: 0, max: 1_300 }),
      (hours, start, step) => {
        const at = start + step * quarter
        // Where the clock jumps within the day before or after, the rule of edges decides; the examples above show it.
        const steady = [-30, 30].every((away) => {
          const other = at + away * 3_600_000
          const shift = utc(`${clockReads(other, hours.zone).slice(0, 19)}Z`) - other
          return shift === utc(`${clockReads(at, hours.zone).slice(0, 19)}Z`) - at
        })
        fc.pre(steady)
        assert.equal(isServed(hours, at), looksOpen(hours, at), iso(at))
      },
    ),
    { numRuns: numRuns * 10 },
  )
})

test('what waits is served at the instant it waited for, and was not a moment before', () => {
  fc.assert(
    fc.property(
      someHours,
      fc.constantFrom(...starts),
      fc.integer({ min: 0, max: 1_300 }),
      (hours, start, step) => {
        const at = start + step * quarter
        const next = servedNext(hours, at)
        assert.ok(next >= at)
        assert.ok(isServed(hours, next), iso(next))
        for (let between = at; between < next; between += quarter)
          assert.ok(!isServed(hours, between), iso(between))
      },
    ),
    { numRuns: numRuns * 5 },
  )
})
