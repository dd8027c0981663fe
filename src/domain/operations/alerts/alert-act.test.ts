/** Standing of an alert under any sequence of acts: nothing sleeps untaken, nothing comes back from closed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { day, minute } from '../../time/instant.ts'
import { actOn, type AlertAct, type StandingAlert } from './alert-act.ts'
import { withDetails, withTags } from './alert-words.ts'

const runs = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const fresh: StandingAlert = {
  status: 'open',
  acknowledgement: null,
  ownerId: null,
  snoozedUntilAt: null,
  snoozedBy: null,
}
const who = fc.constantFrom('a', 'b')
const act: fc.Arbitrary<AlertAct> = fc.oneof(
  fc.constant({ kind: 'unacknowledge' } as const),
  fc.record({ kind: fc.constant('assign' as const), ownerId: fc.option(who) }),
  fc.record({
    kind: fc.constant('snooze' as const),
    untilAt: fc.integer({ min: 0, max: 200 * day }),
    by: who,
  }),
  fc.record({ kind: fc.constant('end-snooze' as const), onlyDue: fc.boolean() }),
)

test('what sleeps is taken by somebody, and what is open sleeps not', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(act, fc.nat({ max: 3 * day }))), (acts) => {
      let alert = fresh
      let now = 0
      for (const [each, later] of acts) {
        now += later
        const after = actOn(alert, each, now)
        if (isRefusal(after)) continue
        assert.equal(
          after === alert,
          JSON.stringify(after) === JSON.stringify(alert),
          'changed or the very same',
        )
        alert = after
        assert.equal(alert.status === 'acknowledged', alert.acknowledgement !== null)
        assert.equal(alert.snoozedUntilAt === null, alert.snoozedBy === null)
        if (alert.snoozedUntilAt !== null) assert.equal(alert.status, 'acknowledged')
      }
    }),
    { numRuns: runs },
  )
})

test('the clock wakes only what is due; a person wakes at once', () => {
  const asleep = actOn(fresh, { kind: 'snooze', untilAt: 10 * minute, by: 'a' }, 0) as StandingAlert
  assert.equal(actOn(asleep, { kind: 'end-snooze', onlyDue: true }, 10 * minute - 1), asleep)
  assert.deepEqual(actOn(asleep, { kind: 'end-snooze', onlyDue: true }, 10 * minute), fresh)
  assert.deepEqual(actOn(asleep, { kind: 'end-snooze', onlyDue: false }, 1), fresh)
})

test('whoever had it keeps it through a snooze', () => {
  const taken: StandingAlert = { ...fresh, status: 'acknowledged', acknowledgement: { by: 'a', at: 1 } }
  const asleep = actOn(taken, { kind: 'snooze', untilAt: day, by: 'b' }, 5) as StandingAlert
  assert.deepEqual([asleep.acknowledgement?.by, asleep.snoozedBy], ['a', 'b'])
})

test('a closed alert refuses every act', () => {
  fc.assert(
    fc.property(act, (each) => {
      const answer = actOn({ ...fresh, status: 'closed' }, each, 0)
      assert.equal(isRefusal(answer) && answer.code, 'alert-closed')
    }),
    { numRuns: runs },
  )
})

test('tags are told apart whatever their case, kept in order, and at most twenty', () => {
  assert.deepEqual(withTags(['A', 'b'], { add: ['a', 'c', 'C'], remove: ['B'] }), ['A', 'c'])
  const twenty = Array.from({ length: 20 }, (_, n) => `t${n}`)
  assert.ok(isRefusal(withTags(twenty, { add: ['more'], remove: [] })))
  assert.equal((withTags(twenty, { add: ['more'], remove: ['t3'] }) as string[]).length, 20)
})

test('a detail named like a built-in property is a detail', () => {
  const details = withDetails({ a: '1' }, { set: { ['__proto__']: 'x', constructor: 'y' }, remove: ['a'] })
  assert.deepEqual(Object.keys(details), ['__proto__', 'constructor'])
})
