/** A snooze ends in the future, at the minute that was meant. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { snoozeTime } from './snooze-time.ts'

const noon = new Date(2026, 10, 23, 12, 0, 0).getTime()

test('a while is counted from now', () => {
  assert.equal(snoozeTime('45m', noon), noon + 45 * 60_000)
  assert.equal(snoozeTime('2h', noon), noon + 120 * 60_000)
  assert.equal(snoozeTime('1d', noon), noon + 24 * 60 * 60_000)
})

test('a time of the clock is the next one: today if it is still to come, else tomorrow', () => {
  assert.equal(snoozeTime('17:30', noon), new Date(2026, 10, 23, 17, 30).getTime())
  assert.equal(snoozeTime('7:05', noon), new Date(2026, 10, 24, 7, 5).getTime())
  assert.equal(snoozeTime('12:00', noon), new Date(2026, 10, 24, 12, 0).getTime())
})

test('what is no time is none', () => {
  for (const text of ['', '0m', '25:00', '12:60', 'tomorrow', '2w', '-5m'])
    assert.equal(snoozeTime(text, noon), undefined, text)
})
