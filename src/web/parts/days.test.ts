/** Days are drawn where a wall clock has them, also when the clock changes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, instantOf, mondayOf, startOfDay, wallFields } from './days.ts'

test('a day starts at the midnight of its zone', () => {
  assert.equal(startOfDay('2026-11-23', 'Europe/Stockholm'), Date.parse('2026-11-22T23:00:00Z'))
  assert.equal(startOfDay('2026-07-01', 'America/Los_Angeles'), Date.parse('2026-07-01T07:00:00Z'))
})

test('days around a clock change have 23 and 25 hours', () => {
  const hours = (date: string): number =>
    (startOfDay(addDays(date, 1), 'Europe/Berlin') - startOfDay(date, 'Europe/Berlin')) / 3_600_000
  assert.equal(hours('2026-03-29'), 23)
  assert.equal(hours('2026-10-25'), 25)
  assert.equal(hours('2026-11-23'), 24)
})

test('a wall time that happens twice is its first occurrence', () => {
  assert.equal(instantOf('2026-10-25', '02:30', 'Europe/Berlin'), Date.parse('2026-10-25T00:30:00Z'))
})

test('what a field shows is what it gives back', () => {
  for (const zone of ['Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'UTC'])
    for (
      let at = Date.parse('2026-01-01T00:07:00Z');
      at < Date.parse('2027-01-01');
      at += 86_400_000 * 3.37
    ) {
      const minute = Math.floor(at / 60_000) * 60_000
      const { date, time } = wallFields(minute, zone)
      assert.equal(instantOf(date, time, zone), minute, `${zone} ${date} ${time}`)
    }
})

test('weeks begin on Monday', () => {
  assert.equal(mondayOf('2026-11-29'), '2026-11-23')
  assert.equal(mondayOf('2026-11-23'), '2026-11-23')
})
