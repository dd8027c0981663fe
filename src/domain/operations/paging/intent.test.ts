/** Proves what the product promises of paging: each intent ends in an outcome, and nothing is claimed after the acknowledgement. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  claim,
  MOST_ATTEMPTS,
  outcomeOf,
  SEND_LEASE_MS,
  type IntentState,
  type SendResult,
} from './intent.ts'
import { intentLateness } from './lateness.ts'
import { unreachableAmong } from './reach.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const start = Date.parse('2026-11-23T03:12:00Z')
const second = 1_000

const intended: IntentState = { status: 'intended', attempt: 0, dueAt: start, leaseUntilAt: null }
const claimed: IntentState = {
  status: 'claimed',
  attempt: 1,
  dueAt: start,
  leaseUntilAt: start + SEND_LEASE_MS,
}

test('an intent is claimed when it is due, and by one process at a time', () => {
  assert.deepEqual(claim(intended, 'open', start), {
    kind: 'send',
    attempt: 1,
    leaseUntilAt: start + SEND_LEASE_MS,
    maybeRepeated: false,
  })
  assert.equal(claim(intended, 'open', start - 1).kind, 'leave')
  assert.equal(claim(claimed, 'open', start + SEND_LEASE_MS - 1).kind, 'leave')
})

test('a send whose process died is tried again, and says that it may be a repeat', () => {
  const again = claim(claimed, 'open', start + SEND_LEASE_MS)
  assert.deepEqual(again, {
    kind: 'send',
    attempt: 2,
    leaseUntilAt: start + 2 * SEND_LEASE_MS,
    maybeRepeated: true,
  })
})

test('after the acknowledgement nothing is claimed: what waits is cancelled, what was being sent is honest about it', () => {
  for (const standing of ['acknowledged', 'resolved'] as const) {
    assert.deepEqual(claim(intended, standing, start), {
      kind: 'cancel',
      reason: `${standing} before it was sent`,
    })
    const later = { ...intended, dueAt: start + 60 * second }
    assert.equal(claim(later, standing, start).kind, 'cancel', 'also what is due later')
    assert.equal(claim(claimed, standing, start).kind, 'leave', 'a send under way reports for itself')
    assert.deepEqual(claim(claimed, standing, start + SEND_LEASE_MS), {
      kind: 'cancel',
      reason: `${standing} before the outcome was known`,
    })
  }
  for (const status of ['sent', 'failed', 'cancelled'] as const) {
    assert.equal(claim({ ...intended, status }, 'open', start).kind, 'leave')
  }
})

test('what may pass is tried again after growing pauses for some minutes, and then has failed', () => {
  const pauses: number[] = []
  let attempt = 1
  for (;;) {
    const outcome = outcomeOf({ kind: 'later', detail: 'greylisted' }, attempt, start)
    if (outcome.kind !== 'retry') {
      assert.equal(outcome.kind, 'failed')
      assert.match(outcome.detail, /given up after 7 attempts: greylisted/)
      break
    }
    pauses.push((outcome.dueAt - start) / second)
    attempt += 1
  }
  assert.deepEqual(pauses, [5, 15, 30, 60, 120, 300])
  assert.equal(outcomeOf({ kind: 'refused', detail: 'no such box' }, 1, start).kind, 'failed')
  assert.equal(outcomeOf({ kind: 'accepted', detail: '250' }, 7, start).kind, 'sent')
})

test('a send that takes its process down every time ends too', () => {
  const often = { ...claimed, attempt: MOST_ATTEMPTS }
  const answer = claim(often, 'open', start + SEND_LEASE_MS)
  assert.ok(answer.kind === 'cancel' && answer.reason.includes('unknown outcome'))
  assert.equal(claim({ ...often, attempt: MOST_ATTEMPTS - 1 }, 'open', start + SEND_LEASE_MS).kind, 'send')
})

test('an intent without outcome past its time is late; one that waits its turn or has ended is not', () => {
  const late = (intent: IntentState, afterMs: number) => intentLateness(intent, start + afterMs, 10 * second)
  assert.equal(late(intended, 10 * second), null)
  assert.deepEqual(late(intended, 10 * second + 1), { what: 'not-claimed', sinceAt: start })
  assert.equal(late(claimed, SEND_LEASE_MS + 10 * second), null)
  assert.deepEqual(late(claimed, SEND_LEASE_MS + 10 * second + 1), {
    what: 'sender-vanished',
    sinceAt: start + SEND_LEASE_MS,
  })
  for (const status of ['sent', 'failed', 'cancelled'] as const) {
    assert.equal(late({ ...intended, status }, 1e9), null)
  }
})

test('whoever has nothing but the screen counts as nobody', () => {
  const plans = new Map([
    ['alva', [{ channel: 'email' }]],
    ['birk', []],
  ])
  assert.deepEqual(unreachableAmong(['alva', 'birk', 'unknown'], plans), ['birk', 'unknown'])
})

/** What processes do to one intent; `die` claims and is never heard of again. */
type Act =
  | { readonly kind: 'try'; readonly result: SendResult; readonly takesMs: number }
  | { readonly kind: 'die' }
  | { readonly kind: 'take' }
  | { readonly kind: 'wait' }

const someResult = fc.constantFrom<SendResult['kind'][]>('accepted', 'refused', 'later', 'later', 'later')
const someAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant('try' as const),
    result: someResult.map((kind) => ({ kind, detail: 'x' })),
    takesMs: fc.integer({ min: 0, max: 40 * second }),
  }),
  fc.constant({ kind: 'die' as const }),
  fc.constant({ kind: 'take' as const }),
  fc.constant({ kind: 'wait' as const }),
)

const hasEnded = ({ status }: IntentState) => status !== 'intended' && status !== 'claimed'

test('through any story of crashes, slow servers and acknowledgements: no claim after the acknowledgement, one outcome, and it comes', () => {
  const story = fc.array(fc.tuple(someAct, fc.integer({ min: 0, max: 60 * second })), { maxLength: 40 })
  fc.assert(
    fc.property(story, (acts) => {
      let intent = intended
      let standing: 'open' | 'acknowledged' = 'open'
      let now = start
      const claims: { at: number; standing: string }[] = []
      const outcomes: string[] = []
      const end = (status: 'sent' | 'failed' | 'cancelled') => {
        assert.ok(!hasEnded(intent), 'an outcome is never changed')
        intent = { ...intent, status, leaseUntilAt: null }
        outcomes.push(status)
      }
      const attempt = (act: Act) => {
        const answer = claim(intent, standing, now)
        if (answer.kind === 'leave') return
        if (answer.kind === 'cancel') return end('cancelled')
        claims.push({ at: now, standing })
        intent = { ...intent, status: 'claimed', attempt: answer.attempt, leaseUntilAt: answer.leaseUntilAt }
        if (act.kind !== 'try') return
        now += act.takesMs
        // Slower than its lease: another process may have gone on by then; here nobody has.
        const outcome = outcomeOf(act.result, answer.attempt, now)
        if (outcome.kind === 'retry')
          intent = { ...intent, status: 'intended', dueAt: outcome.dueAt, leaseUntilAt: null }
        else end(outcome.kind)
      }
      for (const [act, waitedMs] of acts) {
        now += waitedMs
        if (act.kind === 'take') standing = 'acknowledged'
        else if (act.kind !== 'wait') attempt(act)
      }
      // From here on processes only try and servers only stall: it must end by itself.
      for (let tries = 0; tries < 3 * MOST_ATTEMPTS && !hasEnded(intent); tries += 1) {
        now += 5 * 60 * second
        attempt({ kind: 'die' })
      }
      assert.equal(outcomes.length, 1)
      assert.ok(claims.every((made) => made.standing === 'open'))
      assert.ok(claims.length <= MOST_ATTEMPTS)
      assert.equal(intentLateness(intent, now + 1e9, 0), null)
    }),
    { numRuns },
  )
})

test('whoever asks us to wait longer than our pause is granted it, but never more than our longest pause', () => {
  const later = (waitMs: number) => outcomeOf({ kind: 'later', detail: 'busy', waitMs }, 1, 0)
  assert.deepEqual(later(0), { kind: 'retry', dueAt: 5_000, detail: 'busy' })
  assert.deepEqual(later(40_000), { kind: 'retry', dueAt: 40_000, detail: 'busy' })
  assert.deepEqual(later(86_400_000), { kind: 'retry', dueAt: 300_000, detail: 'busy' })
})
