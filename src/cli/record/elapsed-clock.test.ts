import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openElapsedClock } from './elapsed-clock.ts'

test('time goes on when the clock is set back, and catches up after the laptop slept', () => {
  let wall = 1_000_000
  let steady = 0
  const clock = openElapsedClock(
    () => wall,
    () => steady,
  )
  const pass = (steadyMs: number, wallMs: number): number => {
    steady += steadyMs
    wall += wallMs
    return clock.elapsedMs()
  }
  assert.equal(pass(500, 500), 500)
  assert.equal(pass(500, -3_600_000), 1_000)
  assert.equal(pass(0, 3_600_000 + 500), 1_000)
  assert.equal(pass(100, 60_100), 61_100)
  assert.equal(pass(100, -60_000), 61_200)
})
