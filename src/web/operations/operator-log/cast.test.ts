/** Links and commands name recorded seconds; whoever skips idle time still lands on them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clockOf, idleOf, parseCast, type CastEvent } from './cast.ts'

test('both versions of the format are read, and a line that is half written is left out', () => {
  const v3 =
    '{"version":3,"term":{"cols":90,"rows":20}}\n[0.5,"o","a"]\n# a comment\n[1.5,"o","b"]\n[2,"o","c'
  assert.deepEqual(parseCast(v3), {
    cols: 90,
    rows: 20,
    events: [
      [0.5, 'o', 'a'],
      [2, 'o', 'b'],
    ],
  })
  const v2 = '{"version":2,"width":80,"height":24}\n[0.5,"o","a"]\n[2,"o","b"]'
  assert.deepEqual(parseCast(v2)?.events, [
    [0.5, 'o', 'a'],
    [2, 'o', 'b'],
  ])
  assert.equal(parseCast('<html>'), undefined)
  assert.equal(parseCast('{"version":9}'), undefined)
})

const some = fc
  .array(fc.double({ min: 0, max: 90, noNaN: true }), { minLength: 1, maxLength: 60 })
  .map((waits) => {
    let at = 0
    return waits.map((wait): CastEvent => {
      at += wait
      return [at, 'o', '']
    })
  })

test('a recorded second is shown where its output is: never after what came next, and it is found again', () => {
  fc.assert(
    fc.property(some, fc.double({ min: 0, max: 1, noNaN: true }), (events, part) => {
      const { shown, recorded } = clockOf(events, 2)
      const end = events.at(-1)![0]
      const at = part * end
      assert.ok(Math.abs(recorded(shown(at)) - at) < 1e-6 * (1 + end))
      const next = events.find(([seconds]) => seconds > at)
      if (next) assert.ok(shown(at) <= shown(next[0]) + 1e-9, 'not past the next output')
      const before = events.findLast(([seconds]) => seconds <= at)
      if (before) assert.ok(shown(at) >= shown(before[0]) - 1e-9, 'not before what was there already')
    }),
  )
})

test('no wait is shown for longer than the limit, and without a limit the clocks are one', () => {
  fc.assert(
    fc.property(some, (events) => {
      const { shown } = clockOf(events, 2)
      let last = 0
      for (const [seconds] of events) {
        assert.ok(shown(seconds) - shown(last) <= 2 + 1e-9)
        last = seconds
      }
      const whole = clockOf(events, Infinity)
      assert.ok(Math.abs(whole.shown(last) - last) < 1e-9)
    }),
  )
  assert.deepEqual(
    idleOf(
      [
        [1, 'o', ''],
        [31, 'o', ''],
      ],
      2,
    ),
    [{ from: 1, to: 31 }],
  )
})
