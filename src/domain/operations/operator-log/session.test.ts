/** Proves by what right a session counts, and that whatever a recorder brings is taken in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal, refuse } from '../../refusal.ts'
import { apply } from './apply-session.ts'
import { decide } from './decide-session.ts'
import { authorityAtPrompt, isChangeWithoutDecision, sessionKind, sessionShares } from './session-kind.ts'
import {
  abandonAfterMs,
  type CoverAnswer,
  type OpenPurpose,
  type SessionCommand,
  type SessionState,
} from './session.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 300)
const start = Date.parse('2026-11-23T09:00Z')
const minute = 60_000

const covered: CoverAnswer = { covered: true, flagged: false }
const flagged: CoverAnswer = { covered: true, flagged: true }
const notCovered: CoverAnswer = refuse('decision-expired', 'This decision is over.')

const opening = (purpose: OpenPurpose) =>
  ({ kind: 'open', sessionId: 's-1', environmentId: 'acme-prod', operatorId: 'alva', purpose }) as const
const change = (cover: CoverAnswer) => opening({ kind: 'change', decisionId: 'd-1', cover })

const perform = (state: SessionState | null, command: SessionCommand, now = start): SessionState => {
  const answer = decide(state, command, now)
  if (isRefusal(answer)) assert.fail(`${command.kind}: ${answer.code}`)
  return apply(state, answer)
}
const refusalOf = (state: SessionState | null, command: SessionCommand, now = start) => {
  const answer = decide(state, command, now)
  return isRefusal(answer) ? answer : undefined
}
const looking = () => perform(null, opening({ kind: 'look' }))
const attach = (fromPrompt: number, cover: CoverAnswer = covered) =>
  ({ kind: 'attach-decision', decisionId: 'd-1', cover, fromPrompt }) as const

test('looking needs no decision, a change needs one that covers it now, and is told what is missing', () => {
  assert.equal(sessionKind(looking()), 'look')
  assert.equal(sessionKind(perform(null, change(covered))), 'decided')
  assert.equal(sessionKind(perform(null, change(flagged))), 'break-glass')
  const refusal = refusalOf(null, change(notCovered))
  assert.equal(refusal?.code, 'decision-required')
  assert.equal(refusal?.detail, 'This decision is over.')
})

test('a decision made while looking holds from its prompt on and not before', () => {
  const session = perform(looking(), attach(7))
  assert.deepEqual(authorityAtPrompt(session, 6), { kind: 'look' })
  assert.deepEqual(authorityAtPrompt(session, 7), { kind: 'decided', decisionId: 'd-1' })
  assert.equal(refusalOf(session, attach(6))?.code, 'prompt-passed')
  assert.equal(refusalOf(session, attach(7.5))?.code, 'prompt-passed')
  assert.equal(refusalOf(session, attach(8, notCovered))?.code, 'decision-required')
  assert.equal(sessionKind(perform(session, attach(9, flagged))), 'break-glass')
})

test('a look session in which something was changed is listed as a change without decision', () => {
  const close = (changedWhileLooking: boolean) =>
    ({ kind: 'close', summary: 'Restarted a pod', changedWhileLooking }) as const
  assert.equal(isChangeWithoutDecision(perform(looking(), close(true))), true)
  assert.equal(isChangeWithoutDecision(perform(looking(), close(false))), false)
  const early = perform(perform(looking(), attach(3)), close(true))
  assert.equal(isChangeWithoutDecision(early), true, 'also when it was decided only afterwards')
  const underDecision = perform(perform(null, change(covered)), close(true))
  assert.equal(isChangeWithoutDecision(underDecision), false)
  assert.equal(refusalOf(looking(), { ...close(true), summary: ' ' })?.code, 'summary-required')
})

test('a silent recorder is given up, and welcome back with whatever it brings', () => {
  const abandon = { kind: 'abandon', silenceMs: abandonAfterMs } as const
  assert.equal(refusalOf(looking(), abandon, start + abandonAfterMs - 1)?.code, 'still-recording')
  const abandoned = perform(looking(), abandon, start + abandonAfterMs)
  assert.equal(abandoned.status, 'abandoned')
  assert.equal(refusalOf(abandoned, abandon, start + 2 * abandonAfterMs)?.code, 'still-recording')
  const back = perform(abandoned, { kind: 'progress', prompts: 4 }, start + 60 * minute)
  assert.deepEqual([back.status, back.promptsSeen, back.lastProgressAt], ['open', 4, start + 60 * minute])
  const closed = perform(abandoned, { kind: 'close', summary: 'Looked', changedWhileLooking: false })
  assert.equal(closed.status, 'closed')
  assert.equal(
    perform(closed, { kind: 'progress', prompts: 9 }).status,
    'closed',
    'a late piece of a closed session',
  )
})

test('a session recorded offline counts from when it began, and never from the future', () => {
  const offline = (offlineSinceAt: number) => perform(null, { ...change(flagged), offlineSinceAt })
  assert.equal(offline(start - minute).openedAt, start - minute)
  assert.equal(offline(start + minute).openedAt, start)
  assert.ok(offline(start - minute).openedOffline)
  assert.ok(!looking().openedOffline)
})

test('the shares add up, and say how many ended without a declaration', () => {
  const sessions = [
    looking(),
    perform(null, change(covered)),
    perform(null, change(flagged)),
    perform(looking(), { kind: 'abandon', silenceMs: 0 }),
    perform(looking(), { kind: 'close', summary: 'x', changedWhileLooking: true }),
  ]
  assert.deepEqual(sessionShares(sessions), {
    total: 5,
    look: 3,
    decided: 1,
    breakGlass: 1,
    changesWithoutDecision: 1,
    undeclared: 1,
  })
})

const someCover = fc.constantFrom(covered, flagged, notCovered)
const someCommand: fc.Arbitrary<SessionCommand> = fc.oneof(
  someCover.map(change),
  fc.constant(opening({ kind: 'look' })),
  fc.integer({ min: 0, max: 20 }).map((prompts) => ({ kind: 'progress' as const, prompts })),
  fc
    .tuple(fc.integer({ min: 0, max: 20 }), someCover)
    .map(([fromPrompt, cover]) => attach(fromPrompt, cover)),
  fc
    .boolean()
    .map((changedWhileLooking) => ({ kind: 'close' as const, summary: 'done', changedWhileLooking })),
  fc.constant({ kind: 'abandon' as const, silenceMs: 5 * minute }),
)

test('through any story: rights never reach back, progress is never refused, a closed session stays closed, a glass stays broken', () => {
  const story = fc.array(fc.tuple(someCommand, fc.integer({ min: 0, max: 10 })), { maxLength: 30 })
  fc.assert(
    fc.property(story, (steps) => {
      let state: SessionState | null = null
      let now = start
      for (const [command, minutes] of steps) {
        now += minutes * minute
        const before: SessionState | null = state
        const answer = decide(before, command, now)
        if (before !== null && command.kind === 'progress') assert.ok(!isRefusal(answer))
        if (isRefusal(answer)) continue
        state = apply(before, answer)
        if (before === null) continue
        assert.ok(state.promptsSeen >= before.promptsSeen)
        if (before.status === 'closed') assert.equal(state.status, 'closed')
        if (sessionKind(before) === 'break-glass') assert.equal(sessionKind(state), 'break-glass')
        const attachedFrom = command.kind === 'attach-decision' ? command.fromPrompt : Infinity
        for (let prompt = 0; prompt < Math.min(attachedFrom, 20); prompt += 1) {
          assert.deepEqual(authorityAtPrompt(state, prompt), authorityAtPrompt(before, prompt))
        }
      }
    }),
    { numRuns },
  )
})
