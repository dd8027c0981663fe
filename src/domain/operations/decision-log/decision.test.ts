/** Proves the gate and the log: nothing said is overwritten, and what was covered on a day stays covered on that day. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { apply } from './apply-decision.ts'
import { coversChange } from './covers-change.ts'
import { decide } from './decide-decision.ts'
import { statusOf, termsAt, type DecisionCommand, type DecisionState } from './decision.ts'
import { owedFor } from './owed.ts'
import type { Terms } from './terms.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 200)
const hour = 3_600_000
const start = Date.parse('2026-11-23T09:00Z')

const terms: Terms = {
  what: 'Drain node n1 and replace its disk',
  why: 'The disk reports read errors',
  options: [
    { title: 'Replace the disk', chosen: true, note: '' },
    { title: 'Wait for the window', chosen: false, note: 'It may fail before' },
  ],
  risk: 'Pods with one replica are away for a minute',
  rollback: 'Uncordon the node',
  validUntil: null,
}
const opening = { decisionId: 'd-1', environmentId: 'acme-prod', by: 'alva' }
const internal = { kind: 'internal' } as const

const perform = (state: DecisionState | null, command: DecisionCommand, now: number): DecisionState => {
  const answer = decide(state, command, now)
  if (isRefusal(answer)) assert.fail(`${command.kind}: ${answer.code}`)
  return apply(state, answer)
}
const refusalOf = (state: DecisionState | null, command: DecisionCommand, now = start) => {
  const answer = decide(state, command, now)
  return isRefusal(answer) ? answer.code : undefined
}
const covers = (state: DecisionState, at: number, environmentId = 'acme-prod') => {
  const answer = coversChange(state, environmentId, at)
  return isRefusal(answer) ? answer.code : answer.flagged ? 'flagged' : 'covered'
}
const proposed = (said: Partial<Terms> = {}) =>
  perform(null, { kind: 'propose', ...opening, terms: { ...terms, ...said } }, start)
const decided = (said: Partial<Terms> = {}, at = start + hour) =>
  perform(proposed(said), { kind: 'decide', by: 'birk', cooperation: internal }, at)

test('a change is covered from the decision on, in its own environment only', () => {
  assert.equal(covers(proposed(), start + hour), 'decision-not-decided')
  assert.equal(covers(decided(), start + hour - 1), 'decision-not-decided')
  assert.equal(covers(decided(), start + hour), 'covered')
  assert.equal(covers(decided(), start + hour, 'umbra-prod'), 'decision-for-another-environment')
})

test('a decision stops covering changes at the end of its validity, when superseded and when withdrawn', () => {
  assert.equal(covers(decided({ validUntil: start + 3 * hour }), start + 3 * hour - 1), 'covered')
  assert.equal(covers(decided({ validUntil: start + 3 * hour }), start + 3 * hour), 'decision-expired')
  const superseded = perform(
    decided(),
    { kind: 'supersede', by: 'birk', supersededBy: 'd-2' },
    start + 4 * hour,
  )
  assert.equal(covers(superseded, start + 4 * hour - 1), 'covered')
  assert.equal(covers(superseded, start + 4 * hour), 'decision-superseded')
  const withdrawn = perform(
    decided(),
    { kind: 'withdraw', by: 'birk', reason: 'disk is fine' },
    start + 4 * hour,
  )
  assert.equal(covers(withdrawn, start + 4 * hour), 'decision-withdrawn')
  assert.equal(statusOf(withdrawn), 'withdrawn')
})

test('a decision is made once, ended once, and not by itself', () => {
  const again = { kind: 'decide', by: 'birk', cooperation: internal } as const
  assert.equal(refusalOf(decided(), again), 'already-decided')
  assert.equal(
    refusalOf(decided(), { kind: 'supersede', by: 'birk', supersededBy: 'd-1' }),
    'supersedes-itself',
  )
  assert.equal(refusalOf(proposed(), { kind: 'supersede', by: 'birk', supersededBy: 'd-2' }), 'not-decided')
  const withdrawn = perform(
    decided(),
    { kind: 'withdraw', by: 'birk', reason: 'disk is fine' },
    start + 4 * hour,
  )
  assert.equal(refusalOf(withdrawn, { kind: 'withdraw', by: 'birk', reason: 'again' }), 'decision-ended')
})

test('a decision is made only when it says what, why, risk, rollback and which option', () => {
  const missing: readonly Partial<Terms>[] = [
    { risk: '' },
    { rollback: ' ' },
    { options: [{ title: 'A', chosen: false, note: '' }] },
  ]
  for (const said of missing) {
    const answer = refusalOf(proposed(said), { kind: 'decide', by: 'birk', cooperation: internal })
    assert.equal(answer, 'decision-incomplete', JSON.stringify(said))
  }
  const both = terms.options.map((option) => ({ ...option, chosen: true }))
  for (const said of [{ what: '' }, { why: '\n' }, { options: both }] as const) {
    assert.equal(
      refusalOf(null, { kind: 'propose', ...opening, terms: { ...terms, ...said } }),
      'decision-incomplete',
    )
  }
  const long = { ...terms, why: 'x'.repeat(20_001) }
  assert.equal(refusalOf(null, { kind: 'propose', ...opening, terms: long }), 'decision-too-long')
  const over = proposed({ validUntil: start })
  assert.equal(refusalOf(over, { kind: 'decide', by: 'birk', cooperation: internal }), 'validity-over')
  const withNobody = { kind: 'with-customer', contactIds: [] } as const
  assert.equal(
    refusalOf(proposed(), { kind: 'decide', by: 'birk', cooperation: withNobody }),
    'contacts-required',
  )
})

test('an amendment is a new entry with its reason; the old words stay, and say what held before', () => {
  const amended = perform(
    decided(),
    { kind: 'amend', by: 'birk', changes: { risk: 'None known' }, reason: 'replicas were added' },
    start + 2 * hour,
  )
  assert.equal(termsAt(amended, start + 2 * hour - 1)?.risk, terms.risk)
  assert.equal(termsAt(amended, start + 2 * hour)?.risk, 'None known')
  assert.equal(amended.entries.length, 2)
  assert.equal(
    refusalOf(amended, { kind: 'amend', by: 'birk', changes: { risk: 'None known' }, reason: 'again' }),
    'nothing-amended',
  )
  assert.equal(
    refusalOf(amended, { kind: 'amend', by: 'birk', changes: { risk: 'x' }, reason: '' }),
    'reason-required',
  )
  assert.equal(
    refusalOf(amended, { kind: 'amend', by: 'birk', changes: { rollback: '' }, reason: 'r' }),
    'decision-incomplete',
  )
})

test('a broken glass covers at once, flagged for good, until its write-up is overdue', () => {
  const broken = perform(null, { kind: 'break-glass', ...opening, why: 'API server is down' }, start)
  assert.equal(covers(broken, start), 'flagged')
  assert.equal(covers(broken, start - 1), 'decision-not-decided')
  assert.equal(covers(broken, start + 8 * hour - 1), 'flagged')
  assert.equal(covers(broken, start + 8 * hour), 'break-glass-overdue')
  assert.deepEqual(owedFor(broken, start + 8 * hour), {
    what: 'write-up',
    dueAt: start + 8 * hour,
    overdue: true,
  })
  const command = {
    kind: 'write-up',
    by: 'alva',
    terms,
    result: 'The node is back',
    cooperation: internal,
  } as const
  const late = perform(broken, command, start + 10 * hour)
  assert.equal(
    covers(late, start + 9 * hour),
    'break-glass-overdue',
    'writing it up later excuses nothing before',
  )
  assert.equal(covers(late, start + 10 * hour), 'flagged')
  assert.equal(owedFor(late, start).what, 'review')
  assert.equal(statusOf(broken), 'break-glass-owed')
})

test('a broken glass is reviewed by somebody else, once, after its write-up, and never withdrawn', () => {
  const broken = perform(null, { kind: 'break-glass', ...opening, why: 'API server is down' }, start)
  const review = (by: string) => ({ kind: 'review', by, verdict: 'accepted', note: '' }) as const
  assert.equal(refusalOf(broken, review('birk')), 'write-up-required')
  assert.equal(refusalOf(broken, { kind: 'decide', by: 'birk', cooperation: internal }), 'write-up-required')
  assert.equal(refusalOf(broken, { kind: 'withdraw', by: 'birk', reason: 'oops' }), 'break-glass-stays')
  const writeUp = { kind: 'write-up', by: 'ceder', terms, result: 'ok', cooperation: internal } as const
  const written = perform(broken, writeUp, start + hour)
  for (const by of ['alva', 'ceder']) assert.equal(refusalOf(written, review(by)), 'review-by-another')
  assert.equal(refusalOf(written, { ...review('birk'), verdict: 'objected' }), 'reason-required')
  const reviewed = perform(written, review('birk'), start + 2 * hour)
  assert.equal(refusalOf(reviewed, review('dagny')), 'already-reviewed')
  assert.deepEqual(owedFor(reviewed, start + 99 * hour), { what: 'nothing' })
})

test('a glass broken while the server could not be told counts from then, and never from the future', () => {
  const at = (openedAt: number) =>
    perform(null, { kind: 'break-glass', ...opening, why: 'no network', openedAt }, start).openedAt
  assert.equal(at(start - hour), start - hour)
  assert.equal(at(start + hour), start)
})

const someCommand = fc.oneof(
  fc.record({
    kind: fc.constant('propose' as const),
    decisionId: fc.constant('d-1'),
    environmentId: fc.constant('acme-prod'),
    by: fc.constantFrom('alva', 'birk'),
    terms: fc.constant(terms),
  }),
  fc.record({
    kind: fc.constant('break-glass' as const),
    decisionId: fc.constant('d-1'),
    environmentId: fc.constant('acme-prod'),
    by: fc.constantFrom('alva', 'birk'),
    why: fc.constant('it burns'),
  }),
  fc.record({
    kind: fc.constant('decide' as const),
    by: fc.constantFrom('alva', 'birk'),
    cooperation: fc.constant(internal),
  }),
  fc.record({
    kind: fc.constant('amend' as const),
    by: fc.constantFrom('alva', 'birk'),
    changes: fc.record({
      validUntil: fc.option(fc.integer({ min: 0, max: 60 }).map((n) => start + n * hour)),
    }),
    reason: fc.constant('plans change'),
  }),
  fc.constant({ kind: 'supersede' as const, by: 'birk', supersededBy: 'd-2' }),
  fc.constant({ kind: 'withdraw' as const, by: 'birk', reason: 'not needed' }),
  fc.record({
    kind: fc.constant('write-up' as const),
    by: fc.constantFrom('alva', 'birk'),
    terms: fc.constant(terms),
    result: fc.constant('it works again'),
    cooperation: fc.constant(internal),
  }),
  fc.record({
    kind: fc.constant('review' as const),
    by: fc.constantFrom('alva', 'birk', 'ceder'),
    verdict: fc.constant('accepted' as const),
    note: fc.constant(''),
  }),
)

test('whatever happens later, what was covered at an instant stays so, and no entry ever changes', () => {
  const story = fc.array(fc.tuple(someCommand, fc.integer({ min: 1, max: 9 })), { maxLength: 25 })
  fc.assert(
    fc.property(story, (steps) => {
      let state: DecisionState | null = null
      let now = start
      const seen: { at: number; answer: unknown; entries: DecisionState['entries'] }[] = []
      for (const [command, hours] of steps) {
        const answer = decide(state, command, now)
        if (!isRefusal(answer)) state = apply(state, answer)
        if (state !== null) {
          const at = now + hour / 2
          seen.push({ at, answer: coversChange(state, 'acme-prod', at), entries: state.entries })
        }
        now += hours * hour
      }
      if (state === null) return
      for (const { at, answer, entries } of seen) {
        assert.deepEqual(coversChange(state, 'acme-prod', at), answer)
        assert.deepEqual(state.entries.slice(0, entries.length), entries)
      }
      const isFlagged = seen.some(({ answer }) => (answer as { flagged?: boolean }).flagged)
      if (isFlagged) assert.ok(state.breakGlass !== null, 'a flag is never lost')
    }),
    { numRuns },
  )
})
