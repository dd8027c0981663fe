/** A swap needs two who agree, once; and what they agreed to stays what they agreed to, wherever the rota goes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import type { Override, Rotation, Schedule, WeeklyRotation } from './schedule.ts'
import { applySwap, decideSwap, type SwapCommand, type SwapLeg, type SwapState } from './swap.ts'
import { checkSwapLeg, followShift, swapLegOf } from './swap-shift.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 200)
const at = (text: string): number => Date.parse(text)
const HOUR = 3_600_000

const weekly = (participants: readonly string[], more: Partial<WeeklyRotation> = {}): Rotation => ({
  kind: 'weekly',
  id: 'first',
  everyWeeks: 1,
  handOver: { weekday: 1, time: '09:00' },
  zone: 'Europe/Stockholm',
  participants: [...participants],
  startsOn: '2026-01-05',
  ...more,
})
const rota = (layers: readonly Rotation[], overrides: readonly Override[] = []): Schedule => ({
  id: 'rota',
  layers,
  overrides,
})
const week = { from: at('2026-01-12T08:00Z'), to: at('2026-01-19T08:00Z') }
const legOf = (schedule: Schedule, stretch = week): SwapLeg => {
  const leg = swapLegOf(schedule, { ...stretch, giverId: 'bo', takerId: 'ada' })
  assert.ok(!isRefusal(leg), JSON.stringify(leg))
  return leg
}
const codeOf = (answer: unknown): string | undefined => (isRefusal(answer) ? answer.code : undefined)

const offered = (leg = legOf(rota([weekly(['ada', 'bo'])]))): SwapState => ({
  status: 'offered',
  askedBy: 'bo',
  askedOf: 'ada',
  legs: [leg],
})
const after = (state: SwapState, command: SwapCommand, now: number): SwapState => {
  const events = decideSwap(state, command, now)
  return isRefusal(events) ? state : events.reduce(applySwap, state)
}

test('only whoever was asked accepts, before the shift begins, and twice is once', () => {
  const state = offered()
  const before = week.from - 1
  assert.equal(codeOf(decideSwap(state, { kind: 'accept', by: 'bo' }, before)), 'swap-not-yours')
  assert.equal(codeOf(decideSwap(state, { kind: 'accept', by: 'ada' }, week.from)), 'swap-begun')
  const agreed = after(state, { kind: 'accept', by: 'ada' }, before)
  assert.equal(agreed.status, 'accepted')
  assert.deepEqual(decideSwap(agreed, { kind: 'accept', by: 'ada' }, week.to), [])
  assert.equal(codeOf(decideSwap(agreed, { kind: 'decline', by: 'ada' }, before)), 'swap-agreed')
  const steward = { kind: 'withdraw' as const, by: 'eve', isSteward: true }
  assert.equal(codeOf(decideSwap(agreed, steward, before)), 'swap-agreed')
  assert.equal(after(state, steward, before).status, 'withdrawn')
  assert.equal(codeOf(decideSwap(state, { ...steward, isSteward: false }, before)), 'swap-not-yours')
  assert.deepEqual(decideSwap(state, { kind: 'expire' }, before), [])
  assert.equal(after(state, { kind: 'expire' }, week.from).status, 'expired')
})

test('whatever order people press in, a swap that ended never begins again', () => {
  const command = fc.oneof(
    fc.constantFrom<SwapCommand>(
      { kind: 'accept', by: 'ada' },
      { kind: 'accept', by: 'bo' },
      { kind: 'decline', by: 'ada' },
      { kind: 'withdraw', by: 'bo', isSteward: false },
      { kind: 'expire' },
      { kind: 'void', why: 'shift-gone' },
    ),
  )
  const steps = fc.array(fc.tuple(command, fc.integer({ min: -3, max: 3 })), { maxLength: 12 })
  fc.assert(
    fc.property(steps, (pressed) => {
      let state = offered()
      for (const [each, hours] of pressed) {
        const next = after(state, each, week.from + hours * HOUR)
        if (!['offered', 'accepted'].includes(state.status)) assert.equal(next.status, state.status)
        if (state.status === 'accepted') assert.ok(['accepted', 'void'].includes(next.status))
        state = next
      }
    }),
    { numRuns },
  )
})

test('one gives what is one’s own: no hours of others, no team’s, none that an override gave away already', () => {
  const layers = [weekly(['ada', 'bo'])]
  const give = (stretch: { from: number; to: number }, schedule = rota(layers)) =>
    swapLegOf(schedule, { ...stretch, giverId: 'bo', takerId: 'ada' })
  assert.deepEqual(legOf(rota(layers)), {
    ...week,
    giverId: 'bo',
    takerId: 'ada',
    rotationId: 'first',
    whole: true,
  })
  const part = { from: week.from + HOUR, to: week.from + 5 * HOUR }
  assert.equal(legOf(rota(layers), part).whole, false)
  assert.equal(codeOf(give({ from: week.from - 1, to: week.to })), 'swap-not-theirs')
  assert.equal(codeOf(give({ from: week.from, to: week.to + 1 })), 'swap-not-theirs')
  assert.equal(codeOf(give(week, rota([]))), 'swap-not-theirs')
  const team = [{ ...weekly([]), participants: ['ada', { team: 'crew' }] } as Rotation]
  assert.equal(codeOf(give(week, { ...rota(team), teams: { crew: ['bo'] } })), 'swap-not-theirs')
  const covered = [{ id: 'o', accountId: 'eve', ...part }]
  assert.equal(codeOf(give(week, rota(layers, covered))), 'swap-covered-already')
  assert.equal(codeOf(give({ from: part.to, to: week.to }, rota(layers, covered))), undefined)
})

test('a whole turn is followed where it went by hours or days, and never becomes another week or two', () => {
  const leg = legOf(rota([weekly(['ada', 'bo'])]))
  const tuesday = { handOver: { weekday: 2 as const, time: '10:00' }, startsOn: '2026-01-06' }
  const later = followShift([weekly(['ada', 'bo'], tuesday)], leg)
  assert.deepEqual([later?.from, later?.to], [at('2026-01-13T09:00Z'), at('2026-01-20T09:00Z')])
  assert.equal(followShift([weekly(['bo', 'ada'])], leg), undefined, 'the week belongs to somebody else')
  assert.equal(followShift([weekly(['ada', 'bo'], { id: 'other' })], leg), undefined)
  const saturday = { handOver: { weekday: 6 as const, time: '09:00' }, startsOn: '2026-01-10' }
  const far = followShift([weekly(['ada', 'bo'], saturday)], leg)
  assert.equal(far, undefined, 'of the hours agreed to two days are left')
  const twice = followShift([weekly(['ada', 'bo'], { everyWeeks: 2, startsOn: '2025-12-29' })], leg)
  assert.deepEqual([twice?.from, twice?.to], [week.from, week.to], 'of two weeks the one agreed to')
})

test('what is followed is always the giver’s own, and meets what was agreed to', () => {
  const rotations = fc.record({
    participants: fc.shuffledSubarray(['ada', 'bo', 'cleo', 'dag'], { minLength: 1 }),
    weekday: fc.constantFrom(1, 2, 3, 4, 5, 6, 7) as fc.Arbitrary<1>,
    time: fc.constantFrom('00:00', '02:30', '09:00', '17:00'),
    everyWeeks: fc.integer({ min: 1, max: 3 }),
    startsOn: fc.constantFrom('2026-01-05', '2026-01-07', '2026-03-02'),
  })
  fc.assert(
    fc.property(rotations, ({ participants, weekday, time, everyWeeks, startsOn }) => {
      const leg = legOf(rota([weekly(['ada', 'bo'])]))
      const layers = [weekly(participants, { handOver: { weekday, time }, everyWeeks, startsOn })]
      const found = followShift(layers, leg)
      if (found === undefined) return
      const shared = Math.min(found.to, leg.to) - Math.max(found.from, leg.from)
      assert.ok(shared * 2 >= leg.to - leg.from)
      assert.ok(found.to - found.from <= leg.to - leg.from + 2 * HOUR)
      assert.equal(checkSwapLeg(rota(layers), found), null)
    }),
    { numRuns },
  )
})
