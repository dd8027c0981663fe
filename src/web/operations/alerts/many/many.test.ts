/** What a press chooses, and what takes an act back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pressed } from './selection.ts'
import { inverseFor, MOST_TAKEN_BACK, takeBack } from './take-back.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const row = (id: string, more: object = {}) => ({
  id,
  owner: null,
  tags: ['disk'],
  snoozedUntil: null,
  status: 'open' as const,
  ...more,
})

test('a press chooses one and a second press gives it up', () => {
  const once = pressed(order, new Set(), 'b', undefined, false)
  assert.deepEqual([...once], ['b'])
  assert.deepEqual([...pressed(order, once, 'b', 'b', false)], [])
})

test('with Shift everything between the last one and this is chosen, in both directions', () => {
  assert.deepEqual([...pressed(order, new Set(['b']), 'd', 'b', true)], ['b', 'c', 'd'])
  assert.deepEqual([...pressed(order, new Set(['d']), 'b', 'd', true)].toSorted(), ['b', 'c', 'd'])
  const gone = pressed(order, new Set(['z']), 'b', 'z', true)
  assert.deepEqual([...gone], ['z', 'b'], 'a row that is gone begins no stretch')
})

test('tags are taken back only where they were not before, and an owner goes back to whom it was', () => {
  const act = { kind: 'tag' as const, add: ['disk', 'night'], remove: ['old'] }
  assert.deepEqual(inverseFor(act)(row('a')), { kind: 'tag', add: [], remove: ['night'] })
  assert.equal(inverseFor(act)(row('a', { tags: ['disk', 'night'] })), undefined)
  const assigned = { kind: 'assign' as const, owner: 'p2' }
  assert.deepEqual(inverseFor(assigned)(row('a', { owner: { id: 'p1', name: 'Bo' } })), {
    kind: 'assign',
    owner: 'p1',
  })
})

test('no way back is offered where there is none that pages nobody', () => {
  assert.equal(takeBack({ kind: 'close', reason: 'x' }, [row('a')]), undefined)
  assert.equal(takeBack({ kind: 'acknowledge' }, [row('a')]), undefined)
  const snooze = { kind: 'snooze' as const, until: 1 }
  assert.equal(typeof takeBack(snooze, [row('a')]), 'function')
  assert.equal(takeBack(snooze, [row('a'), row('b', { status: 'acknowledged' })]), undefined)
  const many = Array.from({ length: MOST_TAKEN_BACK + 1 }, (_, n) => row(String(n)))
  assert.equal(takeBack(snooze, many), undefined)
  assert.equal(takeBack(snooze, []), undefined, 'what is not known is not taken back')
})
