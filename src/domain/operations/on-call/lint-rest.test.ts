/** Proves that a pause too short to sleep in is seen, and one who would be asked twice while nobody else is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortRests, twiceOnCall, usualRestMs } from './lint-rest.ts'
import type { Shift } from './shifts.ts'

const hour = 3_600_000
let turns = 0
const shift = (accountId: string, from: number, to: number, turn = (turns += 1)): Shift => ({
  accountId,
  from: from * hour,
  to: to * hour,
  source: { kind: 'rotation', rotationId: 'a', turn },
})
const window = { from: 0, to: 100 * hour }

test('a pause under eleven hours is too short, eleven are enough, and shifts that touch are one', () => {
  const shifts = [
    shift('alva', 0, 8),
    shift('birk', 8, 16),
    shift('alva', 18, 24),
    shift('alva', 24, 30),
    shift('alva', 41, 50),
  ]
  assert.deepEqual(shortRests(shifts, window, usualRestMs), [
    { accountId: 'alva', from: 8 * hour, to: 18 * hour },
  ])
  assert.deepEqual(shortRests(shifts, window, 0), [])
  assert.deepEqual(shortRests(shifts, { from: 20 * hour, to: 30 * hour }, usualRestMs), [])
})

test('hours off within one turn are no second shift', () => {
  const shifts = [shift('alva', 0, 8, 7), shift('birk', 8, 10), shift('alva', 10, 20, 7)]
  assert.deepEqual(shortRests(shifts, window, usualRestMs), [])
})

test('who is in both of two rotas at once is found for the hours in which they are', () => {
  const first = [shift('alva', 0, 10), shift('birk', 10, 20)]
  const second = [shift('birk', 0, 12), shift('alva', 12, 20)]
  assert.deepEqual(twiceOnCall(first, second), [{ accountId: 'birk', from: 10 * hour, to: 12 * hour }])
})
