/** One clock for all processes: it follows the database, and does not tremble with the network. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pool } from 'pg'
import { databaseClock } from './clock.ts'

/** A database whose clock is ahead of this machine's by `aheadMs`, and whose every answer takes `roundTripMs`. */
const databaseAhead = (state: { aheadMs: number; roundTripMs?: number }): Pool =>
  ({
    query: async () => {
      const until = performance.now() + (state.roundTripMs ?? 0)
      while (performance.now() < until);
      return { rows: [{ at: Date.now() + state.aheadMs }] }
    },
  }) as unknown as Pool

const near = (actual: number, expected: number, withinMs: number): void =>
  assert.ok(Math.abs(actual - expected) <= withinMs, `${actual} is not near ${expected}`)

test('a machine that is an hour off acts at the time of the database', async () => {
  for (const aheadMs of [3_600_000, -3_600_000]) {
    const clock = databaseClock(databaseAhead({ aheadMs }))
    near(await clock.discipline(), aheadMs, 10)
    near(clock.now(), Date.now() + aheadMs, 20)
  }
})

test('before it was compared it goes by the machine', () => {
  const clock = databaseClock(databaseAhead({ aheadMs: 5_000 }))
  near(clock.now(), Date.now(), 5)
  assert.equal(clock.offsetMs(), 0)
})

test('differences within the round trip are noise and move nothing', async () => {
  const state = { aheadMs: 0, roundTripMs: 30 }
  const clock = databaseClock(databaseAhead(state))
  for (const aheadMs of [12, -9, 14]) {
    state.aheadMs = aheadMs
    await clock.discipline()
    assert.equal(clock.offsetMs(), 0)
  }
})

test('a database that is set back is followed, and so is its return', async () => {
  const state = { aheadMs: 0 }
  const clock = databaseClock(databaseAhead(state))
  for (const aheadMs of [-60_000, 500, 0]) {
    state.aheadMs = aheadMs
    near(await clock.discipline(), aheadMs, 10)
  }
})
