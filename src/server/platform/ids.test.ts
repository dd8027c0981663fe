/** Ids sort by the time they were made, however many there are in a millisecond and wherever the clock goes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isUuid, uuidv7 } from './ids.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 100)
const instantOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

test('an id says when it was made, and is a UUID of version 7 (RFC 9562)', () => {
  const at = Date.UTC(2026, 10, 10)
  const id = uuidv7().next(at)
  assert.ok(isUuid(id))
  assert.equal(instantOf(id), at)
  assert.equal(id[14], '7')
  assert.match(id[19] ?? '', /[89ab]/)
})

test('ids of one process grow strictly, also when the clock stands still or goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 }), (steps) => {
      const ids = uuidv7()
      let now = 1_800_000_000_000
      const made = steps.map((step) => ids.next((now += step)))
      assert.deepEqual(made, [...new Set(made)].sort())
    }),
    { numRuns },
  )
})

test('more ids than a millisecond has numbers spill into the next one', () => {
  const ids = uuidv7()
  const made = Array.from({ length: 10_000 }, () => ids.next(1_000))
  assert.deepEqual(made, made.toSorted())
  assert.equal(new Set(made).size, made.length)
  assert.ok(instantOf(made.at(-1) ?? '') <= 1_003)
})

test('two processes at the same instant make different ids', () => {
  const [one, two] = [uuidv7(), uuidv7()]
  const made = Array.from({ length: 1_000 }, () => [one.next(7), two.next(7)]).flat()
  assert.equal(new Set(made).size, made.length)
})
