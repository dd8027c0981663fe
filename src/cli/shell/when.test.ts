/** What a command prints about time can be typed into the next one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instantFrom, wallTime } from './when.ts'

test('an instant that was printed is understood where one is asked for', () => {
  const instants = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) })
  fc.assert(
    fc.property(instants, (at) => {
      assert.match(wallTime(at), /^\d{4}-\d\d-\d\d \d\d:\d\d$/)
      assert.equal(wallTime(instantFrom(wallTime(at), 'at', 0)), wallTime(at))
    }),
  )
})
