/** What an administrator names is what expires, and what happened after the restore is never swept along by its kind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../refusal.ts'
import { chooseExpired, type Waiting } from './choose-expired.ts'

const HELD_AT = 1_000
const kinds = ['page.send', 'page.step']
const task = (id: string, kind: string, createdAt: number): Waiting => ({ id, kind, createdAt })
const waiting = [
  task('old-send', 'page.send', 10),
  task('new-send', 'page.send', 1_000),
  task('old-step', 'page.step', 999),
]
const idsOf = (named: string[]) => {
  const choice = chooseExpired(waiting, named, kinds, HELD_AT)
  assert.ok(!isRefusal(choice))
  return {
    expired: choice.expired.map(({ id }) => id),
    released: choice.released.map(({ id }) => id),
    gone: choice.gone,
  }
}

test('a kind means the tasks that came with the backup', () => {
  assert.deepEqual(idsOf(['page.send']), {
    expired: ['old-send'],
    released: ['new-send', 'old-step'],
    gone: [],
  })
})

test('what was written since the restore expires by its own id alone', () => {
  assert.deepEqual(idsOf(['new-send', 'page.step']), {
    expired: ['new-send', 'old-step'],
    released: ['old-send'],
    gone: [],
  })
})

test('an id that waits no longer is told, not refused', () => {
  assert.deepEqual(idsOf(['acknowledged-meanwhile']).gone, ['acknowledged-meanwhile'])
})

test('a kind that does not stand still is refused, whatever else was named', () => {
  const refusal = chooseExpired(waiting, ['page.send', 'ledger.sequence'], kinds, HELD_AT)
  assert.ok(isRefusal(refusal) && refusal.code === 'not-held-back')
  assert.match(refusal.detail, /ledger\.sequence/)
})

test('every task either expires or is released, once', () => {
  const someTask = fc.record({
    id: fc.uuid(),
    kind: fc.constantFrom(...kinds),
    createdAt: fc.integer({ min: 0, max: 2_000 }),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(someTask, { selector: ({ id }) => id }),
      fc.array(fc.nat()),
      fc.subarray(kinds),
      (tasks, picks, some) => {
        const named = [...picks.flatMap((n) => tasks[n % Math.max(1, tasks.length)]?.id ?? []), ...some]
        const choice = chooseExpired(tasks, named, kinds, HELD_AT)
        assert.ok(!isRefusal(choice))
        assert.equal(choice.expired.length + choice.released.length, tasks.length)
        assert.equal(new Set([...choice.expired, ...choice.released]).size, tasks.length)
        for (const { id, kind, createdAt } of choice.expired)
          assert.ok(named.includes(id) || (some.includes(kind) && createdAt < HELD_AT))
      },
    ),
  )
})
