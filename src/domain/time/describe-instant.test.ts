/** Proves that a time in a message cannot be mistaken for another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateOfDayNumber, dayNumber, isCalendarDate, weekdayOf } from './calendar-date.ts'
import { describeInstant } from './describe-instant.ts'

test('the two occurrences of one wall time read differently', () => {
  const first = Date.parse('2026-10-25T00:30Z')
  assert.equal(describeInstant(first, 'Europe/Stockholm'), 'Sun 25 Oct 2026 02:30 +02:00')
  assert.equal(describeInstant(first + 3_600_000, 'Europe/Stockholm'), 'Sun 25 Oct 2026 02:30 +01:00')
})

test('offsets of half hours and west of Greenwich are written in full', () => {
  const at = Date.parse('2026-01-05T12:00Z')
  assert.equal(describeInstant(at, 'Asia/Kolkata'), 'Mon 5 Jan 2026 17:30 +05:30')
  assert.equal(describeInstant(at, 'Pacific/Marquesas'), 'Mon 5 Jan 2026 02:30 -09:30')
})

test('days are counted and named as the calendar does', () => {
  for (let days = -1_000; days < 40_000; days += 37) {
    const date = dateOfDayNumber(days)
    assert.equal(dayNumber(date), days)
    assert.equal(weekdayOf(date) % 7, new Date(days * 86_400_000).getUTCDay())
  }
  assert.ok(isCalendarDate('2024-02-29'))
  assert.ok(!isCalendarDate('2026-02-29'))
})
