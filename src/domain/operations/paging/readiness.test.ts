/** Ready means: whenever a P1 comes, something proven makes a sound. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { stepsFor, type NotificationRules, type UsableWay } from './notification-rules.ts'
import { readinessFor } from './readiness.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 60)
const minute = 60_000
const mail: UsableWay = { method: 'email', channel: 'email' }
const push: UsableWay = { method: 'web-push', channel: 'web-push' }
const phone: UsableWay = { method: 'phone', channel: 'sms' }
const monday = { at: Date.UTC(2026, 10, 23, 12), zone: 'Europe/Stockholm' }

test('mail and web push alone are not ready, whatever the rules say', () => {
  assert.deepEqual(readinessFor(null, [mail, push], monday), { ready: false, why: 'no-way-wakes' })
  assert.deepEqual(readinessFor(null, [mail, phone], monday), { ready: true })
})

test('a rule that leaves the phone silent on one night of the week is found, with the night', () => {
  const rules: NotificationRules = {
    quiet: null,
    rules: [
      {
        occasions: ['page'],
        priorities: [1],
        hours: { from: '23:00', to: '05:00', weekdays: [6] },
        steps: [{ method: 'email', afterMinutes: 0 }],
      },
      {
        occasions: ['page'],
        priorities: [],
        hours: null,
        steps: [{ method: 'phone', afterMinutes: 2 }],
      },
    ],
  }
  const saturdayNight = Date.UTC(2026, 10, 28, 22)
  assert.deepEqual(readinessFor(rules, [mail, phone], monday), {
    ready: false,
    why: 'rules-let-sleep',
    at: saturdayNight,
  })
})

test('a phone that rings only after the page has gone on wakes nobody', () => {
  const after = (afterMinutes: number): NotificationRules => ({
    quiet: { from: '22:00', to: '07:00' },
    rules: [{ occasions: ['page'], priorities: [], hours: null, steps: [{ method: 'phone', afterMinutes }] }],
  })
  assert.equal(readinessFor(after(5), [phone], monday).ready, true)
  assert.equal(readinessFor(after(6), [phone], monday).ready, false)
})

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30))
  .map(([hour, past]) => `${String(hour).padStart(2, '0')}:${String(past).padStart(2, '0')}`)
const rules: fc.Arbitrary<NotificationRules> = fc.record({
  quiet: fc.constant(null),
  rules: fc.array(
    fc.record({
      occasions: fc.constant(['page'] as const),
      priorities: fc.constantFrom([], [1 as const], [2 as const]),
      hours: fc.option(
        fc.record({
          from: time,
          to: time,
          weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        }),
      ),
      steps: fc.array(
        fc.record({ method: fc.constantFrom('email', 'phone'), afterMinutes: fc.constantFrom(0, 5, 20) }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  ),
})

test('asked at every quarter of an hour of a week, it is the same answer', () => {
  fc.assert(
    fc.property(rules, (written) => {
      const wakes = (at: number): boolean =>
        stepsFor(written, [mail, phone], { kind: 'page', priority: 1 }, { ...monday, at }).some(
          ({ channel, afterMs }) => channel === 'sms' && afterMs <= 5 * minute,
        )
      let always = true
      for (let quarter = 0; quarter < 7 * 96; quarter++) always &&= wakes(monday.at + quarter * 15 * minute)
      assert.equal(readinessFor(written, [mail, phone], monday).ready, always)
    }),
    { numRuns },
  )
})
