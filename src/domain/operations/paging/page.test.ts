/** Proves the life of a page: everybody gets their minutes, the first acknowledgement is the only one, and nobody on call is never silence. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { checkPolicy, type EscalationPolicy } from './escalation-policy.ts'
import { pageToJoin } from './joins-page.ts'
import { stepLateness } from './lateness.ts'
import {
  apply,
  decide,
  dueStep,
  noPage,
  stepAfter,
  stepTimes,
  targetsOf,
  type PageCommand,
  type PageEvent,
  type PageState,
  type StepRef,
} from './page.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 200)
const start = Date.parse('2026-11-23T03:12:00Z')
const minute = 60_000

const policy: EscalationPolicy = {
  id: 'p-1',
  name: 'first line, then the Delivery Manager',
  steps: [
    { afterMinutes: 0, targets: [{ kind: 'schedule', id: 'first-line' }] },
    { afterMinutes: 10, targets: [{ kind: 'role', role: 'delivery-manager' }] },
  ],
  repeat: 1,
  fallback: [{ kind: 'role', role: 'administrator' }],
}
const request: PageCommand = { kind: 'request', priority: 1, groupKey: 'nodes', policy }

const eventsOf = (page: PageState, command: PageCommand, now: number): readonly PageEvent[] => {
  const answer = decide(page, command, now)
  return isRefusal(answer) ? assert.fail(`${command.kind}: ${answer.code}`) : answer
}
const perform = (page: PageState, command: PageCommand, now = start): PageState =>
  eventsOf(page, command, now).reduce(apply, page)
const requested = (under = policy) => perform(noPage(under), { ...request, policy: under })
const begin = (step: StepRef, recipients = ['alva'], fallback = ['root']): PageCommand => ({
  kind: 'begin-step',
  step,
  recipients,
  fallback,
})
const began = (page: PageState, now: number, recipients?: string[]): PageState =>
  perform(page, begin(dueStep(page, now)!, recipients), now)

/** Nobody ever answers: what begins when, until nothing is left. */
const ring = (under: EscalationPolicy) => {
  let page = requested(under)
  const steps: { step: StepRef; afterMs: number }[] = []
  while (page.nextStepAt !== null) {
    const now = page.nextStepAt
    steps.push({ step: dueStep(page, now)!, afterMs: now - start })
    page = began(page, now)
  }
  return steps
}

test('a page nobody takes goes through every step of every round and ends with the fallback', () => {
  const told = ring(policy).map(({ step, afterMs }) => [
    step.round,
    step.step,
    targetsOf(policy, step)[0]!.kind,
    afterMs / minute,
  ])
  assert.deepEqual(told, [
    [0, 0, 'schedule', 0],
    [0, 1, 'role', 10],
    [1, 0, 'schedule', 20],
    [1, 1, 'role', 30],
    [1, 2, 'role', 40],
  ])
  assert.deepEqual(targetsOf(policy, ring(policy).at(-1)!.step), policy.fallback)
})

test('a step that began late pushes the later ones back, so that each person gets their minutes', () => {
  const late = began(requested(), start + 60 * minute)
  assert.equal(late.nextStepAt, start + 70 * minute)
  assert.equal(dueStep(late, start + 70 * minute - 1), null)
})

test('a step begins once, in its turn, and not before its time', () => {
  const page = began(requested(), start)
  const second: StepRef = { round: 0, step: 1, lastResort: false }
  const refusalOf = (step: StepRef, now: number) => {
    const answer = decide(page, begin(step), now)
    return isRefusal(answer) && answer.code
  }
  assert.equal(refusalOf({ ...second, step: 0 }, start + 10 * minute), 'step-not-due')
  assert.equal(refusalOf({ ...second, round: 1 }, start + 10 * minute), 'step-not-due')
  assert.equal(refusalOf(second, start + 10 * minute - 1), 'step-not-due')
  assert.equal(perform(page, begin(second), start + 10 * minute).current?.step, 1)
})

test('nobody on call, or nobody who can be reached, is flagged and the fallback is told at once', () => {
  const first = stepAfter(policy, null)!
  const [empty] = eventsOf(requested(), begin(first, []), start)
  assert.ok(empty?.kind === 'step-began')
  assert.deepEqual([empty.recipients, empty.nobodyOnCall, empty.nobodyReached], [['root'], true, false])
  const command = { ...begin(first, ['alva', 'birk']), unreachable: ['alva', 'birk'] } as PageCommand
  const [unreached] = eventsOf(requested(), command, start)
  assert.ok(unreached?.kind === 'step-began')
  assert.deepEqual(
    [unreached.recipients, unreached.nobodyOnCall, unreached.nobodyReached],
    [['alva', 'birk', 'root'], false, true],
  )
  const [partly] = eventsOf(requested(), { ...command, unreachable: ['alva'] } as PageCommand, start)
  assert.ok(partly?.kind === 'step-began')
  assert.deepEqual([partly.recipients, partly.nobodyReached], [['alva', 'birk'], false])
  const [twice] = eventsOf(requested(), begin(first, ['alva', 'alva']), start)
  assert.deepEqual(
    twice?.kind === 'step-began' && twice.recipients,
    ['alva'],
    'nobody is told twice in a step',
  )
})

test('the first acknowledgement ends the paging; the same person again is a double click, another learns who has it', () => {
  const taken = perform(began(requested(), start), { kind: 'acknowledge', by: 'alva' }, start + minute)
  assert.deepEqual([taken.status, taken.nextStepAt, taken.acknowledgedBy], ['acknowledged', null, 'alva'])
  assert.equal(dueStep(taken, start + 99 * minute), null)
  assert.deepEqual(decide(taken, { kind: 'acknowledge', by: 'alva' }, start), [])
  const second = decide(taken, { kind: 'acknowledge', by: 'birk' }, start + 2 * minute)
  assert.ok(isRefusal(second) && second.code === 'already-acknowledged')
  assert.deepEqual([(second as { by?: string }).by, (second as { at?: number }).at], ['alva', start + minute])
})

test('what is resolved is over, and a page is requested once', () => {
  const over = perform(requested(), { kind: 'resolve' })
  assert.deepEqual([over.status, over.nextStepAt], ['resolved', null])
  const answer = decide(over, { kind: 'acknowledge', by: 'alva' }, start)
  assert.ok(isRefusal(answer) && answer.code === 'page-resolved')
  assert.deepEqual(decide(over, { kind: 'resolve' }, start), [])
  const again = decide(requested(), request, start)
  assert.ok(isRefusal(again) && again.code === 'page-exists')
})

test('a step that has not begun in time is late, and nothing else is', () => {
  const page = requested()
  assert.deepEqual(stepLateness(page, start + 10_001, 10_000), { what: 'step-not-begun', sinceAt: start })
  assert.equal(stepLateness(page, start + 10_000, 10_000), null)
  assert.equal(stepLateness(perform(page, { kind: 'acknowledge', by: 'alva' }), start + 10 * minute, 0), null)
})

test('an alert joins a page that nobody has taken yet at its urgency; a page in hand is joined by nothing, so news always rings', () => {
  const page = (status: 'open' | 'acknowledged' | 'resolved', priority: 1 | 2) => ({
    id: `${status}-${priority}`,
    status,
    priority,
    policyId: null,
  })
  const join = (pages: readonly ReturnType<typeof page>[], priority: 1 | 2, policyId: string | null = null) =>
    pageToJoin(pages, { priority, policyId })
  assert.equal(join([], 1), null)
  assert.equal(join([page('open', 2)], 2), 'open-2')
  assert.equal(join([page('open', 1)], 2), 'open-1')
  assert.equal(join([page('open', 2)], 1), null, 'a more urgent alert rings on its own')
  assert.equal(join([page('acknowledged', 1)], 1), null, 'whoever has it has not seen this')
  assert.equal(join([page('acknowledged', 1)], 2), null)
  assert.equal(join([page('resolved', 1)], 1), null)
  assert.equal(join([page('acknowledged', 1), page('open', 1)], 1), 'open-1')
  assert.equal(join([page('open', 1)], 1, 'calm'), null, 'others are called for it')
})

test('a policy that could page in circles, or nobody, is refused', () => {
  const fault = (change: Partial<EscalationPolicy>) => checkPolicy({ ...policy, ...change })?.code
  const step = policy.steps[0]!
  assert.equal(fault({}), undefined)
  assert.equal(fault({ steps: [] }), 'policy-without-steps')
  assert.equal(
    fault({ steps: Array.from({ length: 21 }, () => ({ ...step, afterMinutes: 1 })) }),
    'policy-too-large',
  )
  const crowd = Array.from({ length: 51 }, () => ({ kind: 'account', id: 'alva' }) as const)
  assert.equal(fault({ steps: [{ ...step, targets: crowd }] }), 'policy-too-large')
  assert.equal(fault({ fallback: crowd }), 'policy-too-large')
  for (const afterMinutes of [0, 1.5, -1, 1_441, Number.NaN]) {
    assert.equal(
      fault({ steps: [step, { ...step, afterMinutes }] }),
      'step-delay-invalid',
      String(afterMinutes),
    )
  }
  assert.equal(fault({ steps: [{ ...step, targets: [] }] }), 'step-without-target')
  assert.equal(fault({ fallback: [] }), 'policy-without-fallback')
  for (const repeat of [-1, 10, 0.5]) assert.equal(fault({ repeat }), 'repeat-invalid')
})

const somePolicy: fc.Arbitrary<EscalationPolicy> = fc
  .record({
    delays: fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 4 }),
    repeat: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ delays, repeat }) => ({
    ...policy,
    repeat,
    steps: [0, ...delays].map((afterMinutes) => ({ afterMinutes, targets: policy.steps[0]!.targets })),
  }))

test('under any policy every page ends, having begun each step of each round once, none closer than a minute, the fallback last', () => {
  fc.assert(
    fc.property(somePolicy, (under) => {
      assert.equal(checkPolicy(under), null)
      const told = ring(under)
      assert.deepEqual(
        stepTimes(under).map(({ step, afterMinutes }) => ({ step, afterMs: afterMinutes * minute })),
        told,
        'what a form foretells is what happens',
      )
      assert.equal(told.length, under.steps.length * (under.repeat + 1) + 1)
      assert.equal(new Set(told.map(({ step }) => `${step.round}/${step.step}`)).size, told.length)
      assert.deepEqual(
        told.map(({ step }) => step.lastResort),
        told.map((_, i) => i === told.length - 1),
      )
      told.slice(1).forEach(({ afterMs }, i) => assert.ok(afterMs - told[i]!.afterMs >= minute))
    }),
    { numRuns },
  )
})

const someAct = fc.oneof(
  { weight: 6, arbitrary: fc.constant('begin' as const) },
  { weight: 1, arbitrary: fc.constantFrom('alva', 'birk') },
  { weight: 1, arbitrary: fc.constant('resolve' as const) },
)

test('through any story a page is acknowledged at most once, and no step begins after that or after the end', () => {
  const story = fc.array(fc.tuple(someAct, fc.integer({ min: 0, max: 30 })), { maxLength: 30 })
  fc.assert(
    fc.property(somePolicy, story, (under, steps) => {
      let page = requested(under)
      let now = start
      const events: PageEvent[] = []
      for (const [act, minutes] of steps) {
        now += minutes * minute
        const due = dueStep(page, now) ?? { round: 0, step: 0, lastResort: false }
        const command: PageCommand =
          act === 'begin'
            ? begin(due)
            : act === 'resolve'
              ? { kind: 'resolve' }
              : { kind: 'acknowledge', by: act }
        const answer = decide(page, command, now)
        if (isRefusal(answer)) continue
        events.push(...answer)
        page = answer.reduce(apply, page)
      }
      const kinds = events.map(({ kind }) => kind)
      assert.ok(kinds.filter((kind) => kind === 'acknowledged').length <= 1)
      assert.ok(kinds.filter((kind) => kind === 'resolved').length <= 1)
      const end = kinds.findIndex((kind) => kind !== 'step-began')
      if (end >= 0) assert.ok(!kinds.slice(end).includes('step-began'))
      if (page.status !== 'open') assert.equal(page.nextStepAt, null)
    }),
    { numRuns },
  )
})

const patient: EscalationPolicy = {
  ...policy,
  repeat: 1,
  steps: [
    { afterMinutes: 0, targets: [{ kind: 'account', id: 'alva' }] },
    { afterMinutes: 5, targets: [{ kind: 'account', id: 'birk' }] },
    { afterMinutes: 10, unless: 'closed', targets: [{ kind: 'account', id: 'ceder' }] },
    { afterMinutes: 5, targets: [{ kind: 'account', id: 'dagny' }] },
    { afterMinutes: 20, unless: 'closed', targets: [{ kind: 'account', id: 'elva' }] },
  ],
}

/** Lives through a page minute by minute: which steps begin when, taken after so many minutes. */
const livedThrough = (takenAfter: number, closedAfter = Infinity): [number, number][] => {
  let state = perform(noPage(patient), { kind: 'request', priority: 1, groupKey: 'g', policy: patient })
  const began: [number, number][] = []
  for (let passed = 0; passed < 200; passed += 1) {
    const now = start + passed * minute
    if (passed === closedAfter) state = perform(state, { kind: 'resolve' }, now)
    if (passed === takenAfter) state = perform(state, { kind: 'acknowledge', by: 'alva' }, now)
    const step = dueStep(state, now)
    if (step === null) continue
    if (!step.lastResort) began.push([passed, step.step])
    state = perform(state, { kind: 'begin-step', step, recipients: ['x'], fallback: [] }, now)
  }
  return began
}

test('a step unless closed begins at its own time although somebody has the page; the others, and another round, do not', () => {
  assert.deepEqual(livedThrough(2), [
    [0, 0],
    [15, 2],
    [40, 4],
  ])
  assert.deepEqual(livedThrough(17), [
    [0, 0],
    [5, 1],
    [15, 2],
    [40, 4],
  ])
  assert.deepEqual(
    livedThrough(2, 16),
    [
      [0, 0],
      [15, 2],
    ],
    'what is over tells nobody',
  )
  assert.deepEqual(livedThrough(41).slice(-1), [[40, 4]])
})
