/** Whatever somebody wrote into their rules, a page reaches them by ways that work, P1 at once, and nothing else in their quiet hours. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { clockReads } from '../../time/wall-clock.oracle.ts'
import {
  defaultSteps,
  quietUntil,
  stepsFor,
  type NotificationRules,
  type Occasion,
  type UsableWay,
} from './notification-rules.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const minute = 60_000

const zone = fc.constantFrom('Europe/Stockholm', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC')
const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) })
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, past]) => `${String(hour).padStart(2, '0')}:${String(past).padStart(2, '0')}`)
const hours = fc.record({ from: time, to: time })
const priority = fc.constantFrom(1, 2, 3, 4, 5) as fc.Arbitrary<Occasion['priority']>
const method = fc.constantFrom('email', 'web-push', 'topic', 'hook', 'taken-back')
const way = fc.constantFrom<UsableWay[]>(
  { method: 'email', channel: 'email' },
  { method: 'web-push', channel: 'web-push' },
  { method: 'topic', channel: 'ntfy' },
  { method: 'hook', channel: 'webhook' },
)
const ways = fc.uniqueArray(way, { selector: (each) => each.method, maxLength: 4 })
const rules: fc.Arbitrary<NotificationRules> = fc.record({
  quiet: fc.option(hours),
  rules: fc.array(
    fc.record({
      occasions: fc.constant(['page'] as const),
      priorities: fc.uniqueArray(priority, { maxLength: 3 }),
      hours: fc.option(
        fc.record({ from: time, to: time, weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 })) }),
      ),
      steps: fc.array(fc.record({ method, afterMinutes: fc.nat(90) }), { maxLength: 4 }),
    }),
    { maxLength: 4 },
  ),
})

/** Another way to ask: the clock is read minute by minute, as a person would. */
const reads = (instant: number, zoneName: string): string => clockReads(instant, zoneName).slice(11, 16)
const within = ({ from, to }: { from: string; to: string }, clock: string): boolean =>
  from === to ? true : from < to ? from <= clock && clock < to : clock >= from || clock < to

test('a page is never without a step while there is any way at all, and uses only ways that work', () => {
  fc.assert(
    fc.property(fc.option(rules), ways, priority, at, zone, (written, usable, urgency, now, where) => {
      const steps = stepsFor(written, usable, { kind: 'page', priority: urgency }, { at: now, zone: where })
      assert.equal(steps.length === 0, usable.length === 0)
      for (const step of steps) {
        assert.ok(step.afterMs >= 0)
        assert.equal(usable.find((each) => each.method === step.method)?.channel, step.channel)
      }
      const times = steps.map(({ afterMs }) => afterMs)
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      )
    }),
    { numRuns },
  )
})

test('P1 pierces quiet hours: with and without them the steps are the same', () => {
  fc.assert(
    fc.property(rules, ways, at, zone, (written, usable, now, where) => {
      const ask = (given: NotificationRules) =>
        stepsFor(given, usable, { kind: 'page', priority: 1 }, { at: now, zone: where })
      assert.deepEqual(ask(written), ask({ ...written, quiet: null }))
    }),
    { numRuns },
  )
})

test('anything else waits for the end of the quiet hours, and never longer', () => {
  fc.assert(
    fc.property(hours, at, zone, (quiet, given, where) => {
      const now = given - (given % minute)
      fc.pre(quiet.from !== quiet.to)
      let ends = now
      while (within(quiet, reads(ends, where))) ends += minute
      const found = quietUntil(quiet, now, where)
      assert.ok(found <= ends, 'rather too loud than too quiet')
      if (where === 'Asia/Kolkata' || where === 'UTC') assert.equal(found, ends)
      // Where clocks change, only an hour that is shown twice may be louder than asked.
      else if (found !== ends) assert.ok(ends - found <= 60 * minute)
    }),
    { numRuns: Math.min(numRuns, 300) },
  )
})

test('the first rule that fits decides, by priority, weekday and time of the own zone', () => {
  const usable: UsableWay[] = [
    { method: 'email', channel: 'email' },
    { method: 'topic', channel: 'ntfy' },
  ]
  const nights = {
    occasions: ['page'] as const,
    priorities: [],
    hours: { from: '22:00', to: '07:00', weekdays: [5] },
    steps: [{ method: 'topic', afterMinutes: 0 }],
  }
  const always = {
    occasions: ['page'] as const,
    priorities: [2 as const],
    hours: null,
    steps: [
      { method: 'email', afterMinutes: 0 },
      { method: 'topic', afterMinutes: 5 },
    ],
  }
  const told = (now: number, urgency: Occasion['priority']) =>
    stepsFor(
      { rules: [nights, always], quiet: null },
      usable,
      { kind: 'page', priority: urgency },
      {
        at: now,
        zone: 'Europe/Stockholm',
      },
    ).map((step) => [step.method, step.afterMs])
  // 2026-11-21 was a Saturday: its early hours belong to Friday night.
  assert.deepEqual(told(Date.UTC(2026, 10, 21, 2), 2), [['topic', 0]])
  assert.deepEqual(told(Date.UTC(2026, 10, 21, 22), 2), [
    ['email', 0],
    ['topic', 300_000],
  ])
  assert.deepEqual(
    told(Date.UTC(2026, 10, 21, 22), 1),
    defaultSteps(usable).map((step) => [step.method, 0]),
  )
})

test('what quiet hours push to one instant is one message', () => {
  const usable: UsableWay[] = [{ method: 'email', channel: 'email' }]
  const steps = [0, 5, 10].map((afterMinutes) => ({ method: 'email', afterMinutes }))
  const written: NotificationRules = {
    rules: [{ occasions: ['page'], priorities: [], hours: null, steps }],
    quiet: { from: '22:00', to: '07:00' },
  }
  const night = { at: Date.UTC(2026, 10, 23, 2), zone: 'UTC' }
  assert.deepEqual(
    stepsFor(written, usable, { kind: 'page', priority: 2 }, night).map(({ afterMs }) => afterMs),
    [5 * 3_600_000],
  )
  assert.equal(stepsFor(written, usable, { kind: 'page', priority: 1 }, night).length, 3)
})
