/** Proves interval arithmetic against counting single points. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  contains,
  gapsIn,
  intersect,
  intervalSet,
  measure,
  subtract,
  union,
  type Interval,
} from './interval.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const size = 24

const someIntervals = fc.array(
  fc.record({ from: fc.integer({ min: 0, max: size }), to: fc.integer({ min: 0, max: size }) }),
  { maxLength: 8 },
)
const points = (intervals: readonly Interval[]) =>
  Array.from({ length: size }, (_, at) => intervals.some((interval) => contains(interval, at)))

const isSet = (set: readonly Interval[]) =>
  set.every(({ from, to }, i) => from < to && (i === 0 || set[i - 1]!.to < from))

test('union, intersection and difference hold exactly the points they should', () => {
  fc.assert(
    fc.property(someIntervals, someIntervals, (left, right) => {
      const [a, b] = [intervalSet(left), intervalSet(right)]
      const [pa, pb] = [points(left), points(right)]
      assert.deepEqual(points(a), pa)
      assert.deepEqual(
        points(union(a, b)),
        pa.map((inA, i) => inA || pb[i]!),
      )
      assert.deepEqual(
        points(intersect(a, b)),
        pa.map((inA, i) => inA && pb[i]!),
      )
      assert.deepEqual(
        points(subtract(a, b)),
        pa.map((inA, i) => inA && !pb[i]!),
      )
      for (const set of [a, union(a, b), intersect(a, b), subtract(a, b)]) assert.ok(isSet(set))
    }),
    { numRuns },
  )
})

test('a set and its gaps fill the whole without overlap', () => {
  fc.assert(
    fc.property(someIntervals, (intervals) => {
      const set = intervalSet(intervals)
      const whole = { from: 0, to: size }
      assert.equal(measure(set) + measure(gapsIn(set, whole)), size)
      assert.deepEqual(union(set, gapsIn(set, whole)), [whole])
    }),
    { numRuns },
  )
})

test('an interval holds its first instant and not its last', () => {
  assert.ok(contains({ from: 1, to: 2 }, 1))
  assert.ok(!contains({ from: 1, to: 2 }, 2))
})
