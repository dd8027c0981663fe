/** Proves the loop: passes are counted, evidence stays put, times keep their order, and the timeline tells it all without being typed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRefusal } from '../../refusal.ts'
import { apply } from './apply-incident.ts'
import { decide } from './decide-incident.ts'
import {
  loopNumber,
  type IncidentCommand,
  type IncidentEvent,
  type IncidentState,
  type Pin,
} from './incident.ts'
import { outsideTicket } from './outside-ticket.ts'
import { timelineOf, timingsOf } from './timeline.ts'

const numRuns = Number(process.env['FORTNIGHT_RUNS'] ?? 200)
const start = Date.parse('2026-11-23T03:12Z')
const minute = 60_000

/** A story being told: each command a minute after the one before. */
const tell = (commands: readonly IncidentCommand[]) => {
  let state: IncidentState | null = null
  const events: IncidentEvent[] = []
  commands.forEach((command, i) => {
    const answer = decide(state, command, start + i * minute)
    if (isRefusal(answer)) assert.fail(`${command.kind}: ${answer.code}`)
    events.push(...answer)
    state = answer.reduce<IncidentState | null>(apply, state)
  })
  return { state: state as unknown as IncidentState, events }
}
const by = 'alva'
const opened: IncidentCommand = {
  kind: 'open',
  by,
  incidentId: 'i-1',
  environmentId: 'acme-prod',
  title: 'KubeNodeNotReady on acme-prod',
  severity: 1,
  alertIds: ['a-1', 'a-1', 'a-2'],
  impactStartedAt: start - 5 * minute,
}
const fact = (id: string): Pin => ({
  id,
  about: 'note',
  text: `fact ${id}`,
  recordId: null,
  observedAt: start,
})
const pinned = (id: string): IncidentCommand => ({ kind: 'pin', by, pin: fact(id) })
const proposed: IncidentCommand = {
  kind: 'propose-hypothesis',
  by,
  hypothesisId: 'h-1',
  statement: 'The disk is full',
}
const evidence = (side: 'for' | 'against', pinId = 'p-1'): IncidentCommand => ({
  kind: 'add-evidence',
  by,
  hypothesisId: 'h-1',
  pinId,
  side,
})
const acted: IncidentCommand = {
  kind: 'link-session',
  by,
  sessionId: 's-1',
  authority: { kind: 'decided', decisionId: 'd-1' },
}
const judged: IncidentCommand = { kind: 'judge-act', by, helped: 'no' }
const resolved: IncidentCommand = { kind: 'resolve', by, summary: 'Disk replaced' }
const refusalAfter = (story: readonly IncidentCommand[], command: IncidentCommand) => {
  const answer = decide(tell(story).state, command, start + story.length * minute)
  return isRefusal(answer) ? answer.code : undefined
}

test('one key press opens an incident from an alert, with whoever pressed it in it', () => {
  const { state } = tell([opened])
  assert.deepEqual(state.alertIds, ['a-1', 'a-2'])
  assert.deepEqual([state.status, state.phase, loopNumber(state)], ['open', 'observe', 1])
  assert.deepEqual(state.participants, [{ accountId: by, joinedAt: start, leftAt: null }])
  assert.equal(state.impactStartedAt, start - 5 * minute)
  const early = tell([{ ...opened, impactStartedAt: start + minute }]).state
  assert.equal(
    early.impactStartedAt,
    start,
    'a source whose clock runs ahead does not move the impact into the future',
  )
})

test('the phase follows what is done, and saying what an act did begins the next pass', () => {
  const phases = [opened, proposed, { kind: 'link-decision', by, decisionId: 'd-1' } as const, acted]
  const seen = phases.map((_, i) => tell(phases.slice(0, i + 1)).state.phase)
  assert.deepEqual(seen, ['observe', 'orient', 'decide', 'act'])
  const { state } = tell([...phases, judged])
  assert.deepEqual([state.phase, loopNumber(state), state.loops[0]!.helped], ['observe', 2, 'no'])
  assert.equal(refusalAfter([...phases, judged], judged), 'no-act-to-judge')
})

test('a look session observes and a change session brings its decision along', () => {
  const look: IncidentCommand = { kind: 'link-session', by, sessionId: 's-0', authority: { kind: 'look' } }
  assert.equal(tell([opened, proposed, look]).state.phase, 'observe')
  assert.equal(refusalAfter([opened, look], judged), 'no-act-to-judge')
  const { state, events } = tell([opened, acted, acted])
  assert.deepEqual(state.decisionIds, ['d-1'])
  assert.deepEqual(state.sessionIds, ['s-1'])
  assert.equal(state.loops[0]!.firstActAt, start + minute, 'the first act is the first')
  assert.equal(events.filter(({ kind }) => kind === 'decision-linked').length, 1)
})

test('evidence is a pinned fact on one side of a hypothesis, and moves when it is read anew', () => {
  const { state } = tell([opened, pinned('p-1'), proposed, evidence('for'), evidence('against')])
  assert.deepEqual([state.hypotheses[0]!.for, state.hypotheses[0]!.against], [[], ['p-1']])
  assert.equal(
    refusalAfter([opened, pinned('p-1'), proposed, evidence('for')], evidence('for')),
    'nothing-changed',
  )
  assert.equal(refusalAfter([opened, proposed], evidence('for')), 'pin-unknown')
  assert.equal(refusalAfter([opened, pinned('p-1')], evidence('for')), 'hypothesis-unknown')
  const judgement = { kind: 'judge-hypothesis', by, hypothesisId: 'h-1', status: 'refuted' } as const
  assert.equal(tell([opened, proposed, judgement]).state.hypotheses[0]!.status, 'refuted')
})

test('mitigated is not resolved, and neither ends before the impact began or in the future', () => {
  const mitigated: IncidentCommand = { kind: 'mitigate', by, impactEndedAt: start }
  const { state } = tell([opened, mitigated])
  assert.deepEqual(
    [state.status, state.mitigatedAt, state.impactEndedAt],
    ['mitigated', start + minute, start],
  )
  assert.equal(refusalAfter([opened, mitigated], mitigated), 'already-mitigated')
  for (const impactEndedAt of [start - 6 * minute, start + 99 * minute]) {
    assert.equal(refusalAfter([opened], { ...resolved, impactEndedAt }), 'time-out-of-order')
    assert.equal(refusalAfter([opened], { ...mitigated, impactEndedAt }), 'time-out-of-order')
  }
  const end = tell([opened, mitigated, resolved]).state
  assert.deepEqual([end.status, end.impactEndedAt], ['resolved', start], 'the end of the impact is kept')
  assert.deepEqual([end.mitigatedAt, end.resolvedAt], [start + minute, start + 2 * minute])
  assert.equal(refusalAfter([opened, resolved], pinned('p-1')), 'incident-resolved')
})

test('what is not over is reopened with its reason, into another pass', () => {
  const reopened: IncidentCommand = { kind: 'reopen', by, reason: 'The node is gone again' }
  const { state } = tell([opened, resolved, reopened])
  assert.deepEqual([state.status, state.reopenedTimes, loopNumber(state)], ['open', 1, 2])
  assert.deepEqual([state.resolvedAt, state.impactEndedAt], [null, null])
  assert.equal(refusalAfter([opened], reopened), 'incident-not-over')
  assert.equal(refusalAfter([opened, resolved], { ...reopened, reason: '' }), 'text-required')
})

test('the impact may be set right after the end, but not to begin after it', () => {
  const impact = { kind: 'state-impact', by, severity: 2, impact: 'Checkout was slow' } as const
  const { state } = tell([opened, resolved, { ...impact, startedAt: start - 9 * minute }])
  assert.deepEqual([state.severity, state.impactStartedAt], [2, start - 9 * minute])
  assert.equal(
    refusalAfter([opened, resolved], { ...impact, startedAt: start + 2 * minute }),
    'time-out-of-order',
  )
})

test('people join once, leave, and come back; help is asked of a role with a reason', () => {
  const join = { kind: 'join', by, accountId: 'birk' } as const
  const leave = { kind: 'leave', by, accountId: 'birk' } as const
  const { state } = tell([opened, join, leave, join])
  const left = tell([opened, join, leave, join, leave]).state.participants.map(({ leftAt }) => leftAt)
  assert.deepEqual(left, [null, start + 2 * minute, start + 4 * minute])
  assert.deepEqual(
    state.participants.map(({ accountId, leftAt }) => [accountId, leftAt === null]),
    [
      ['alva', true],
      ['birk', false],
      ['birk', true],
    ],
  )
  assert.equal(refusalAfter([opened, join], join), 'nothing-changed')
  assert.equal(refusalAfter([opened], leave), 'not-a-participant')
  const help = { kind: 'escalate', by, to: { kind: 'role', role: 'architect' }, reason: 'etcd' } as const
  assert.equal(tell([opened, help]).state.escalations.length, 1)
  assert.equal(refusalAfter([opened], { ...help, reason: ' ' }), 'text-required')
})

test('an outside ticket is an address that opens or a key, and nothing that runs', () => {
  for (const key of ['OPS-123', '#42', 'acme/platform#7', ' OPS-1 ']) {
    assert.deepEqual(outsideTicket(key), { kind: 'key', key: key.trim() })
  }
  for (const url of [
    'https://tickets.example/browse/OPS-1?x=1#c',
    'http://desk:8080/1',
    'HTTPS://a.example',
  ]) {
    assert.deepEqual(outsideTicket(url), { kind: 'url', url })
  }
  const wrong = [
    '',
    ['javascript', 'alert(1)'].join(':'),
    'https://',
    'https://user:pw@a.example/',
    'data:text/html,x',
    'ftp://a.example',
  ]
  for (const text of [
    ...wrong,
    'https://a.example/ x',
    'https://a.example/"x',
    `https://a.example/${'x'.repeat(2_000)}`,
    'OPS 1',
  ]) {
    assert.ok(isRefusal(outsideTicket(text)), text)
  }
})

test('the timeline tells who did what in which pass and phase, and timings are derived', () => {
  const story = [opened, pinned('p-1'), proposed, evidence('for'), acted, judged, resolved]
  const { events } = tell(story)
  const told = timelineOf(events).map(({ what, loop, phase, about }) => [what, loop, phase, about])
  assert.deepEqual(told, [
    ['incident-opened', 1, 'observe', 'KubeNodeNotReady on acme-prod'],
    ['fact-pinned', 1, 'observe', 'fact p-1'],
    ['hypothesis-proposed', 1, 'orient', 'The disk is full'],
    ['evidence-added', 1, 'orient', 'The disk is full'],
    ['decision-linked', 1, 'decide', null],
    ['session-linked', 1, 'act', null],
    ['act-judged', 1, 'observe', null],
    ['incident-resolved', 2, 'observe', 'Disk replaced'],
  ])
  const pages = { detectedAt: start - 4 * minute, pagedAt: start - 4 * minute, acknowledgedAt: null }
  assert.deepEqual(timingsOf(events, pages), {
    detectedMs: minute,
    pagedMs: minute,
    acknowledgedMs: null,
    firstDecisionMs: 9 * minute,
    firstActMs: 9 * minute,
    mitigatedMs: 11 * minute,
    resolvedMs: 11 * minute,
  })
})

test('an incident does not grow without bound, and says what to do instead', () => {
  const full = tell([
    opened,
    ...Array.from({ length: 100 }, (_, i) => ({
      ...proposed,
      hypothesisId: `h-${i}`,
      statement: `cause ${i}`,
    })),
  ])
  const answer = decide(full.state, { ...proposed, hypothesisId: 'one-more', statement: 'one more' }, start)
  assert.equal(isRefusal(answer) && answer.code, 'incident-full')
  assert.equal(refusalAfter([opened], { ...proposed, statement: 'x'.repeat(10_001) }), 'text-too-long')
  assert.equal(refusalAfter([opened, proposed], proposed), 'id-in-use')
  assert.equal(refusalAfter([opened, pinned('p-1')], pinned('p-1')), 'id-in-use')
})

test('what is said twice in a moment is said once', () => {
  assert.equal(refusalAfter([opened, proposed], { ...proposed, hypothesisId: 'h-9' }), 'nothing-changed')
  const again: IncidentCommand = { kind: 'pin', by, pin: { ...fact('p-1'), id: 'p-2' } }
  assert.equal(refusalAfter([opened, pinned('p-1')], again), 'nothing-changed')
  const help = { kind: 'escalate', by, to: { kind: 'role', role: 'architect' }, reason: 'etcd' } as const
  const { state } = tell([opened, help])
  const shaking = decide(state, help, start + minute + 900)
  assert.equal(isRefusal(shaking) && shaking.code, 'nothing-changed')
  assert.equal(refusalAfter([opened, help], help), undefined, 'a minute later it is asked again')
  assert.equal(tell([opened, help, { ...help, reason: 'and the network' }]).state.escalations.length, 2)
})

const ids = fc.constantFrom('x-1', 'x-2', 'x-3')
const someCommand: fc.Arbitrary<IncidentCommand> = fc.oneof(
  ids.map(pinned),
  ids.map((hypothesisId) => ({ ...proposed, hypothesisId, statement: hypothesisId })),
  fc
    .tuple(ids, ids, fc.constantFrom<'for' | 'against'>('for', 'against'))
    .map(([hypothesisId, pinId, side]) => ({ kind: 'add-evidence' as const, by, hypothesisId, pinId, side })),
  fc.tuple(ids, fc.constantFrom('look', 'decided', 'break-glass')).map(([id, kind]): IncidentCommand => {
    const authority = kind === 'look' ? { kind } : { kind: kind as 'decided', decisionId: id }
    return { kind: 'link-session', by, sessionId: id, authority: authority as { kind: 'look' } }
  }),
  fc.constantFrom<IncidentCommand[]>(
    judged,
    resolved,
    { kind: 'mitigate', by },
    { kind: 'reopen', by, reason: 'again' },
  ),
  fc.constantFrom<IncidentCommand[]>(
    { kind: 'join', by, accountId: 'birk' },
    { kind: 'leave', by, accountId: 'birk' },
  ),
)

test('through any story: passes only grow, no fact is on both sides, every change has its decision, times keep their order', () => {
  fc.assert(
    fc.property(fc.array(someCommand, { maxLength: 40 }), (commands) => {
      let { state, events } = tell([opened])
      commands.forEach((command, i) => {
        const answer = decide(state, command, start + (i + 1) * minute)
        if (isRefusal(answer)) return
        assert.ok(answer.length > 0)
        const next = answer.reduce<IncidentState>(apply, state)
        assert.ok(next.loops.length >= state.loops.length)
        state = next
        events = [...events, ...answer]
      })
      for (const hypothesis of state.hypotheses) {
        assert.equal(hypothesis.for.filter((id) => hypothesis.against.includes(id)).length, 0)
      }
      for (const event of events) {
        const changes = event.kind === 'session-linked' && event.authority.kind !== 'look'
        if (changes)
          assert.ok(state.decisionIds.includes((event.authority as { decisionId: string }).decisionId))
      }
      assert.equal(new Set(state.decisionIds).size, state.decisionIds.length)
      assert.equal(state.resolvedAt !== null, state.status === 'resolved')
      if (state.status !== 'open') assert.ok(state.impactEndedAt! >= state.impactStartedAt)
      const timeline = timelineOf(events)
      assert.equal(timeline.length, events.length)
      assert.ok(timeline.every(({ loop }, i) => i === 0 || loop >= timeline[i - 1]!.loop))
      assert.ok(state.loops.slice(0, -1).every(({ endedAt }) => endedAt !== null))
    }),
    { numRuns },
  )
})
