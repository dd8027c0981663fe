/** What is chosen by mouse or key is whole hours of the clock on the wall, inside what is shown. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weeksFrom } from '../week-spans.ts'
import { between, hourAt, HOUR_MS, stepped } from './hours-chosen.ts'

const at = (text: string): number => Date.parse(text)

test('a place in a week is the nearest whole hour, also where the clock changes or the zone is half an hour off', () => {
  const [autumn] = weeksFrom('2026-10-19', 1, 'Europe/Stockholm')
  assert.ok(autumn)
  assert.equal(hourAt(autumn, 0), at('2026-10-18T22:00Z'))
  assert.equal(hourAt(autumn, 1), at('2026-10-25T23:00Z'))
  assert.equal(hourAt(autumn, 0.5 / 7 + 0.001), at('2026-10-19T10:00Z'))
  // Of the 25 hours of that Sunday the last fifth begins in the twentieth.
  assert.equal(hourAt(autumn, 6.8 / 7), at('2026-10-25T18:00Z'))
  const [india] = weeksFrom('2026-10-19', 1, 'Asia/Kolkata')
  assert.ok(india)
  assert.equal(hourAt(india, 0.5 / 7), at('2026-10-19T06:30Z'))
})

test('from right to left is the same as from left to right, and a click is an hour', () => {
  assert.deepEqual(between(5 * HOUR_MS, 2 * HOUR_MS), { from: 2 * HOUR_MS, to: 5 * HOUR_MS })
  assert.deepEqual(between(HOUR_MS, HOUR_MS), { from: HOUR_MS, to: 2 * HOUR_MS })
})

test('keys move hours and lengthen them, and never leave what is shown or turn them round', () => {
  const shown = { from: 0, to: 48 * HOUR_MS }
  const hours = { from: 2 * HOUR_MS, to: 5 * HOUR_MS }
  const press = (key: string, shiftKey = false) => stepped(hours, { key, shiftKey }, shown)
  assert.deepEqual(press('ArrowRight'), { from: 3 * HOUR_MS, to: 6 * HOUR_MS })
  assert.deepEqual(press('ArrowUp'), { from: 0, to: 3 * HOUR_MS })
  assert.deepEqual(press('ArrowDown', true), { from: 2 * HOUR_MS, to: 29 * HOUR_MS })
  assert.deepEqual(press('ArrowUp', true), { from: 2 * HOUR_MS, to: 3 * HOUR_MS })
  assert.equal(press('x'), undefined)
})
