/** Proves that people who are on call together are drawn beside one another and never over one another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lanesOf } from './lanes.ts'

const shift = (rotationId: string, from: number, to: number) => ({
  from,
  to,
  source: { kind: 'rotation', rotationId },
})
const linesOf = (shifts: readonly ReturnType<typeof shift>[]): readonly number[] => [
  ...lanesOf(shifts).values(),
]

test('turns that follow one another share a line, also where the clock lets them overlap', () => {
  assert.deepEqual(linesOf([shift('a', 0, 10), shift('b', 10, 20), shift('a', 20, 30)]), [0, 0, 0])
  assert.deepEqual(linesOf([shift('a', 0, 11), shift('a', 10, 20)]), [0, 0])
})

test('whoever is on call beside others has a line of their own, and the rotation keeps it', () => {
  const shifts = [shift('a', 0, 10), shift('b', 0, 10), shift('a', 10, 20), shift('b', 12, 20)]
  assert.deepEqual(linesOf(shifts), [0, 1, 0, 1])
  assert.deepEqual(linesOf([shift('crew', 0, 10), shift('crew', 0, 10)]), [0, 1])
})
