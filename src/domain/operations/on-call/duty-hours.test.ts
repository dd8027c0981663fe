/** Hours are held against somebody who looks at the clock on the wall every quarter of an hour. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clockReads, troublesomeZones } from '../../time/wall-clock.oracle.ts'
import { dutyCalendar, hoursOnCall } from './duty-hours.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 30)
const QUARTER = 900_000
const HOUR = 3_600_000
const DAY = 86_400_000
const at = (text: string): number => Date.parse(text)

test('a week of an engineer in Stockholm, with Christmas Eve in it', () => {
  const week = { from: at('2026-12-21T08:00Z'), to: at('2026-12-28T08:00Z') }
  const calendar = dutyCalendar('Europe/Stockholm', ['2026-12-24'], week)
  assert.deepEqual(hoursOnCall(calendar, [week]), {
    onCallMs: 168 * HOUR,
    nightMs: 56 * HOUR,
    weekendMs: 48 * HOUR,
    holidayMs: 24 * HOUR,
    // Office hours: nine on Monday, ten on Tuesday, Wednesday and Friday, one on the Monday after.
    offHoursMs: (168 - 40) * HOUR,
  })
})

test('the night in which the clock goes back is an hour longer, and hours in two shifts count once', () => {
  const night = { from: at('2026-10-24T20:00Z'), to: at('2026-10-25T05:00Z') }
  const calendar = dutyCalendar('Europe/Stockholm', [], night)
  assert.equal(hoursOnCall(calendar, [night, night]).nightMs, 9 * HOUR)
})

test('by the quarter of an hour, in troublesome zones, as a person would count', () => {
  const start = fc.integer({ min: 0, max: 900 }).map((days) => at('2025-01-01T00:00Z') + days * DAY)
  fc.assert(
    fc.property(
      fc.constantFrom(...troublesomeZones),
      start,
      fc.integer({ min: 1, max: 8 * 96 }),
      (zone, from, quarters) => {
        const window = { from, to: from + quarters * QUARTER }
        const holiday = clockReads(from + DAY, zone).slice(0, 10)
        const counted = { onCallMs: 0, nightMs: 0, weekendMs: 0, holidayMs: 0, offHoursMs: 0 }
        for (let now = window.from; now < window.to; now += QUARTER) {
          const wall = clockReads(now, zone)
          const [date, time] = [wall.slice(0, 10), wall.slice(11, 16)]
          const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
          const isFree = weekday === 0 || weekday === 6 || date === holiday
          counted.onCallMs += QUARTER
          if (time >= '22:00' || time < '06:00') counted.nightMs += QUARTER
          if (weekday === 0 || weekday === 6) counted.weekendMs += QUARTER
          if (date === holiday) counted.holidayMs += QUARTER
          if (isFree || time < '08:00' || time >= '18:00') counted.offHoursMs += QUARTER
        }
        assert.deepEqual(hoursOnCall(dutyCalendar(zone, [holiday], window), [window]), counted)
      },
    ),
    { numRuns },
  )
})
