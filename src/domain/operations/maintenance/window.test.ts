/** A window ends when it was announced, earlier, or at an extension that came before its end: never later, and never without a decision. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { hour } from '../../time/instant.ts'
import { onlyLastsLonger } from '../decision-log/only-lasts-longer.ts'
import { apply, decide, isNeverSuppressed, lastsAt, type WindowCommand, type WindowState } from './window.ts'

const plan = (more: Partial<Extract<WindowCommand, { kind: 'plan' }>> = {}): WindowCommand => ({
  kind: 'plan',
  windowId: 'w',
  environmentId: 'e',
  decisionId: 'd',
  scope: {},
  startsAt: 10 * hour,
  endsAt: 12 * hour,
  coveredUntil: null,
  ...more,
})
const after = (state: WindowState | null, command: WindowCommand, now: number): WindowState => {
  const event = decide(state, command, now)
  if (isRefusal(event)) throw new Error(event.code)
  return apply(state, event)
}
const codeOf = (state: WindowState | null, command: WindowCommand, now: number): string => {
  const answer = decide(state, command, now)
  return isRefusal(answer) ? answer.code : answer.kind
}
const extend = (endsAt: number, coveredUntil: number | null = null): WindowCommand => ({
  kind: 'extend',
  endsAt,
  reason: 'the rollout is slow',
  coveredUntil,
})

test('a window lasts from its start to its announced end', () => {
  const window = after(null, plan(), 9 * hour)
  assert.deepEqual(
    [10 * hour - 1, 10 * hour, 12 * hour - 1, 12 * hour].map((at) => lastsAt(window, at)),
    [false, true, true, false],
  )
})

test('an extension counts only when it comes before the end', () => {
  const window = after(null, plan(), 9 * hour)
  assert.equal(after(window, extend(13 * hour), 12 * hour - 1).endsAt, 13 * hour)
  assert.equal(codeOf(window, extend(13 * hour), 12 * hour), 'window-over')
  assert.equal(codeOf(window, extend(11 * hour), 11 * hour - 1), 'window-not-later')
})

test('a window never outlasts what its decision covers', () => {
  assert.equal(codeOf(null, plan({ coveredUntil: 11 * hour }), 9 * hour), 'decision-ends-before')
  const window = after(null, plan({ coveredUntil: 12 * hour }), 9 * hour)
  assert.equal(codeOf(window, extend(13 * hour, 12 * hour), 11 * hour), 'decision-ends-before')
})

test('finished before it began it is cancelled, and what is over stays over', () => {
  const window = after(null, plan(), 9 * hour)
  assert.equal(after(window, { kind: 'finish' }, 9 * hour).ended?.how, 'cancelled')
  const over = after(window, { kind: 'finish' }, 11 * hour)
  assert.equal(over.ended?.how, 'finished')
  assert.equal(lastsAt(over, 11 * hour), false)
  for (const command of [extend(14 * hour), { kind: 'finish' }, { kind: 'end', how: 'announced' }] as const)
    assert.equal(codeOf(over, command, 11 * hour), 'window-over')
})

test('its task ends it at its end and not before: an extension leaves an older task behind', () => {
  const window = after(after(null, plan(), 9 * hour), extend(13 * hour), 11 * hour)
  assert.equal(codeOf(window, { kind: 'end', how: 'announced' }, 12 * hour), 'window-not-due')
  assert.equal(codeOf(window, { kind: 'end', how: 'announced' }, 13 * hour), 'window-ended')
  assert.equal(codeOf(window, { kind: 'end', how: 'decision' }, 11 * hour), 'window-ended')
})

test('whatever is asked of a window, it never keeps quiet past its last announced end', () => {
  const command = fc.oneof(
    fc.record({ kind: fc.constant('extend' as const), hours: fc.integer({ min: 1, max: 40 }) }),
    fc.constant({ kind: 'finish' as const, hours: 0 }),
    fc.constant({ kind: 'end' as const, hours: 0 }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(command, fc.integer({ min: 0, max: 5 * hour })), { maxLength: 12 }),
      (asked) => {
        let now = 9 * hour
        let window = after(null, plan(), now)
        let announced = window.endsAt
        for (const [{ kind, hours }, passed] of asked) {
          now += passed
          const given: WindowCommand =
            kind === 'extend'
              ? extend(hours * hour)
              : kind === 'finish'
                ? { kind }
                : { kind, how: 'announced' }
          const event = decide(window, given, now)
          if (isRefusal(event)) continue
          if (event.kind === 'window-extended') {
            assert.ok(now < announced, 'extended before its end')
            announced = event.endsAt
          }
          window = apply(window, event)
          assert.equal(window.endsAt, announced)
          assert.equal(lastsAt(window, announced), false)
          if (window.ended) assert.equal(lastsAt(window, now), false)
        }
      },
    ),
  )
})

test('heartbeats and what is labelled never-suppress page in every window', () => {
  assert.equal(isNeverSuppressed({}, true), true)
  assert.equal(isNeverSuppressed({ never_suppress: 'true' }, false), true)
  assert.equal(isNeverSuppressed({ never_suppress: 'false' }, false), false)
  assert.equal(isNeverSuppressed({}, false), false)
})

test('only an amendment that gives more time and says nothing else leaves a window standing', () => {
  const terms = { what: 'a', why: 'b', options: [], risk: 'c', rollback: 'd', validUntil: 100 }
  assert.equal(onlyLastsLonger(terms, { ...terms, validUntil: 200 }), true)
  assert.equal(onlyLastsLonger(terms, { ...terms, validUntil: null }), true)
  assert.equal(onlyLastsLonger(terms, { ...terms, validUntil: 50 }), false)
  assert.equal(onlyLastsLonger({ ...terms, validUntil: null }, { ...terms, validUntil: 200 }), false)
  assert.equal(onlyLastsLonger(terms, { ...terms, validUntil: 200, what: 'more' }), false)
})
