/** What flaps pages when it stays; what does not flap, and what is P1, pages at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { minute } from '../../time/instant.ts'
import { dampedUntil, flapFor, USUAL_FLAP } from './flapping.ts'

const at = 1_000 * minute
const flap = { times: 3, withinMinutes: 15, stayMinutes: 5 }

test('the third firing within the time is damped until it stayed', () => {
  const ended = [at - 10 * minute, at - minute]
  assert.equal(dampedUntil(flap, ended, at, at), at + 5 * minute)
  assert.equal(dampedUntil(flap, ended, at, at + 5 * minute), null)
  assert.equal(dampedUntil(flap, ended.slice(1), at, at), null)
  assert.equal(dampedUntil(flap, [at - 16 * minute, at - minute], at, at), null)
})

test('P1 is never damped unless a policy says so, and a policy may say never', () => {
  assert.equal(flapFor(1, undefined), null)
  assert.deepEqual(flapFor(1, flap), flap)
  assert.deepEqual(flapFor(2, undefined), USUAL_FLAP)
  assert.equal(flapFor(2, null), null)
})

test('whatever its past, an alert that stays pages in the end, and none is held longer than it must stay', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 })), fc.integer({ min: 0, max: 20 }), (ages, later) => {
      const ended = ages.map((age) => at - age * minute)
      const until = dampedUntil(flap, ended, at, at + later * minute)
      if (until === null) return
      assert.equal(until, at + flap.stayMinutes * minute)
      assert.equal(dampedUntil(flap, ended, at, until), null)
    }),
  )
})
