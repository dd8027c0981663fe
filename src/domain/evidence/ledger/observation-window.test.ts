/** Sealed windows: the rows behind one leaf can be checked, and none can be slipped in, out or between. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs, sha256 } from './crypto-for-tests.test.ts'
import {
  follows,
  numbersMissing,
  parseWindow,
  sealWindow,
  verifyWindow,
  windowDigest,
} from './observation-window.ts'
import type { ObservedRow } from './observation-window.ts'

const row = (process: string, number: number, content = `${process} ${number}`): ObservedRow => ({
  process,
  number,
  bytes: Buffer.from(content),
})
const rowsOf = (process: string, first: number, last: number): ObservedRow[] =>
  Array.from({ length: last - first + 1 }, (_, i) => row(process, first + i))

test('a window tells what each process wrote, whatever order the rows come in', () => {
  const rows = [...rowsOf('p2', 1, 3), ...rowsOf('p1', 7, 9)]
  const window = sealWindow(rows, undefined, sha256)
  assert.deepEqual(window.spans, [
    { process: 'p1', first: 7, last: 9 },
    { process: 'p2', first: 1, last: 3 },
  ])
  assert.equal(window.count, 6)
  assert.deepEqual(sealWindow(rows.toReversed(), undefined, sha256), window)
  assert.deepEqual(parseWindow(JSON.parse(JSON.stringify(window))), window)
})

test('exactly the sealed rows verify', () => {
  const spans = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 20,
  })
  fc.assert(
    fc.property(spans, fc.nat(), (drawn, pick) => {
      const keys = new Map(drawn.map(([process, number]) => [`${process}${number}`, row(process, number)]))
      const rows = [...keys.values()]
      const window = sealWindow(rows, undefined, sha256)
      assert.ok(verifyWindow(window, rows.toReversed(), sha256))
      const at = pick % rows.length
      const target = rows[at]!
      assert.ok(!verifyWindow(window, rows.toSpliced(at, 1), sha256))
      assert.ok(!verifyWindow(window, [...rows, row('d', 1)], sha256))
      assert.ok(!verifyWindow(window, [...rows, target], sha256))
      assert.ok(!verifyWindow(window, rows.with(at, row(target.process, target.number, 'edited')), sha256))
      const renumbered = rows.map((one) => ({ ...one, number: one.number + 1 }))
      assert.ok(!verifyWindow(window, renumbered, sha256))
      assert.ok(!verifyWindow({ ...window, count: window.count + 1 }, rows, sha256))
    }),
    runs(100),
  )
})

test('a gap shows instead of stopping the sealing, within a window and between two', () => {
  const first = sealWindow([...rowsOf('p', 1, 3), ...rowsOf('p', 6, 7)], undefined, sha256)
  assert.deepEqual(
    first.spans.map(({ first: from, last }) => [from, last]),
    [
      [1, 3],
      [6, 7],
    ],
  )
  const second = sealWindow([...rowsOf('p', 9, 9), ...rowsOf('q', 5, 5)], first, sha256)
  assert.ok(follows(second, first, sha256))
  assert.deepEqual(numbersMissing([first, second]), [
    { process: 'p', first: 4, last: 5 },
    { process: 'p', first: 8, last: 8 },
  ])
  // A process that paused for a window is not forgotten.
  const third = sealWindow(rowsOf('q', 8, 8), second, sha256)
  assert.deepEqual(numbersMissing([second, third]), [{ process: 'q', first: 6, last: 7 }])
})

test('a window replaced or left out breaks the chain', () => {
  const first = sealWindow(rowsOf('p', 1, 2), undefined, sha256)
  const second = sealWindow(rowsOf('p', 3, 4), first, sha256)
  const third = sealWindow(rowsOf('p', 5, 6), second, sha256)
  assert.ok(follows(third, second, sha256))
  assert.ok(!follows(third, first, sha256))
  assert.ok(!follows(second, { ...first, count: 3 }, sha256))
  assert.equal(windowDigest(first, sha256).length, 43)
})

test('what cannot be a window is refused', () => {
  assert.throws(() => sealWindow([], undefined, sha256), RangeError)
  assert.throws(() => sealWindow([row('p', 1), row('p', 1)], undefined, sha256), RangeError)
  assert.throws(() => sealWindow([row('p', 0)], undefined, sha256), RangeError)
  assert.throws(() => sealWindow(rowsOf('p', 1, 10_001), undefined, sha256), RangeError)
  const window = sealWindow(rowsOf('p', 1, 2), undefined, sha256)
  for (const bad of [
    null,
    7,
    [],
    {},
    { ...window, v: 2 },
    { ...window, root: 'x' },
    { ...window, count: 3 },
    { ...window, spans: [null] },
    { ...window, spans: [{ process: 'p', first: 2, last: 1 }] },
    { ...window, previous: 'x' },
  ])
    assert.equal(parseWindow(bad), undefined)
})
