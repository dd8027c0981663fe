/** Proves the hand-over rule for wall times that happen twice or never, against a minute-by-minute walk. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../refusal.ts'
import { troublesomeZones, walkToWallTime, clockReads } from './wall-clock.oracle.ts'
import {
  instantOfWallTime,
  isWallTime,
  isZone,
  nextOffsetChange,
  wallTimeAt,
  zoneNamed,
  type Edge,
} from './zone.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 60)
const utc = (text: string) => Date.parse(text)

test('an overlap is preferred to a gap when the clock goes back', () => {
  const wall = '2026-10-25T02:30'
  assert.equal(instantOfWallTime(wall, 'Europe/Stockholm', 'start'), utc('2026-10-25T00:30Z'))
  assert.equal(instantOfWallTime(wall, 'Europe/Stockholm', 'end'), utc('2026-10-25T01:30Z'))
})

test('a missing wall time moves forward to the jump, as start and as end', () => {
  for (const edge of ['start', 'end'] as const) {
    assert.equal(instantOfWallTime('2026-03-29T02:30', 'Europe/Stockholm', edge), utc('2026-03-29T01:00Z'))
  }
})

test('a day that a place skipped begins when the next one does', () => {
  for (const edge of ['start', 'end'] as const) {
    assert.equal(instantOfWallTime('2011-12-30T09:00', 'Pacific/Apia', edge), utc('2011-12-30T10:00Z'))
  }
})

test('a clock change of half an hour is half an hour', () => {
  const [start, end] = (['start', 'end'] as const).map((edge) =>
    instantOfWallTime('2026-04-05T01:45', 'Australia/Lord_Howe', edge),
  )
  assert.equal(end! - start!, 30 * 60_000)
})

const nearAChange = fc
  .record({
    zone: fc.constantFrom(...troublesomeZones),
    after: fc.integer({ min: utc('2000-01-01T00:00Z'), max: utc('2036-01-01T00:00Z') }),
    shiftMinutes: fc.integer({ min: -200, max: 200 }),
    near: fc.boolean(),
  })
  .map(({ zone, after, shiftMinutes, near }) => {
    const around = (near ? nextOffsetChange(after, zone) : null) ?? after
    const wall = clockReads(around, zone)
    const shifted = Date.parse(`${wall.slice(0, 16)}:00Z`) + shiftMinutes * 60_000
    return { zone, wall: new Date(shifted).toISOString().slice(0, 16) }
  })

test('every wall time is found where a minute-by-minute walk of the clock finds it', () => {
  fc.assert(
    fc.property(nearAChange, fc.constantFrom<Edge>('start', 'end'), ({ zone, wall }, edge) => {
      assert.equal(instantOfWallTime(wall, zone, edge), walkToWallTime(wall, zone, edge))
    }),
    {
      numRuns,
      examples: [
        [{ zone: 'Pacific/Apia', wall: '2011-12-30T12:00' }, 'end'],
        // The clock goes back to exactly this time: its last occurrence is the change itself.
        [{ zone: 'Australia/Lord_Howe', wall: '2000-03-26T01:30' }, 'end'],
      ],
    },
  )
})

test('wall times keep their order, and a start never comes after its end', () => {
  fc.assert(
    fc.property(nearAChange, fc.integer({ min: 0, max: 240 }), ({ zone, wall }, laterMinutes) => {
      const later = new Date(Date.parse(`${wall}:00Z`) + laterMinutes * 60_000).toISOString().slice(0, 16)
      for (const edge of ['start', 'end'] as const) {
        assert.ok(instantOfWallTime(wall, zone, edge) <= instantOfWallTime(later, zone, edge))
      }
      assert.ok(instantOfWallTime(wall, zone, 'start') <= instantOfWallTime(wall, zone, 'end'))
    }),
    { numRuns: numRuns * 5 },
  )
})

test('the clock read at any instant agrees with Intl', () => {
  const instants = fc.integer({ min: utc('1990-01-01T00:00Z'), max: utc('2040-01-01T00:00Z') })
  fc.assert(
    fc.property(fc.constantFrom(...troublesomeZones), instants, (zone, at) => {
      assert.equal(wallTimeAt(at, zone), clockReads(at, zone))
    }),
    { numRuns: numRuns * 5 },
  )
})

test('only places with rules are zones: offsets, whole timestamps and nonsense are not', () => {
  for (const name of ['Europe/Stockholm', 'europe/stockholm', 'UTC', 'Etc/GMT+5', 'America/Port-au-Prince']) {
    assert.ok(isZone(name), name)
  }
  for (const name of [
    '',
    '+02:00',
    '2026-01-01T00:00Z',
    'Z',
    'Nowhere/Town',
    '\0',
    'UTC[u-ca=iso8601]',
    'x'.repeat(99),
  ]) {
    assert.ok(!isZone(name), name)
    assert.ok(isRefusal(zoneNamed(name)))
  }
  assert.equal(zoneNamed('europe/STOCKHOLM'), 'Europe/Stockholm')
})

test('a wall time is a date and time of the calendar and nothing else', () => {
  for (const wall of ['2026-02-28T09:00', '2024-02-29T23:59:59']) assert.ok(isWallTime(wall), wall)
  for (const wall of [
    '2026-02-29T09:00',
    '2026-11-23',
    '2026-11-23T24:00',
    '2026-11-23T09:00Z',
    '09:00',
    '',
  ]) {
    assert.ok(!isWallTime(wall), wall)
  }
})
