/** The sentence "Bo instead of Astrid" is what somebody decides by: it is neither longer nor shorter than the change. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dutyChanges, type Duty } from './duty-changes.ts'

const astrid = { id: 'a', name: 'Astrid' }
const bo = { id: 'b', name: 'Bo' }

test('what stays is not told, and neighbouring stretches of the same change are told as one', () => {
  const before: Duty[] = [
    { person: astrid, from: 0, to: 10 },
    { person: astrid, from: 10, to: 20 },
    { person: bo, from: 20, to: 30 },
  ]
  const after: Duty[] = [
    { person: bo, from: 5, to: 15 },
    { person: bo, from: 15, to: 40 },
  ]
  assert.deepEqual(dutyChanges(before, after, 0, 30), [
    { from: 0, to: 5, before: ['Astrid'], after: [] },
    { from: 5, to: 20, before: ['Astrid'], after: ['Bo'] },
  ])
  assert.deepEqual(dutyChanges(before, before, 0, 30), [])
})

const people = [astrid, bo, { id: 'c', name: 'Chidi' }]
const duties = fc.array(
  fc
    .tuple(fc.constantFrom(...people), fc.integer({ min: -5, max: 40 }), fc.integer({ min: 1, max: 12 }))
    .map(([person, from, length]): Duty => ({ person, from, to: from + length })),
  { maxLength: 8 },
)
/** Asked of each moment by itself. */
const namesAt = (list: readonly Duty[], at: number): string =>
  people
    .filter(({ id }) => list.some((duty) => duty.person.id === id && duty.from <= at && at < duty.to))
    .map(({ name }) => name)
    .join('+')

test('every moment is inside a change exactly when other people would be on call', () => {
  fc.assert(
    fc.property(duties, duties, (before, after) => {
      const changes = dutyChanges(before, after, 0, 30)
      for (let at = 0; at < 30; at += 1) {
        const told = changes.filter(({ from, to }) => from <= at && at < to)
        const differs = namesAt(before, at) !== namesAt(after, at)
        assert.equal(told.length, differs ? 1 : 0, `at ${at}`)
        if (told[0]) {
          assert.equal(told[0].before.join('+'), namesAt(before, at))
          assert.equal(told[0].after.join('+'), namesAt(after, at))
        }
      }
    }),
  )
})
