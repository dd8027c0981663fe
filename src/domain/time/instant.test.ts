/** Proves that text becomes an instant exactly, and that nothing a sender writes can throw. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { describeDuration, formatInstant, parseInstant } from './instant.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 200)

test('an instant survives being written and read', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_000_000_000_000, max: 253_402_300_799_999 }), (at) => {
      assert.equal(parseInstant(formatInstant(at)), at)
      assert.equal(formatInstant(at), new Date(at).toISOString())
    }),
    { numRuns },
  )
})

test('nanoseconds, offsets and too many decimals are read, cut off at the millisecond', () => {
  const at = Date.parse('2026-11-22T20:32:56.851Z')
  for (const text of [
    '2026-11-22T20:32:56.851946584Z',
    '2026-11-22T21:32:56.851+01:00',
    '2026-11-22t20:32:56.8519465840001z',
    '2026-11-22 20:32:56.851Z',
  ]) {
    assert.equal(parseInstant(text), at, text)
  }
  assert.equal(parseInstant('0001-01-01T00:00:00Z'), Date.parse('0001-01-01T00:00:00Z'))
})

test('what is not an instant is null and never an exception', () => {
  for (const text of [
    '',
    'now',
    '2026-11-22',
    '2026-11-22T20:32:56',
    '2026-02-30T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '1'.repeat(99),
  ]) {
    assert.equal(parseInstant(text), null, text)
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseInstant(text)
    }),
    { numRuns },
  )
})

test('a length of time is said in two units at most and never rounded up', () => {
  assert.equal(describeDuration(999), '999 ms')
  assert.equal(describeDuration(45_000), '45 s')
  assert.equal(describeDuration(80 * 60_000 + 59_000), '1 h 20 min')
  assert.equal(describeDuration(86_400_000 + 59_000), '1 d')
  assert.equal(describeDuration(59_999), '59 s')
  assert.equal(describeDuration(-90_000), '-1 min 30 s')
})
